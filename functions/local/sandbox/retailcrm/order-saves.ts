import type { Account } from './account';
import { changesBetween, type FieldChange } from './order-changes';
import { editedOrder, rowsFollowingStatus } from './order-edit';
import type { Actor, HistoryRecord } from './history-log';
import { buildOrder } from './new-order';
import type { OrderPayload } from './order-payload';
import type { Order } from './order';

/** The CRM's own automation: assigns customers and managers, lets rows follow the order. */
const CODE: Actor = { source: 'code' };

export interface StatusChange {
  readonly order: Order;
  readonly actor: Actor;
}

/** Saves orders with their history. Payloads must be checked before. */
export interface OrderSaves {
  create(payload: OrderPayload, site: string, actor: Actor): Order;
  edit(order: Order, payload: OrderPayload, actor: Actor): Order;
  /** Sets the externalId afterwards (fix-external-ids). */
  relabel(order: Order, externalId: string, actor: Actor): void;
  remove(order: Order, actor: Actor): void;
}

export function createOrderSaves(
  account: Account,
  onStatusChange: (change: StatusChange) => void,
): OrderSaves {
  const recordOf = (order: Order, actor: Actor, change: FieldChange): HistoryRecord => ({
    id: account.nextId('history'),
    atMs: account.nowMs(),
    createdAt: account.now(),
    actor,
    ...change,
    orderId: order.id,
    ...(order.externalId === undefined ? {} : { externalId: order.externalId }),
    ...(order.managerId === undefined ? {} : { managerId: order.managerId }),
    site: order.site,
    status: order.status,
  });
  const save = (before: Order, after: Order, actor: Actor): Order => {
    const changes = changesBetween(before, after);
    if (changes.length === 0) return before;
    account.record({ orders: [after], history: changes.map((change) => recordOf(after, actor, change)) });
    if (before.status === after.status) return after;
    onStatusChange({ order: after, actor });
    return save(after, rowsFollowingStatus(account, after), CODE);
  };
  return {
    create(payload, site, actor) {
      const order = buildOrder(account, payload, site, actor.source === 'api');
      const first = recordOf(order, actor, {
        field: 'status',
        oldValue: null,
        newValue: { code: order.status },
      });
      const history = [
        { ...first, created: order },
        recordOf(order, CODE, { field: 'customer', oldValue: null, newValue: { id: order.customerId } }),
        recordOf(order, CODE, {
          field: 'manager',
          oldValue: null,
          newValue: { id: order.managerId ?? null },
        }),
      ];
      account.record({ orders: [order], history });
      return order;
    },
    edit: (order, payload, actor) => save(order, editedOrder(account, order, payload), actor),
    relabel(order, externalId, actor) {
      save(order, { ...order, externalId }, actor);
    },
    remove(order, actor) {
      const change = { field: 'id', oldValue: order.id, newValue: null };
      account.record({
        deletedOrders: [order.id],
        history: [{ ...recordOf(order, actor, change), deleted: true }],
      });
    },
  };
}

import type { Account } from './account';
import { mergeDelivery } from './new-order';
import { replaceItems } from './order-items';
import type { OrderPayload } from './order-payload';
import { PLAIN_FIELD_NAMES, type Order, type Scalar } from './order';

/** Only given fields change; null and an empty text clear one. */
function mergePlain(stored: Order['plain'], payload: OrderPayload): Record<string, Scalar> {
  const plain: Record<string, Scalar> = { ...stored };
  for (const name of PLAIN_FIELD_NAMES) {
    const value = payload[name];
    if (value === undefined) continue;
    if (value === null || value === '') Reflect.deleteProperty(plain, name);
    else plain[name] = value;
  }
  return plain;
}

function mergeMap(
  stored: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> {
  const merged = { ...stored, ...given };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null && value !== ''));
}

/** The order after a checked partial payload. `payments` are left alone: they have methods of their own. */
export function editedOrder(account: Account, order: Order, payload: OrderPayload): Order {
  const status = payload.status ?? order.status;
  return {
    ...order,
    number: payload.number ?? order.number,
    ...(typeof payload.externalId === 'string' ? { externalId: payload.externalId } : {}),
    ...(typeof payload.managerId === 'number' ? { managerId: payload.managerId } : {}),
    status,
    statusUpdatedAt: status === order.status ? order.statusUpdatedAt : account.now(),
    createdAt: payload.createdAt ?? order.createdAt,
    orderMethod: payload.orderMethod ?? order.orderMethod,
    orderType: payload.orderType ?? order.orderType,
    plain: mergePlain(order.plain, payload),
    items: payload.items ? replaceItems(account, order.items, payload.items) : order.items,
    delivery: mergeDelivery(order.delivery, payload.delivery),
    contragent: mergeMap(order.contragent, payload.contragent),
    source: mergeMap(order.source, payload.source),
    customFields: mergeMap(order.customFields, payload.customFields),
  };
}

/** Rows follow the order's status where the dictionary says so; the CRM does this itself, as `source: code`. */
export function rowsFollowingStatus(account: Account, order: Order): Order {
  const follower = Object.values(account.dictionary('productStatuses')).find(
    (entry) => entry['orderStatusForProductStatus'] === order.status,
  );
  if (!follower) return order;
  return { ...order, items: order.items.map((item) => ({ ...item, status: follower.code })) };
}

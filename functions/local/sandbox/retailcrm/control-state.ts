import type { Account } from './account';
import type { ControlCall, ControlMethod } from './control-call';
import type { HistoryRecord } from './history-log';
import { itemsSum, totalSum, type Order, type OrderItem } from './order';

const ORDERS_DEFAULT = 50;
const ORDERS_MAX = 100_000;
const LAST_RECORDS = 10;

function itemState(account: Account, item: OrderItem): Record<string, unknown> {
  const found = item.offerId === undefined ? undefined : account.catalogue.find('id', String(item.offerId));
  return {
    ...item,
    productName: item.productName ?? found?.offer.name,
    offer: found && {
      id: found.offer.id,
      externalId: found.offer.externalId,
      article: found.offer.article ?? found.product.article,
    },
  };
}

function recordState({ created, actor, ...record }: HistoryRecord): Record<string, unknown> {
  return { ...record, ...actor, created: created !== undefined };
}

export function orderHistory(account: Account, orderId: number, last?: number): Record<string, unknown>[] {
  const records = account.history.of(orderId);
  return (last === undefined ? records : records.slice(-last)).map(recordState);
}

/** An order for tests and the page: flat, in our own words, sums computed. Oldest history record first. */
export function orderState(account: Account, order: Order): Record<string, unknown> {
  const { plain, items, ...head } = order;
  return {
    ...head,
    ...plain,
    statusName: account.dictionary('statuses')[order.status]?.name,
    orderMethodName: account.dictionary('orderMethods')[order.orderMethod]?.name,
    items: items.map((item) => itemState(account, item)),
    summ: itemsSum(order),
    totalSumm: totalSum(order),
    history: orderHistory(account, order.id, LAST_RECORDS),
  };
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? ORDERS_DEFAULT);
  return Number.isInteger(limit) && limit >= 0 ? Math.min(limit, ORDERS_MAX) : ORDERS_DEFAULT;
}

function state({ sandbox, query }: ControlCall): unknown {
  const { account, faults, pace, trigger } = sandbox;
  const orders = account.orders.newestFirst().slice(0, limitOf(query));
  return {
    now: account.now(),
    orderCount: account.orders.count(),
    lastHistoryId: account.history.all().at(-1)?.id ?? 0,
    orders: orders.map((order) => orderState(account, order)),
    dictionaries: {
      sites: account.dictionary('sites'),
      statuses: account.dictionary('statuses'),
      statusGroups: account.dictionary('statusGroups'),
      orderMethods: account.dictionary('orderMethods'),
    },
    keys: account
      .keys()
      .map(({ name, scopes, sites, revoked = false }) => ({ name, scopes, sites, revoked })),
    modules: account.modules(),
    settings: account.settings(),
    faults: faults.list(),
    triggerResults: trigger.results(),
    violations: total(pace.violations()),
  };
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function calls({ sandbox, query }: ControlCall): unknown {
  const byKey = sandbox.pace.violations();
  const newest = query.get('newest');
  const since = Number(query.get('since') ?? 0);
  return {
    calls: newest === null ? sandbox.calls.since(since) : sandbox.calls.newest(Number(newest)),
    violations: total(byKey),
    violationsByKey: byKey,
  };
}

export const CONTROL_STATE: readonly ControlMethod[] = [
  { verb: 'GET', path: '/sandbox/state', handle: state },
  { verb: 'GET', path: '/sandbox/calls', handle: calls },
];

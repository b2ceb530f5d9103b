import { filterOf, ok, requiredSite, sitesOf, type ApiCall, type ApiMethod } from './api-call';
import { listOf, textOf, type Parameters } from './bracket-parameters';
import { notFound } from './refusal';
import { orderView } from './order-view';
import { pageOf, paginate } from './pagination';
import type { Order, Scalar } from './order';

type Value = string | Parameters;
type Test = (order: Order, value: Value, call: ApiCall) => boolean;

const oneOf = (value: string | number | undefined, list: Value): boolean =>
  value !== undefined && listOf(list).includes(String(value));
const within = (text: Scalar | undefined, part: Value): boolean =>
  String(text ?? '')
    .toLocaleLowerCase('ru')
    .includes((textOf(part) ?? '').toLocaleLowerCase('ru'));
const atLeast = (value: string, bound: Value): boolean => value >= (textOf(bound) ?? '');
/** A bound given as a date covers that whole day. */
const atMost = (value: string, bound: Value): boolean => {
  const text = textOf(bound) ?? '';
  return value.slice(0, text.length) <= text;
};

/** Bounds are inclusive and compare account-local text with account-local text. There is no filter by `status`. */
const ORDER_FILTERS: Readonly<Record<string, Test>> = {
  ids: (order, value) => oneOf(order.id, value),
  externalIds: (order, value) => oneOf(order.externalId, value),
  numbers: (order, value) => oneOf(order.number, value),
  sites: (order, value) => oneOf(order.site, value),
  extendedStatus: (order, value, { account }) =>
    oneOf(order.status, value) ||
    oneOf(String(account.dictionary('statuses')[order.status]?.['group']), value),
  orderMethods: (order, value) => oneOf(order.orderMethod, value),
  orderTypes: (order, value) => oneOf(order.orderType, value),
  createdAtFrom: (order, value) => atLeast(order.createdAt, value),
  createdAtTo: (order, value) => atMost(order.createdAt, value),
  statusUpdatedAtFrom: (order, value) => atLeast(order.statusUpdatedAt, value),
  statusUpdatedAtTo: (order, value) => atMost(order.statusUpdatedAt, value),
  customerId: (order, value) => String(order.customerId) === value,
  customerExternalId: (order, value, { account }) =>
    account.customers.byId(order.customerId)?.externalId === textOf(value),
  customer: (order, value) =>
    [order.plain['firstName'], order.plain['lastName'], order.plain['phone']].some((text) =>
      within(text, value),
    ),
  email: (order, value) => within(order.plain['email'], value),
  product: (order, value) => order.items.some((item) => within(item.productName, value)),
  managers: (order, value) => oneOf(order.managerId, value),
  paymentTypes: (order, value) => order.payments.some((payment) => oneOf(payment.type, value)),
  deliveryTypes: (order, value) => oneOf(order.delivery.code, value),
  shipmentStores: (order, value) => oneOf(String(order.plain['shipmentStore'] ?? ''), value),
  customFields: (order, value) =>
    typeof value === 'object' &&
    Object.entries(value).every(([code, wanted]) => String(order.customFields[code]) === textOf(wanted)),
};

/** Orders that the id filters can name through an index; otherwise all, newest first. */
function candidates({ account, ...call }: ApiCall, filter: Parameters): Order[] {
  const ids = listOf(filter['ids']);
  if (ids.length > 0) {
    const found = ids.map((id) => account.orders.byId(Number(id))).filter((order) => order !== undefined);
    return [...new Set(found)].sort((a, b) => b.id - a.id);
  }
  const externalIds = listOf(filter['externalIds']);
  if (externalIds.length === 0) return account.orders.newestFirst();
  const sites = sitesOf({ account, ...call });
  const found = externalIds.flatMap((externalId) => account.orders.byExternalIdAnywhere(externalId, sites));
  return [...new Set(found)].sort((a, b) => b.id - a.id);
}

function list(call: ApiCall) {
  const page = pageOf(call.fields);
  const filter = filterOf(call.fields, Object.keys(ORDER_FILTERS));
  const sites = sitesOf(call);
  const orders = candidates(call, filter).filter(
    (order) =>
      sites.includes(order.site) &&
      Object.entries(filter).every(([name, value]) => ORDER_FILTERS[name]?.(order, value, call) ?? true),
  );
  const { rows, pagination } = paginate(orders, page);
  return ok({ pagination, orders: rows.map((order) => orderView(call.account, order, 'map')) }, rows.length);
}

/** By externalId unless `by=id` is given: forgetting it is "not found" for a live order. */
export function addressedOrder(call: ApiCall): Order {
  const { account, fields, path } = call;
  const id = path[0] ?? '';
  if ((textOf(fields['by']) ?? 'externalId') !== 'id') {
    const order = account.orders.byExternalId(id, requiredSite(call));
    if (!order) throw notFound();
    return order;
  }
  const order = account.orders.byId(Number(id));
  const site = textOf(fields['site']);
  if (!order || !sitesOf(call).includes(order.site)) throw notFound();
  if (site !== undefined && site !== order.site) throw notFound();
  return order;
}

function read(call: ApiCall) {
  return ok({ order: orderView(call.account, addressedOrder(call), 'map') }, 1);
}

/** `ids[]` and `externalIds[]` stand outside `filter`; unknown ones are just absent; there is no `site`. */
function statuses(call: ApiCall) {
  const { account, fields } = call;
  const sites = sitesOf(call);
  const found = [
    ...listOf(fields['ids']).map((id) => account.orders.byId(Number(id))),
    ...listOf(fields['externalIds']).flatMap((externalId) =>
      account.orders.byExternalIdAnywhere(externalId, sites),
    ),
  ].filter((order) => order !== undefined && sites.includes(order.site));
  const orders = [...new Set(found)].map((order) => ({
    id: order?.id,
    ...(order?.externalId === undefined ? {} : { externalId: order.externalId }),
    status: order?.status,
    group: account.dictionary('statuses')[order?.status ?? '']?.['group'],
  }));
  return ok({ orders }, orders.length);
}

export const ORDER_READS: readonly ApiMethod[] = [
  { verb: 'GET', path: '/api/v5/orders', scope: 'order_read', handle: list },
  { verb: 'GET', path: '/api/v5/orders/statuses', scope: 'order_read', handle: statuses },
  { verb: 'GET', path: '/api/v5/orders/{}', scope: 'order_read', handle: read },
];

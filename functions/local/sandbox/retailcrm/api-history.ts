import { filterOf, ok, sitesOf, type ApiCall, type ApiMethod } from './api-call';
import { ASSUMED_MESSAGE, DEEP_PAGE_ROWS_MAX, TEXT } from './assumptions';
import { textOf, type Parameters } from './bracket-parameters';
import type { Account } from './account';
import type { HistoryRecord } from './history-log';
import { orderView } from './order-view';
import { pageBesideSinceId, paginate } from './pagination';
import { badPagination, Refusal } from './refusal';

const FILTERS = ['sinceId', 'startDate', 'endDate', 'orderId', 'orderExternalId'] as const;

function itemView(account: Account, item: NonNullable<HistoryRecord['item']>): Record<string, unknown> {
  const offer =
    item.offerId === undefined ? undefined : account.catalogue.find('id', String(item.offerId))?.offer;
  if (!offer) return { id: item.id };
  return { id: item.id, offer: { id: offer.id, externalId: offer.externalId, xmlId: offer.xmlId } };
}

function orderInRecord(account: Account, record: HistoryRecord): Record<string, unknown> {
  if (record.created) return orderView(account, record.created, 'array');
  return {
    id: record.orderId,
    ...(record.externalId === undefined ? {} : { externalId: record.externalId }),
    ...(record.managerId === undefined ? {} : { managerId: record.managerId }),
    site: record.site,
    status: record.status,
  };
}

/** `apiKey.current` is about the key that reads now, so it cannot be stored. */
export function recordView(
  account: Account,
  record: HistoryRecord,
  readerName: string,
): Record<string, unknown> {
  const { source, userId, keyName } = record.actor;
  return {
    id: record.id,
    createdAt: record.createdAt,
    ...(record.created ? { created: true } : {}),
    ...(record.deleted ? { deleted: true } : {}),
    source,
    ...(source === 'user' ? { user: { id: userId } } : {}),
    ...(source === 'api' ? { apiKey: { current: keyName === readerName } } : {}),
    field: record.field,
    oldValue: record.oldValue,
    newValue: record.newValue,
    order: orderInRecord(account, record),
    ...(record.item ? { item: itemView(account, record.item) } : {}),
  };
}

function sinceId(filter: Parameters): number {
  const text = textOf(filter['sinceId']) ?? '0';
  if (!/^\d{1,15}$/.test(text))
    throw new Refusal(400, ASSUMED_MESSAGE.unknownFilter, { 'filter[sinceId]': TEXT.invalid });
  return Number(text);
}

function matching(call: ApiCall, filter: Parameters): HistoryRecord[] {
  const { account } = call;
  const sites = sitesOf(call);
  const [startDate, endDate] = [textOf(filter['startDate']), textOf(filter['endDate'])];
  const [orderId, externalId] = [textOf(filter['orderId']), textOf(filter['orderExternalId'])];
  const youngestMs = account.nowMs() - account.settings().historyLagMs;
  return account.history
    .since(sinceId(filter))
    .filter(
      (record) =>
        record.atMs <= youngestMs &&
        sites.includes(record.site) &&
        (startDate === undefined || record.createdAt >= startDate) &&
        (endDate === undefined || record.createdAt <= endDate) &&
        (orderId === undefined || String(record.orderId) === orderId) &&
        (externalId === undefined || record.externalId === externalId),
    );
}

function history(call: ApiCall) {
  const { account, key } = call;
  const filter = filterOf(call.fields, FILTERS);
  const page = pageBesideSinceId(call.fields, filter['sinceId']);
  if (page.page * page.limit > DEEP_PAGE_ROWS_MAX) {
    throw badPagination({ page: 'Use the shift of the `filter[sinceId]` instead of `page` parameter' });
  }
  const { rows, pagination } = paginate(matching(call, filter), page);
  return ok({
    generatedAt: account.now(),
    history: rows.map((record) => recordView(account, record, key.name)),
    pagination,
  });
}

export const HISTORY_METHODS: readonly ApiMethod[] = [
  { verb: 'GET', path: '/api/v5/orders/history', scope: 'order_read', handle: history },
];

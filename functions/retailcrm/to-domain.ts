import type { CrmChange } from '../domain/crm-change';
import type { StoredCrmOrder } from '../domain/crm-order-draft';
import { parseRoubles } from '../domain/money';
import type { OfferCandidate } from '../domain/offer-match';
import { fromAccountTime } from './account-time';
import type { WireHistoryRecord, WireOrder } from './wire-schemas';

export function toStoredOrder(order: WireOrder): StoredCrmOrder {
  const sum = order.totalSumm ?? order.summ;
  return {
    crmOrderId: order.id,
    externalId: order.externalId ?? '',
    number: order.number,
    status: order.status,
    sumKopecks: sum === null || sum === undefined ? null : parseRoubles(sum),
  };
}

export function toOfferCandidate(
  offer: {
    id: number;
    externalId: string | null;
    article: string | null;
    active?: boolean | null | undefined;
  },
  product:
    | { article: string | null; manufacturer: string | null; active?: boolean | null | undefined }
    | null
    | undefined,
): OfferCandidate {
  return {
    offerId: offer.id,
    articles: [offer.article, product?.article ?? null].filter((article) => article !== null),
    externalId: offer.externalId,
    manufacturer: product?.manufacturer ?? null,
    active: offer.active !== false && product?.active !== false,
  };
}

export function toChange(record: WireHistoryRecord, timeZone: string): CrmChange {
  return {
    historyId: record.id,
    atMs: typeof record.createdAt === 'string' ? fromAccountTime(record.createdAt, timeZone) : null,
    source: record.source ?? '',
    ownKey: record.apiKey?.current === true,
    field: record.field ?? '',
    newCode: codeOf(record.newValue),
    crmOrderId: record.order.id,
    externalId: record.order.externalId,
    site: record.order.site,
    created: record.created === true,
    deleted: record.deleted === true,
  };
}

/** Dictionary values come as `{code}`; anything else carries none. */
function codeOf(value: unknown): string | null {
  const code = typeof value === 'object' && value !== null ? (value as { code?: unknown }).code : null;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : null;
}

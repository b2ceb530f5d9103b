import type { MarketplaceOrder } from '../../../functions/domain/marketplace-order';
import type { OrderLink } from '../../../functions/domain/order-link';

export function anOrder(changes: Partial<MarketplaceOrder> = {}): MarketplaceOrder {
  return {
    code: '512000101',
    createdAtMs: Date.UTC(2026, 10, 20, 11, 5),
    part: { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' },
    quantity: 2,
    priceKopecks: 84_550,
    statusCode: 10,
    buyer: { name: 'Тест Покупатель', phone: '+7 (900) 000-00-01', email: 'buyer1@example.test' },
    fingerprint: 'fingerprint',
    contentFingerprint: 'contents',
    ...changes,
  };
}

export function aLink(changes: Partial<OrderLink> = {}): OrderLink {
  return {
    connectionId: 'connection',
    zzapOrderCode: '512000101',
    version: 1,
    state: 'linked',
    fingerprint: 'contents',
    zzapStatus: 10,
    crmOrderId: 7,
    crmNumber: '7C',
    crmStatus: 'new',
    crmGone: false,
    push: null,
    pushed: [],
    firstSeenAtMs: 0,
    changedAtMs: 0,
    quarantine: null,
    sealedRow: null,
    trace: [],
    ...changes,
  };
}

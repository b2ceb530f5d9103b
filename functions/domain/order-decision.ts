import type { MarketplaceOrder } from './marketplace-order';
import type { OrderLink } from './order-link';

/** Reasons a row leads to no write, as counted in the run record. */
export const SKIP_REASONS = ['before-import-start', 'changed-at-zzap', 'waiting-for-retry'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type OrderDecision =
  | { readonly kind: 'create' }
  | { readonly kind: 'unchanged' }
  /** Both sides are linked and ZZap's row differs: remembered and told, RetailCRM's order stays as it is. */
  | { readonly kind: 'note-change'; readonly statusChanged: boolean }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

/**
 * What one ZZap row asks for. A claimed order is created again: the external id makes the repeat find the first
 * attempt's order.
 */
export function decideOrder(
  order: MarketplaceOrder,
  link: OrderLink | null,
  settings: { readonly importFromMs: number },
  nowMs: number,
): OrderDecision {
  if (link === null) {
    const tooOld = order.createdAtMs !== null && order.createdAtMs < settings.importFromMs;
    return tooOld ? { kind: 'skip', reason: 'before-import-start' } : { kind: 'create' };
  }
  const changed = link.fingerprint !== order.fingerprint;
  switch (link.state) {
    case 'claimed':
      return { kind: 'create' };
    case 'attention':
      return changed || isDue(link, nowMs)
        ? { kind: 'create' }
        : { kind: 'skip', reason: 'waiting-for-retry' };
    case 'linked':
      if (!changed) return { kind: 'unchanged' };
      return { kind: 'note-change', statusChanged: link.zzapStatus !== order.statusCode };
  }
}

/** A quarantined order whose next try has come. */
export function isDue(link: OrderLink, nowMs: number): boolean {
  const retryAtMs = link.quarantine?.retryAtMs ?? null;
  return retryAtMs !== null && retryAtMs <= nowMs;
}

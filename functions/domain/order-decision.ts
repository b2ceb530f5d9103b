import type { StatusDirection } from './connection';
import type { MarketplaceOrder } from './marketplace-order';
import type { OrderLink } from './order-link';
import { crmStatusFor, type StatusPair } from './status-mapping';
import { REPLICA_LAG_MS } from './status-wish';

/** Reasons a row or a change leads to no write, as counted in the run record. */
export const SKIP_REASONS = [
  'before-import-start',
  'changed-at-zzap',
  'waiting-for-retry',
  'status-unmapped',
  'stale-reading',
  'crm-order-gone',
  'set-by-us',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export type OrderDecision =
  | { readonly kind: 'create' }
  | { readonly kind: 'unchanged' }
  /** ZZap's status changed and RetailCRM's order shall follow (flag 1). */
  | { readonly kind: 'set-crm-status'; readonly status: string }
  /** ZZap changed something else than the status: RetailCRM's order follows where it may. */
  | { readonly kind: 'follow-contents' }
  /** ZZap's status changed: remembered and told, RetailCRM's order stays as it is. */
  | { readonly kind: 'note-status'; readonly reason: SkipReason }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

export interface DecisionSettings {
  readonly importFromMs: number;
  readonly statusDirection: StatusDirection;
  readonly pairs: readonly StatusPair[];
  /** When ZZap was last asked by a run that came to its end; null before the first one. */
  readonly lastSyncAtMs: number | null;
}

/**
 * After a push an old status is what a replica of ZZap still shows, not a change. Replicas lag by seconds; a
 * minute is generous.
 */
export const STALE_READING_MS = 60_000;

/**
 * What one ZZap row asks for. A claimed order is created again: the external id makes the repeat find the first
 * attempt's order.
 */
export function decideOrder(
  order: MarketplaceOrder,
  link: OrderLink | null,
  settings: DecisionSettings,
  nowMs: number,
): OrderDecision {
  if (link === null) {
    const tooOld = order.createdAtMs !== null && order.createdAtMs < settings.importFromMs;
    return tooOld ? { kind: 'skip', reason: 'before-import-start' } : { kind: 'create' };
  }
  switch (link.state) {
    case 'claimed':
      return { kind: 'create' };
    case 'attention':
      return link.fingerprint !== order.contentFingerprint || isDue(link, nowMs)
        ? { kind: 'create' }
        : { kind: 'skip', reason: 'waiting-for-retry' };
    case 'linked':
      return decideLinked(order, link, settings, nowMs);
  }
}

function decideLinked(
  order: MarketplaceOrder,
  link: OrderLink,
  settings: DecisionSettings,
  nowMs: number,
): OrderDecision {
  if (isStaleReading(order, link, nowMs)) return { kind: 'skip', reason: 'stale-reading' };
  // Contents first: the decision about the status is taken again afterwards.
  if (link.fingerprint !== order.contentFingerprint && !link.crmGone) return { kind: 'follow-contents' };
  if (link.zzapStatus === order.statusCode) return { kind: 'unchanged' };
  const noted = { kind: 'note-status' } as const;
  if (settings.statusDirection !== 'zzapToCrm') return { ...noted, reason: 'changed-at-zzap' };
  if (link.crmGone) return { ...noted, reason: 'crm-order-gone' };
  if (isOwnDoing(order, link, settings.lastSyncAtMs)) return { ...noted, reason: 'set-by-us' };
  const status = crmStatusFor(settings.pairs, order.statusCode);
  return status === null ? { ...noted, reason: 'status-unmapped' } : { kind: 'set-crm-status', status };
}

/** A replica that has not yet seen what we pushed: it shows a status from before or from between our pushes. */
export function isStaleReading(
  { statusCode }: Pick<MarketplaceOrder, 'statusCode'>,
  { pushed, zzapStatus }: Pick<OrderLink, 'pushed' | 'zzapStatus'>,
  nowMs: number,
): boolean {
  if (statusCode === zzapStatus) return false;
  return pushed.some(
    (push) =>
      push.sure &&
      nowMs - push.atMs < STALE_READING_MS &&
      (statusCode === push.previous || statusCode === push.zzapStatus),
  );
}

/**
 * The effect of a push whose answer was lost and that nobody wants any more: it came from RetailCRM and must not
 * go back there. Once a pull has seen what became of it, the same status is somebody else's doing.
 */
function isOwnDoing(
  { statusCode }: Pick<MarketplaceOrder, 'statusCode'>,
  { pushed }: Pick<OrderLink, 'pushed'>,
  lastSyncAtMs: number | null,
): boolean {
  return pushed.some(
    ({ sure, zzapStatus, atMs }) =>
      !sure && zzapStatus === statusCode && (lastSyncAtMs ?? 0) < atMs + REPLICA_LAG_MS,
  );
}

/** A quarantined order whose next try has come. */
export function isDue(link: OrderLink, nowMs: number): boolean {
  const retryAtMs = link.quarantine?.retryAtMs ?? null;
  return retryAtMs !== null && retryAtMs <= nowMs;
}

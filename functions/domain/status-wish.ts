import type { CrmChange } from './crm-change';
import type { OrderLink, PendingPush } from './order-link';
import { zzapStatusFor, type StatusPair } from './status-mapping';

/**
 * Whether a history record may carry a wish for ZZap (flags 2 and 3). Our own changes never do: they are known by
 * the key that reads, and, should the key have been replaced, by the status we last wrote. `source` is an open
 * list: people, rules and whatever comes pass; other API keys pass with flag 3 only.
 */
export function mayCarryWish(
  change: CrmChange,
  settings: { readonly site: string; readonly includeApiChanges: boolean },
  link: Pick<OrderLink, 'crmOrderId' | 'crmStatus'>,
): boolean {
  if (change.field !== 'status' || change.site !== settings.site) return false;
  if (change.crmOrderId !== link.crmOrderId) return false;
  if (change.ownKey) return false;
  if (change.source !== 'api') return true;
  if (!settings.includeApiChanges) return false;
  return change.newCode === null || change.newCode !== link.crmStatus;
}

export type Wish =
  /** ZZap has this status already: nothing is pending any more. */
  | { readonly kind: 'agreed' }
  | { readonly kind: 'unmapped' }
  | { readonly kind: 'push'; readonly zzapStatus: number };

/** What an order's current RetailCRM status asks of ZZap. */
export function wishOf(link: OrderLink, crmStatus: string, pairs: readonly StatusPair[]): Wish {
  const zzapStatus = zzapStatusFor(pairs, crmStatus);
  if (zzapStatus === null) return { kind: 'unmapped' };
  // While a request's fate is open, ZZap's status is not known: the wish is sent to make sure.
  if (zzapStatus === link.zzapStatus && (link.push?.sentAtMs ?? null) === null) return { kind: 'agreed' };
  return { kind: 'push', zzapStatus };
}

/**
 * The outbox entry of a wish. The same wish keeps its place in the queue; another one remembers that a request of
 * unknown fate went out before it.
 */
export function pendingPush(
  previous: PendingPush | null,
  wish: { readonly zzapStatus: number; readonly crmStatus: string; readonly urgent: boolean },
  nowMs: number,
): PendingPush {
  const same = previous?.zzapStatus === wish.zzapStatus && previous.state !== 'rejected';
  if (same) return { ...previous, crmStatus: wish.crmStatus, urgent: previous.urgent || wish.urgent };
  const { zzapStatus, crmStatus, urgent } = wish;
  const sentAtMs = previous?.sentAtMs ?? null;
  return { zzapStatus, crmStatus, urgent, sinceMs: nowMs, state: 'waiting', attempts: 0, sentAtMs };
}

/** A read this long after a request shows whether it took effect: ZZap's replicas lag by seconds. */
export const REPLICA_LAG_MS = 15_000;

/** Whether a push of unknown fate may be sent again: a pull since then has not shown its status. */
export function mayRepeat(push: PendingPush, pulledAtMs: number | null): boolean {
  return push.state === 'sent' && pulledAtMs !== null && pulledAtMs >= verifyAtMs(push);
}

export function verifyAtMs(push: PendingPush): number {
  return (push.sentAtMs ?? 0) + REPLICA_LAG_MS;
}

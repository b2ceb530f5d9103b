import type { DroppedPart, StoredCrmOrder } from './crm-order-draft';
import { orderSumKopecks, type MarketplaceOrder } from './marketplace-order';
import type { SkipReason } from './order-decision';
import type { OrderLink, QuarantineReason } from './order-link';
import { entry, settledPush, type Step } from './push-steps';
import { nextOrderAttemptAtMs } from './retry';
import { appendTrace } from './trace';

export type { Step } from './push-steps';

/** Steps of an order link's life. Each gives the next link to be written; none writes. */
function firstLink(connectionId: string, zzapOrderCode: string, nowMs: number): OrderLink {
  return {
    connectionId,
    zzapOrderCode,
    version: 0,
    state: 'claimed',
    fingerprint: '',
    zzapStatus: null,
    crmOrderId: null,
    crmNumber: null,
    crmStatus: null,
    crmGone: false,
    push: null,
    pushed: [],
    firstSeenAtMs: nowMs,
    changedAtMs: nowMs,
    quarantine: null,
    sealedRow: null,
    trace: [],
  };
}

/** We are about to create the order. What is known of earlier failures stays until it succeeds. */
export function claimed(
  link: OrderLink | null,
  connectionId: string,
  order: MarketplaceOrder,
  step: Step,
): OrderLink {
  const from = link ?? firstLink(connectionId, order.code, step.nowMs);
  const again = link?.state === 'claimed';
  return {
    ...from,
    state: 'claimed',
    // The first attempt may have created the order: then it has what ZZap said at that time.
    fingerprint: again ? from.fingerprint : order.contentFingerprint,
    zzapStatus: from.zzapStatus ?? order.statusCode,
    changedAtMs: step.nowMs,
    trace: again ? from.trace : appendTrace(from.trace, entry(step, 'claimed')),
  };
}

export interface StoredFacts {
  readonly stored: StoredCrmOrder;
  readonly adopted: boolean;
  readonly dropped: readonly DroppedPart[];
  /** Why the item carries no offer although links are wanted; null when it does or none are wanted. */
  readonly unlinkedBecause: string | null;
}

export function linked(link: OrderLink, order: MarketplaceOrder, facts: StoredFacts, step: Step): OrderLink {
  const { stored, dropped } = facts;
  const ours = orderSumKopecks(order);
  const entries = [
    entry(step, facts.adopted ? 'adopted' : 'created', { crmOrderId: stored.crmOrderId }),
    ...(facts.unlinkedBecause === null ? [] : [entry(step, 'item-unlinked', { why: facts.unlinkedBecause })]),
    ...(dropped.length === 0 ? [] : [entry(step, 'parts-dropped', { parts: dropped.join(', ') })]),
    ...(facts.adopted || stored.sumKopecks === null || stored.sumKopecks === ours
      ? []
      : [entry(step, 'sum-differs', { zzapKopecks: ours, crmKopecks: stored.sumKopecks })]),
  ];
  return {
    ...link,
    ...(!facts.adopted && { fingerprint: order.contentFingerprint, zzapStatus: order.statusCode }),
    state: 'linked',
    crmOrderId: stored.crmOrderId,
    crmNumber: stored.number,
    crmStatus: stored.status,
    changedAtMs: step.nowMs,
    quarantine: null,
    sealedRow: null,
    trace: appendTrace(link.trace, ...entries),
  };
}

export interface Setback {
  readonly reason: QuarantineReason;
  readonly detail: string;
  /** Null when the row cannot be kept: then nothing is tried without ZZap listing it again. */
  readonly sealedRow: string | null;
}

export function setAside(link: OrderLink, setback: Setback, step: Step): OrderLink {
  const { reason, detail, sealedRow } = setback;
  const attempts = (link.quarantine?.attempts ?? 0) + 1;
  const event = reason === 'unreadable-row' ? 'unreadable' : 'refused';
  return {
    ...link,
    state: 'attention',
    changedAtMs: step.nowMs,
    sealedRow,
    quarantine: {
      reason,
      detail,
      sinceMs: link.quarantine?.sinceMs ?? step.nowMs,
      attempts,
      retryAtMs: sealedRow === null ? null : nextOrderAttemptAtMs(attempts, step.nowMs),
    },
    trace: appendTrace(link.trace, entry(step, event, { why: detail, attempt: attempts })),
  };
}

/** An order whose row cannot be read: nothing of it is known but its number. */
export function unreadableLink(connectionId: string, code: string, step: Step): OrderLink {
  return firstLink(connectionId, code, step.nowMs);
}

/** ZZap's status changed; RetailCRM's order stays as it is. */
export function statusNoted(
  link: OrderLink,
  order: MarketplaceOrder,
  reason: SkipReason,
  step: Step,
): OrderLink {
  const told = entry(step, 'status-changed-at-zzap', { from: link.zzapStatus ?? 0, to: order.statusCode });
  const why =
    reason === 'status-unmapped' || reason === 'crm-order-gone'
      ? [entry(step, reason, { zzapStatus: order.statusCode })]
      : [];
  return settledPush(
    {
      ...refusalOver(link),
      fingerprint: order.contentFingerprint,
      zzapStatus: order.statusCode,
      changedAtMs: step.nowMs,
      trace: appendTrace(link.trace, told, ...why),
    },
    link.zzapStatus,
    step,
  );
}

export interface FollowedFields {
  readonly updated: readonly string[];
  readonly kept: readonly string[];
  /** RetailCRM's words when it took none of them. */
  readonly refusedBecause: string | null;
}

/** The order's contents changed at ZZap, and RetailCRM's order followed as far as it may. */
export function contentsFollowed(
  link: OrderLink,
  order: MarketplaceOrder,
  { updated, kept, refusedBecause }: FollowedFields,
  step: Step,
): OrderLink {
  const followed = refusedBecause === null ? 'fields-updated' : 'update-refused';
  const why = refusedBecause === null ? {} : { why: refusedBecause };
  return {
    ...link,
    fingerprint: order.contentFingerprint,
    changedAtMs: step.nowMs,
    trace: appendTrace(
      link.trace,
      entry(step, 'changed-at-zzap'),
      ...(updated.length === 0 ? [] : [entry(step, followed, { fields: updated.join(', '), ...why })]),
      ...(kept.length === 0 ? [] : [entry(step, 'fields-kept', { fields: kept.join(', ') })]),
    ),
  };
}

/** A run is about to work on the order: a run that was thought dead finds it changed. */
export function touched(link: OrderLink, step: Step): OrderLink {
  return { ...link, changedAtMs: step.nowMs };
}

/** RetailCRM's order is about to get the status ZZap has. */
export function statusClaimed(link: OrderLink, status: string, step: Step): OrderLink {
  return { ...link, crmStatus: status, changedAtMs: step.nowMs };
}

/** RetailCRM's order has it. */
export function statusSet(link: OrderLink, order: MarketplaceOrder, step: Step): OrderLink {
  const details = { zzapStatus: order.statusCode, crmStatus: link.crmStatus ?? '' };
  return {
    ...link,
    fingerprint: order.contentFingerprint,
    zzapStatus: order.statusCode,
    changedAtMs: step.nowMs,
    quarantine: null,
    sealedRow: null,
    trace: appendTrace(link.trace, entry(step, 'crm-status-set', details)),
  };
}

/** RetailCRM's order was deleted there: that is respected. */
export function crmGone(link: OrderLink, step: Step): OrderLink {
  if (link.crmGone) return link;
  return {
    ...link,
    crmGone: true,
    push: null,
    changedAtMs: step.nowMs,
    quarantine: null,
    sealedRow: null,
    trace: appendTrace(link.trace, entry(step, 'crm-order-gone')),
  };
}

/** RetailCRM does not take the status: the order stays linked and is tried again. */
export function statusRefused(link: OrderLink, setback: Setback, step: Step): OrderLink {
  return { ...setAside(link, setback, step), state: 'linked' };
}

/** The status that RetailCRM refused is not wanted any more: ZZap has another one, or nothing is to be set. */
export function refusalOver(link: OrderLink): OrderLink {
  if (link.quarantine?.reason !== 'status-refused-by-crm') return link;
  return { ...link, quarantine: null, sealedRow: null };
}

/** The row kept for another try cannot be opened any more: the order waits until ZZap lists it again. */
export function rowLost(link: OrderLink, step: Step): OrderLink {
  return {
    ...link,
    // Of an order that is not in RetailCRM nothing is known: its next row is news whatever it says.
    ...(link.state === 'attention' && { fingerprint: '' }),
    sealedRow: null,
    changedAtMs: step.nowMs,
    quarantine: link.quarantine && { ...link.quarantine, retryAtMs: null },
  };
}

/** A person wants the order tried again now. A status that ZZap rejected goes back into the queue. */
export function replayRequested(link: OrderLink, nowMs: number): OrderLink {
  const trace = appendTrace(link.trace, { atMs: nowMs, event: 'replay-requested' });
  if (link.push?.state === 'rejected') {
    const push = { ...link.push, state: 'waiting' as const, sinceMs: nowMs };
    return { ...link, changedAtMs: nowMs, quarantine: null, push, trace };
  }
  return {
    ...link,
    changedAtMs: nowMs,
    quarantine: link.quarantine && { ...link.quarantine, retryAtMs: nowMs },
    trace,
  };
}

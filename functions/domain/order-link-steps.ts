import type { DroppedPart, StoredCrmOrder } from './crm-order-draft';
import { orderSumKopecks, type MarketplaceOrder } from './marketplace-order';
import type { OrderLink, QuarantineReason } from './order-link';
import { nextOrderAttemptAtMs } from './retry';
import { appendTrace, type TraceEntry, type TraceEvent } from './trace';

/** Steps of an order link's life. Each gives the next link to be written; none writes. */
export interface Step {
  readonly nowMs: number;
  readonly runId: string;
}

function entry(step: Step, event: TraceEvent, details: Record<string, string | number> = {}): TraceEntry {
  return { atMs: step.nowMs, event, details: { runId: step.runId, ...details } };
}

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
  return {
    ...from,
    state: 'claimed',
    fingerprint: order.fingerprint,
    zzapStatus: order.statusCode,
    changedAtMs: step.nowMs,
    trace: link?.state === 'claimed' ? from.trace : appendTrace(from.trace, entry(step, 'claimed')),
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

/** ZZap's row differs from the one we know; RetailCRM's order stays as it is. */
export function noted(
  link: OrderLink,
  order: MarketplaceOrder,
  statusChanged: boolean,
  step: Step,
): OrderLink {
  const change = statusChanged
    ? entry(step, 'status-changed-at-zzap', { from: link.zzapStatus ?? 0, to: order.statusCode })
    : entry(step, 'changed-at-zzap');
  return {
    ...link,
    fingerprint: order.fingerprint,
    zzapStatus: order.statusCode,
    changedAtMs: step.nowMs,
    trace: appendTrace(link.trace, change),
  };
}

/** A person wants the order tried again now. */
export function replayRequested(link: OrderLink, nowMs: number): OrderLink {
  return {
    ...link,
    changedAtMs: nowMs,
    quarantine: link.quarantine && { ...link.quarantine, retryAtMs: nowMs },
    trace: appendTrace(link.trace, { atMs: nowMs, event: 'replay-requested' }),
  };
}

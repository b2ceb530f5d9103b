import type { TraceEntry } from './trace';

/**
 * claimed: we are about to create it, or died while doing so. linked: the pair is known. attention: set aside
 * with a reason, tried again later or by a person.
 */
export const LINK_STATES = ['claimed', 'linked', 'attention'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** Why an order is set aside. */
export const QUARANTINE_REASONS = [
  'refused-by-crm',
  'crm-unavailable',
  'unreadable-row',
  'status-refused-by-crm',
  'status-refused-by-zzap',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/**
 * waiting: to be sent. sent: on its way, or its answer was lost. rejected: ZZap does not want it; only a new wish
 * or a replay sends again.
 */
export const PUSH_STATES = ['waiting', 'sent', 'rejected'] as const;
export type PushState = (typeof PUSH_STATES)[number];

/** The one status of an order that is to be set at ZZap: the last wish wins. */
export interface PendingPush {
  readonly zzapStatus: number;
  /** The RetailCRM status it stands for. */
  readonly crmStatus: string;
  /** A cancellation goes before the rest: the buyer must not wait for a part that does not come. */
  readonly urgent: boolean;
  readonly sinceMs: number;
  readonly state: PushState;
  readonly attempts: number;
  /** When the last request was sent whose fate is open, be it for an earlier wish. */
  readonly sentAtMs: number | null;
}

/** A status we set at ZZap; its replicas may still show the previous one. */
export interface DonePush {
  readonly zzapStatus: number;
  readonly previous: number | null;
  readonly atMs: number;
  /** False when its answer was lost and it is not wanted any more: whether it took effect is not known. */
  readonly sure: boolean;
}

/** Pushes remembered per order. Only those of the last minute matter, and ZZap takes 20 requests in one. */
export const PUSHES_REMEMBERED_MAX = 5;

export interface Quarantine {
  readonly reason: QuarantineReason;
  /** In the remote's words, or the field that could not be read. */
  readonly detail: string;
  readonly sinceMs: number;
  readonly attempts: number;
  /** Null when only a person's replay tries again. */
  readonly retryAtMs: number | null;
}

/** The pair (marketplace order, CRM order) and what we last knew of both. */
export interface OrderLink {
  readonly connectionId: string;
  readonly zzapOrderCode: string;
  readonly version: number;
  readonly state: LinkState;
  /** Of the order's contents, its status apart. */
  readonly fingerprint: string;
  readonly zzapStatus: number | null;
  readonly crmOrderId: number | null;
  readonly crmNumber: string | null;
  /** The status we last wrote to RetailCRM or saw there. */
  readonly crmStatus: string | null;
  /** RetailCRM's order was deleted there: it is neither written nor created again. */
  readonly crmGone: boolean;
  readonly push: PendingPush | null;
  /** Oldest first. */
  readonly pushed: readonly DonePush[];
  readonly firstSeenAtMs: number;
  readonly changedAtMs: number;
  readonly quarantine: Quarantine | null;
  /** The row as ZZap gave it, encrypted; only while it waits for another try. */
  readonly sealedRow: string | null;
  readonly trace: readonly TraceEntry[];
}

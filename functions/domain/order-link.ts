import type { TraceEntry } from './trace';

/**
 * claimed: we are about to create it, or died while doing so. linked: the pair is known. attention: set aside
 * with a reason, tried again later or by a person.
 */
export const LINK_STATES = ['claimed', 'linked', 'attention'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** Why an order is set aside. */
export type QuarantineReason = 'refused-by-crm' | 'crm-unavailable' | 'unreadable-row';

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
  readonly fingerprint: string;
  readonly zzapStatus: number | null;
  readonly crmOrderId: number | null;
  readonly crmNumber: string | null;
  readonly crmStatus: string | null;
  readonly firstSeenAtMs: number;
  readonly changedAtMs: number;
  readonly quarantine: Quarantine | null;
  /** The row as ZZap gave it, encrypted; only while the order is not in RetailCRM. */
  readonly sealedRow: string | null;
  readonly trace: readonly TraceEntry[];
}

import type { SkipReason } from './order-decision';
import type { QuarantineReason } from './order-link';
import type { RemoteErrorKind } from './remote-error';
import type { IdleStreak } from './sync-cursor';

/** pushes: the rest of the status queue. crm-hint, zzap-hint: that system knocked. */
export const TRIGGERS = [
  'tick',
  'manual',
  'activated',
  'replay',
  'continuation',
  'pushes',
  'crm-hint',
  'zzap-hint',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/**
 * continued: the run's time was over and the rest goes on in another one. answered: a younger run had already
 * asked ZZap, nothing was left to do. dropped: the connection is not active any more.
 */
export const RUN_STATES = [
  'queued',
  'running',
  'done',
  'failed',
  'continued',
  'answered',
  'dropped',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const RUN_STAGES = [
  'reading-crm-changes',
  'asking-zzap',
  'creating-orders',
  'setting-statuses',
  'retrying-orders',
  'pushing-statuses',
] as const;
export type RunStage = (typeof RUN_STAGES)[number];

/** Why a whole run failed. */
export type RunFailure = RemoteErrorKind | 'overtaken' | 'internal';

export interface RunCounts {
  /** Distinct ZZap orders seen. */
  readonly found: number;
  readonly created: number;
  /** Already in RetailCRM under our external id: taken over, not created twice. */
  readonly adopted: number;
  /** Orders changed in RetailCRM: a status set, or fields that followed ZZap. */
  readonly updated: number;
  /** Statuses set at ZZap. */
  readonly pushed: number;
  readonly unchanged: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly failed: Readonly<Partial<Record<QuarantineReason, number>>>;
}

/** One order that needs attention, as the run met it. */
export interface RunProblem {
  readonly zzapOrderCode: string | null;
  readonly reason: QuarantineReason;
  readonly detail: string;
}

export interface RunRecord {
  readonly connectionId: string;
  readonly runId: string;
  readonly trigger: Trigger;
  readonly state: RunState;
  readonly requestedAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  /** Idle runs folded into this line; 1 for any other. */
  readonly runs: number;
  readonly stage: RunStage | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** The run is waiting for a remote's pace until then. */
  readonly waiting: { readonly remote: 'zzap' | 'retailcrm'; readonly untilMs: number } | null;
  readonly counts: RunCounts;
  readonly calls: { readonly zzap: number; readonly crm: number };
  readonly problems: readonly RunProblem[];
  /** A minute held more rows than one ZZap answer: some may be missing. */
  readonly overfullFromMs: number | null;
  readonly failure: { readonly kind: RunFailure; readonly detail: string } | null;
}

/** Problems listed in one record; the rest is counted and found among the orders. */
export const RUN_PROBLEMS_MAX = 50;
/** Run records are kept this long. */
export const RUN_RETENTION_DAYS = 90;

export const NO_COUNTS: RunCounts = {
  found: 0,
  created: 0,
  adopted: 0,
  updated: 0,
  pushed: 0,
  unchanged: 0,
  skipped: {},
  failed: {},
};

export function queuedRun(
  connectionId: string,
  runId: string,
  trigger: Trigger,
  requestedAtMs: number,
): RunRecord {
  return {
    connectionId,
    runId,
    trigger,
    state: 'queued',
    requestedAtMs,
    startedAtMs: null,
    finishedAtMs: null,
    runs: 1,
    stage: null,
    progress: null,
    waiting: null,
    counts: NO_COUNTS,
    calls: { zzap: 0, crm: 0 },
    problems: [],
    overfullFromMs: null,
    failure: null,
  };
}

export function addTo<Reason extends string>(
  counts: Readonly<Partial<Record<Reason, number>>>,
  reason: Reason,
  by = 1,
): Partial<Record<Reason, number>> {
  const next: Partial<Record<Reason, number>> = { ...counts };
  next[reason] = (counts[reason] ?? 0) + by;
  return next;
}

/** The journal line that stands for a streak of idle runs. */
export function idleRecord(connectionId: string, idle: IdleStreak): RunRecord {
  const line = queuedRun(connectionId, idle.runId, 'tick', idle.firstAtMs);
  return {
    ...line,
    state: 'done',
    startedAtMs: idle.firstAtMs,
    finishedAtMs: idle.lastAtMs,
    runs: idle.runs,
    counts: { ...line.counts, found: idle.rowsSeen, unchanged: idle.rowsSeen },
    calls: { zzap: idle.runs, crm: 0 },
  };
}

import type { Remote, RemoteErrorFacts, RemoteErrorKind } from './remote-error';
import type { Trigger } from './run-record';

/** A remote that stops runs. They begin ever more rarely until one comes to its end. */
export interface Outage {
  readonly remote: Remote;
  readonly kind: RemoteErrorKind;
  readonly sinceMs: number;
  /** Runs that failed in a row. */
  readonly failures: number;
  /** No run begins by itself before this instant. */
  readonly nextAttemptAtMs: number;
}

const PAUSE_START_MS = 30_000;
const PAUSE_MAX_MS = 15 * 60_000;
/** A remote that asks for more is asked all the same: hints wait meanwhile. */
const REQUESTED_PAUSE_MAX_MS = 60 * 60_000;

/** The outage after one more failed run: pauses of 30 s, 1, 2, 4, 8 and 15 minutes, longer when the remote says so. */
export function nextOutage(
  before: Outage | null,
  { remote, kind, retryAfterMs = 0 }: RemoteErrorFacts,
  nowMs: number,
): Outage {
  const failures = (before?.failures ?? 0) + 1;
  const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_START_MS * 2 ** (failures - 1));
  return {
    remote,
    kind,
    sinceMs: before?.sinceMs ?? nowMs,
    failures,
    nextAttemptAtMs: nowMs + Math.max(pauseMs, Math.min(retryAfterMs, REQUESTED_PAUSE_MAX_MS)),
  };
}

/** A person is waiting for these, or may be: a long run goes on as a continuation. */
const AT_ONCE: readonly Trigger[] = ['manual', 'activated', 'replay', 'continuation'];

/**
 * Whether a message is left unanswered during an outage: the attempt that ends the pause reads everything it could
 * have been about.
 */
export function isSatOut(outage: Outage | null, trigger: Trigger, nowMs: number): boolean {
  return outage !== null && nowMs < outage.nextAttemptAtMs && !AT_ONCE.includes(trigger);
}

import type { RemoteErrorFacts } from './remote-error';

export type RetryDecision =
  { readonly kind: 'repeat'; readonly afterMs: number } | { readonly kind: 'give-up' };

/** Attempts of one remote call within a run, the first included. */
export const CALL_ATTEMPTS_MAX = 4;

const BACKOFF_START_MS = 1_000;
const BACKOFF_MAX_MS = 30_000;
/** A longer pause is left to a later run: waiting in this one is paid for. */
const WAIT_IN_RUN_MAX_MS = 60_000;
/** ZZap shows a captcha after prolonged excess: a short pause only feeds it. */
const RATE_LIMITED_START_MS = 3_000;

/**
 * The only place that turns an error into a decision about the same call. Writes whose effect is unknown are
 * never repeated here: their caller looks first.
 *
 * @param attempt counted from 1
 * @param random in [0, 1)
 */
export function decideRetry(
  facts: RemoteErrorFacts,
  attempt: number,
  call: { readonly writes: boolean },
  random: number,
): RetryDecision {
  if (attempt >= attemptsMax(facts, call) || (facts.retryAfterMs ?? 0) > WAIT_IN_RUN_MAX_MS) {
    return { kind: 'give-up' };
  }
  if (call.writes && facts.effectUnknown) return { kind: 'give-up' };
  const start = facts.kind === 'rate-limited' ? RATE_LIMITED_START_MS : BACKOFF_START_MS;
  const backoffMs = Math.min(BACKOFF_MAX_MS, start * 2 ** (attempt - 1));
  const jittered = Math.round(backoffMs * (0.75 + random / 2));
  return { kind: 'repeat', afterMs: Math.max(jittered, facts.retryAfterMs ?? 0) };
}

/** A body cut off on its way is worth one more read; a changed service is not worth four. */
function attemptsMax(facts: RemoteErrorFacts, call: { readonly writes: boolean }): number {
  switch (facts.kind) {
    case 'unavailable':
    case 'rate-limited':
      return CALL_ATTEMPTS_MAX;
    case 'unexpected-body':
      return call.writes ? 1 : 2;
    case 'auth':
    case 'invalid':
    case 'not-found':
      return 1;
  }
}

/** Minutes until the next try of an order that RetailCRM refused; the last one repeats. */
const QUARANTINE_MINUTES = [5, 15, 60, 360, 1440];
/** After this many tries only a person's replay tries again. */
export const ORDER_ATTEMPTS_MAX = 10;

/** When a quarantined order is tried again by itself; null when a person has to look. */
export function nextOrderAttemptAtMs(attempts: number, nowMs: number): number | null {
  if (attempts >= ORDER_ATTEMPTS_MAX) return null;
  const step = Math.min(Math.max(attempts, 1), QUARANTINE_MINUTES.length) - 1;
  return nowMs + (QUARANTINE_MINUTES[step] ?? 1440) * 60_000;
}

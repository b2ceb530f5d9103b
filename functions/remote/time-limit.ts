import type { Clock } from '../ports/clock';

/** What is left for the calls that somebody waits for. */
export interface TimeLimit {
  /** Whether a request may still begin after a pause of that length. */
  allows(pauseMs: number): boolean;
  /** Longest that a request begun now may take. */
  leftMs(): number;
}

/** As long as each request's own limits let it take. */
export const UNLIMITED: TimeLimit = { allows: () => true, leftMs: () => Infinity };

/** A request is not begun for less: no answer comes in that time. */
const WORTHWHILE_MS = 1_000;

/**
 * Begins with the opening of a remote system and covers everything done through it: turns that are waited for,
 * requests and their repeats.
 */
export function createTimeLimit(clock: Clock, patienceMs: number | undefined): TimeLimit {
  if (patienceMs === undefined) return UNLIMITED;
  const endsAtMs = clock.nowMs() + patienceMs;
  const leftMs = () => endsAtMs - clock.nowMs();
  return { leftMs, allows: (pauseMs) => leftMs() - pauseMs >= WORTHWHILE_MS };
}

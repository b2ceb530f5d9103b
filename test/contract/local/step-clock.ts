import type { Clock } from '../../../functions/ports/clock';

export interface StepClock extends Clock {
  readonly nowMs: () => number;
  /** Lets time pass by itself. */
  readonly pass: (ms: number) => void;
  /** From now on nobody who sleeps wakes up, however long. */
  readonly stand: () => void;
}

/** A clock that moves when somebody sleeps, and at once. */
export function createStepClock(startMs: number): StepClock {
  let nowMs = startMs;
  let standing = false;
  return {
    nowMs: () => nowMs,
    random: () => 0.5,
    pass: (ms) => void (nowMs += ms),
    stand: () => void (standing = true),
    async sleep(ms) {
      if (standing) return new Promise(() => undefined);
      nowMs += Math.max(0, ms);
      // Sleepers of one instant take turns, as on a real clock.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

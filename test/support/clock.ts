import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../functions/ports/clock';

/** Real time. `random` stands in the middle, so that pauses are exact. */
export function createRealClock(): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: (ms) => wait(Math.max(0, ms)),
    random: () => 0.5,
  };
}

export interface SkippingClock extends Clock {
  /** The pauses that were asked for, in order. */
  readonly slept: readonly number[];
  skip(ms: number): void;
}

export interface AheadClock extends Clock {
  readonly skip: (ms: number) => void;
}

/** Real time, moved on by what a test skips: sleeps last, and hours between two events need not. */
export function createAheadClock(): AheadClock {
  let skippedMs = 0;
  return {
    ...createRealClock(),
    nowMs: () => Date.now() + skippedMs,
    skip(ms) {
      skippedMs += ms;
    },
  };
}

/**
 * Real time in which a sleep is skipped instead of waited out: everybody who reads this clock sees the time that
 * would have passed. For one caller at a time over real connections.
 */
export function createSkippingClock(): SkippingClock {
  const slept: number[] = [];
  let skippedMs = 0;
  return {
    slept,
    nowMs: () => Date.now() + skippedMs,
    skip(ms) {
      skippedMs += ms;
    },
    async sleep(ms) {
      // Lets the other end of a connection note the end of its answer before time jumps.
      await wait(2);
      slept.push(ms);
      skippedMs += Math.max(0, ms);
    },
    random: () => 0.5,
  };
}

export interface VirtualClock extends Clock {
  readonly slept: readonly number[];
}

/**
 * Time that moves only when everybody sleeps: then to the earliest awakening. For any number of callers that wait
 * for nothing but this clock and promises.
 */
export function createVirtualClock(startMs = 0): VirtualClock {
  const slept: number[] = [];
  const sleepers: { atMs: number; wake: () => void }[] = [];
  let nowMs = startMs;
  let isMoving = false;

  function moveOn(): void {
    sleepers.sort((a, b) => a.atMs - b.atMs);
    const next = sleepers.shift();
    isMoving = next !== undefined;
    if (next === undefined) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    setImmediate(moveOn);
  }

  return {
    slept,
    nowMs: () => nowMs,
    sleep(ms) {
      slept.push(ms);
      return new Promise((wake) => {
        sleepers.push({ atMs: nowMs + Math.max(0, ms), wake });
        if (isMoving) return;
        isMoving = true;
        setImmediate(moveOn);
      });
    },
    random: () => 0.5,
  };
}

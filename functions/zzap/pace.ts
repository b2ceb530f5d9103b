import { asRemoteError } from '../domain/remote-error';
import type { Clock } from '../ports/clock';
import type { GateSlot, ZzapGate } from '../ports/zzap-gate';
import { UNLIMITED, type TimeLimit } from '../remote/time-limit';
import { zzapError } from './errors';

export interface PaceOptions {
  readonly gate: ZzapGate;
  readonly clock: Clock;
  readonly keyTag: string;
  readonly holder: string;
  readonly minIntervalMs: number;
  /** The slot of a holder that died is free after this long. Longer than a request can take. */
  readonly leaseMs: number;
  readonly limit?: TimeLimit;
  readonly onWaiting?: (untilMs: number | null) => void;
}

export interface Pace {
  /** Waits for the key's slot, runs the request and keeps the slot for a next one or for whoever takes it. */
  inTurn<T>(request: () => Promise<T>): Promise<T>;
  /** The slot that is still held, to be given back by the caller. */
  takeSlot(): GateSlot | null;
}

/** How soon to look again whether a holder has given the slot back. */
const POLL_MIN_MS = 400;
const POLL_MAX_MS = 1_000;
/** A key blocked for longer is left to a later run. */
const WAIT_MAX_MS = 60_000;

function blocked(retryAfterMs: number) {
  return zzapError({
    kind: 'rate-limited',
    detail: 'the key is blocked after too many requests',
    retryAfterMs,
    effectUnknown: false,
  });
}

function busy() {
  return zzapError({
    kind: 'unavailable',
    detail: 'the key is busy with other requests',
    effectUnknown: false,
  });
}

/** Timers may fire a moment early: the remote counts in its own clock. */
const TIMER_SLACK_MS = 5;

/**
 * Keeps the pace of one key. The slot is not given back after each request: a next one of the same holder waits
 * out the pause and renews the lease, which saves a write, and the last one is released together with the cursor.
 */
export function createPace(options: PaceOptions): Pace {
  const { gate, clock, keyTag, holder, minIntervalMs, leaseMs, limit = UNLIMITED } = options;
  let held: GateSlot | null = null;

  let telling = false;

  /** `expectedMs`: when the slot should be free; we may look earlier. */
  async function waitUntil(untilMs: number, expectedMs = untilMs): Promise<void> {
    if (!limit.allows(Math.max(0, untilMs - clock.nowMs()))) throw busy();
    if (untilMs <= clock.nowMs()) return;
    telling = true;
    options.onWaiting?.(expectedMs);
    await clock.sleep(untilMs - clock.nowMs() + TIMER_SLACK_MS);
  }

  async function acquire(nextFreeAtMs: number): Promise<void> {
    try {
      await waitForSlot(nextFreeAtMs);
    } finally {
      if (telling) options.onWaiting?.(null);
      telling = false;
    }
  }

  async function waitForSlot(nextFreeAtMs: number): Promise<void> {
    const pauseMs = nextFreeAtMs - clock.nowMs();
    if (pauseMs > WAIT_MAX_MS) throw blocked(pauseMs);
    await waitUntil(nextFreeAtMs);
    for (;;) {
      const nowMs = clock.nowMs();
      const answer = await gate.acquire({ keyTag, holder, nowMs, leaseUntilMs: nowMs + leaseMs });
      if (answer.kind === 'granted') return;
      const waitMs = answer.untilMs - nowMs;
      if (waitMs > WAIT_MAX_MS) throw blocked(waitMs);
      // A live holder gives the slot back long before its lease ends.
      const pollMs = Math.min(POLL_MAX_MS, Math.max(POLL_MIN_MS, waitMs / 10));
      await waitUntil(nowMs + Math.min(waitMs, pollMs), answer.untilMs);
    }
  }

  async function ask<T>(request: () => Promise<T>): Promise<T> {
    // From here on nobody may give the slot back: the release would free the one that is being renewed.
    const previous = held;
    held = null;
    try {
      await acquire(previous?.nextFreeAtMs ?? 0);
    } catch (error) {
      held = previous;
      throw error;
    }
    let pauseMs = minIntervalMs;
    try {
      return await request();
    } catch (error) {
      // A blocked key stays blocked for everybody who shares it.
      pauseMs = Math.max(pauseMs, asRemoteError(error)?.facts.retryAfterMs ?? 0);
      throw error;
    } finally {
      held = { keyTag, holder, nextFreeAtMs: clock.nowMs() + pauseMs };
      // A block outlasts the lease: it is written down at once, should this process die.
      if (pauseMs > minIntervalMs) await gate.release(held);
    }
  }

  // The gate tells holders apart, not the requests of one.
  let lastTurn: Promise<unknown> = Promise.resolve();

  return {
    inTurn(request) {
      const turn = lastTurn.then(() => ask(request));
      lastTurn = turn.catch(() => undefined);
      return turn;
    },
    takeSlot() {
      const slot = held;
      held = null;
      return slot;
    },
  };
}

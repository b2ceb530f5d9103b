import type { CallObserver } from '../ports/call-observer';
import type { Clock } from '../ports/clock';
import type { RequestBudget } from '../ports/request-budget';

export interface RequestPaceOptions {
  readonly budget: RequestBudget;
  readonly clock: Clock;
  /** Requests of one account per second, whoever sends them. */
  readonly requestsPerSecond: number;
}

/**
 * A request that a busy process sends late may be followed a little sooner than usual, so that the rate is kept on
 * average: at nine requests a second still more than a tenth of a second apart.
 */
const CATCHING_UP = 0.93;

/** Resolves when the account's next request may be sent. */
export type InTurn = (crmUrl: string, observer?: CallObserver) => Promise<void>;

/**
 * Two guards: the shared budget spaces what all processes reserve, and requests of this process keep almost that
 * distance when they are really sent, so that a moment of standstill is not made up for by a burst.
 */
export function createRequestPace({ budget, clock, requestsPerSecond }: RequestPaceOptions): InTurn {
  const spacingMs = 1000 / requestsPerSecond;
  const lastSent = new Map<string, Promise<number>>();

  return async (crmUrl, observer) => {
    const reservedMs = await budget.reserve({ budgetKey: crmUrl, nowMs: clock.nowMs(), spacingMs });
    const before = lastSent.get(crmUrl) ?? Promise.resolve(Number.NEGATIVE_INFINITY);
    const mine = before.then(async (sentMs) => {
      const dueMs = Math.max(reservedMs, sentMs + spacingMs * CATCHING_UP);
      if (dueMs <= clock.nowMs()) return clock.nowMs();
      observer?.waiting(dueMs);
      await clock.sleep(dueMs - clock.nowMs());
      observer?.waiting(null);
      return clock.nowMs();
    });
    // One that broke must not break all that come after it.
    lastSent.set(
      crmUrl,
      mine.catch(() => clock.nowMs()),
    );
    await mine;
  };
}

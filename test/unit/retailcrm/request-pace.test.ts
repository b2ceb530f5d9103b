import type { CallObserver } from '../../../functions/ports/call-observer';
import type { Clock } from '../../../functions/ports/clock';
import type { RequestBudget } from '../../../functions/ports/request-budget';
import { createRequestPace, type InTurn } from '../../../functions/retailcrm/request-pace';
import { createVirtualClock } from '../../support/clock';
import { createMemoryRequestBudget } from '../../support/memory/request-budget';

const SHOP = 'https://shop.example.test';

function paceOf(clock: Clock, budget: RequestBudget = createMemoryRequestBudget()): InTurn {
  return createRequestPace({ clock, budget, requestsPerSecond: 10 });
}

/** When each of the turns came. */
async function turnsOf(clock: Clock, turns: readonly InTurn[]): Promise<number[]> {
  const atMs: number[] = [];
  await Promise.all(turns.map((inTurn) => inTurn(SHOP).then(() => atMs.push(clock.nowMs()))));
  return atMs;
}

function smallestGap(atMs: readonly number[]): number {
  return Math.min(...atMs.slice(1).map((later, index) => later - (atMs[index] ?? 0)));
}

describe('the pace of an account', () => {
  it('is kept by all processes together, however many requests at once', async () => {
    const clock = createVirtualClock(1_000_000);
    const budget = createMemoryRequestBudget();
    const [one, other] = [paceOf(clock, budget), paceOf(clock, budget)];

    const atMs = await turnsOf(clock, [one, other, one, other, one, other]);

    expect(atMs).toEqual([0, 100, 200, 300, 400, 500].map((ms) => 1_000_000 + ms));
  });

  it('is no reason to wait when nobody has asked lately', async () => {
    const clock = createVirtualClock(1_000_000);
    const inTurn = paceOf(clock);

    await inTurn(SHOP);
    await clock.sleep(100);
    await inTurn(SHOP);

    expect(clock.slept).toEqual([100]);
  });

  it('is counted apart for each account', async () => {
    const clock = createVirtualClock();
    const inTurn = paceOf(clock);

    await Promise.all([inTurn('https://a.example.test'), inTurn('https://b.example.test')]);

    expect(clock.slept).toEqual([]);
  });

  it('is kept when the process is held up: what it missed does not go out in one burst', async () => {
    const clock = createVirtualClock();
    const heldUp = { fromMs: 250, toMs: 1_250 };
    const stalling: Clock = {
      ...clock,
      sleep(ms) {
        const wakeAtMs = clock.nowMs() + ms;
        const isMissed = wakeAtMs > heldUp.fromMs && wakeAtMs < heldUp.toMs;
        return clock.sleep(isMissed ? heldUp.toMs - clock.nowMs() : ms);
      },
    };
    const inTurn = paceOf(stalling);

    const atMs = await turnsOf(
      stalling,
      Array.from({ length: 15 }, () => inTurn),
    );

    expect(atMs).toHaveLength(15);
    expect(smallestGap(atMs)).toBeGreaterThanOrEqual(93);
  });

  it('does not keep a request from going out for ever when every timer is late', async () => {
    const clock = createVirtualClock();
    const late: Clock = { ...clock, sleep: (ms) => clock.sleep(ms + 5_000) };
    const inTurn = paceOf(late);

    const atMs = await turnsOf(late, [inTurn, inTurn, inTurn, inTurn]);

    expect(atMs).toHaveLength(4);
    expect(smallestGap(atMs)).toBeGreaterThanOrEqual(93);
  });

  it('is told to whoever watches the run while it waits', async () => {
    const told: (number | null)[] = [];
    const observer: CallObserver = { called: () => undefined, waiting: (untilMs) => told.push(untilMs) };
    const busy: RequestBudget = { reserve: ({ nowMs }) => Promise.resolve(nowMs + 100) };

    await paceOf(createVirtualClock(), busy)(SHOP, observer);

    expect(told).toEqual([100, null]);
  });

  it('is kept by those after one whose reservation or waiting broke', async () => {
    const clock = createVirtualClock();
    const memory = createMemoryRequestBudget();
    const broken = new Error('the database is away');
    let isAway = true;
    const budget: RequestBudget = {
      reserve: (request) => (isAway ? Promise.reject(broken) : memory.reserve(request)),
    };
    const inTurn = paceOf(clock, budget);
    await expect(inTurn(SHOP)).rejects.toBe(broken);
    isAway = false;
    const watched = {
      called: () => undefined,
      waiting: () => {
        throw broken;
      },
    };

    const answers = await Promise.allSettled([inTurn(SHOP), inTurn(SHOP, watched), inTurn(SHOP)]);

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(100);
  });
});

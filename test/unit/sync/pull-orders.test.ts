import fc from 'fast-check';
import type { Window } from '../../../functions/domain/cursor-window';
import type { ListedRow } from '../../../functions/domain/marketplace-order';
import { failureOf } from './failure-of';
import { askedAhead, pullOrders, type PulledPage } from '../../../functions/sync/pull-orders';
import { anOrder } from '../domain/builders';

const MINUTE = 60_000;
const SECOND = 1_000;

function rowsOf(...codes: string[]): ListedRow[] {
  return codes.map((code) => ({ kind: 'order', order: anOrder({ code }), raw: '{}' }));
}

interface Told {
  readonly rows?: readonly ListedRow[];
  readonly full: boolean;
}

/** A cabinet of which only the list is asked. */
function aCabinet(answer: (window: Window) => Told) {
  const asked: Window[] = [];
  return {
    asked,
    listChangedOrders(window: Window) {
      asked.push(window);
      return Promise.resolve({ rows: [], askedAtMs: 77 + asked.length, ...answer(window) });
    },
    readRow: failureOf('readRow'),
    listStatuses: failureOf('listStatuses'),
    setStatus: failureOf('setStatus'),
    takeSlot: () => null,
  };
}

async function pagesOf(pages: AsyncIterable<PulledPage>): Promise<PulledPage[]> {
  const all: PulledPage[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

describe('a window of orders', () => {
  it('is one page when one answer holds it', async () => {
    const rows = rowsOf('1', '2');
    const zzap = aCabinet(() => ({ rows, full: false }));
    const window = { fromMs: 0, toMs: 240 * MINUTE, open: true };

    expect(await pagesOf(pullOrders(zzap, window))).toMatchObject([
      { rows, askedAtMs: 78, settlesToMs: 240 * MINUTE, overfullFromMs: null },
    ]);
    expect(zzap.asked).toEqual([window]);
  });

  it('is asked again in halves when its answer is full, earlier ones first, and its rows are passed on', async () => {
    const zzap = aCabinet(({ fromMs, toMs }) => ({
      rows: rowsOf(`${fromMs}-${toMs}`),
      full: toMs - fromMs > 120 * MINUTE,
    }));

    const pages = await pagesOf(pullOrders(zzap, { fromMs: 0, toMs: 240 * MINUTE, open: true }));

    // A second of seam makes the first half too wide, so it is halved once more.
    expect(zzap.asked).toEqual([
      { fromMs: 0, toMs: 240 * MINUTE, open: true },
      { fromMs: 0, toMs: 120 * MINUTE + SECOND, open: false },
      { fromMs: 0, toMs: 60 * MINUTE + 1_500, open: false },
      { fromMs: 60 * MINUTE + 500, toMs: 120 * MINUTE + SECOND, open: false },
      { fromMs: 120 * MINUTE, toMs: 240 * MINUTE, open: true },
    ]);
    expect(pages.map(({ rows }) => rows.length)).toEqual([1, 1, 1, 1, 1]);
    expect(pages.map(({ settlesToMs }) => settlesToMs)).toEqual([
      null,
      null,
      60 * MINUTE + 1_500,
      120 * MINUTE + SECOND,
      240 * MINUTE,
    ]);
  });

  it('leaves no moment out and never settles more than was asked, however it is split', async () => {
    const window = { fromMs: 0, toMs: 240 * MINUTE, open: true };
    const zzap = aCabinet(({ fromMs, toMs }) => ({
      full: fromMs < 100 * MINUTE && toMs - fromMs > 7 * MINUTE,
    }));
    let settledToMs = window.fromMs;

    for await (const page of pullOrders(zzap, window)) {
      const asked = zzap.asked.at(-1);
      if (page.settlesToMs === null) continue;
      expect(asked?.fromMs).toBeLessThanOrEqual(settledToMs);
      expect(page.settlesToMs).toBe(asked?.toMs);
      settledToMs = page.settlesToMs;
    }

    expect(settledToMs).toBe(window.toMs);
    expect(zzap.asked.at(-1)).toMatchObject({ toMs: window.toMs, open: true });
  });

  it('of a minute is not split further: what may be missing is told', async () => {
    const window = { fromMs: 5_000, toMs: 5_000 + MINUTE, open: true };
    const zzap = aCabinet(() => ({ rows: rowsOf('1'), full: true }));

    expect(await pagesOf(pullOrders(zzap, window))).toMatchObject([
      { rows: rowsOf('1'), askedAtMs: 78, settlesToMs: window.toMs, overfullFromMs: 5_000 },
    ]);
  });

  it('ends even when every answer is full', async () => {
    const zzap = aCabinet(() => ({ full: true }));

    const pages = await pagesOf(pullOrders(zzap, { fromMs: 0, toMs: 240 * MINUTE, open: true }));

    const leaves = pages.filter(({ settlesToMs }) => settlesToMs !== null);
    expect(leaves.every(({ overfullFromMs }) => overfullFromMs !== null)).toBe(true);
    expect(leaves.at(-1)?.settlesToMs).toBe(240 * MINUTE);
    expect(zzap.asked.length).toBeLessThan(1_000);
  });

  it('is whole when one answer held it, and never when it was split or full', async () => {
    const wholeOf = async (full: (width: number) => boolean) => {
      const zzap = aCabinet(({ fromMs, toMs }) => ({ full: full(toMs - fromMs) }));
      const pages = await pagesOf(pullOrders(zzap, { fromMs: 0, toMs: 2 * MINUTE, open: true }));
      return pages.map(({ wholeWindow }) => wholeWindow);
    };

    expect(await wholeOf(() => false)).toEqual([true]);
    expect(await wholeOf((width) => width > 90_000)).toEqual([false, false, false]);
    expect(new Set(await wholeOf(() => true))).toEqual(new Set([false]));
  });

  it('is cut where its orders crowd', async () => {
    const crowd = [231, 235, 236].map((minute) => ({
      kind: 'order' as const,
      order: anOrder({ code: `${minute}`, createdAtMs: minute * MINUTE }),
      raw: '{}',
    }));
    const zzap = aCabinet(({ fromMs, toMs }) => ({ rows: crowd, full: toMs - fromMs > 239 * MINUTE }));

    await pagesOf(pullOrders(zzap, { fromMs: 0, toMs: 240 * MINUTE, open: true }));

    expect(zzap.asked.slice(1)).toEqual([
      { fromMs: 0, toMs: 235 * MINUTE + SECOND, open: false },
      { fromMs: 235 * MINUTE, toMs: 240 * MINUTE, open: true },
    ]);
  });

  it('brings every order however ZZap cuts its answers and whenever they were made, in a bounded number of requests', async () => {
    const aRow = fc.record({
      eventMs: fc.integer({ min: 0, max: 240 * MINUTE }),
      ageMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000 * MINUTE })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(aRow, { maxLength: 120 }),
        fc.integer({ min: 2, max: 20 }),
        async (orders, most) => {
          const all = orders.map(({ eventMs, ageMs }, index) => ({
            eventMs,
            row: {
              kind: 'order' as const,
              order: anOrder({ code: String(index), createdAtMs: eventMs - ageMs }),
              raw: '{}',
            },
          }));
          const zzap = aCabinet(({ fromMs, toMs }) => {
            const fitting = all.filter(({ eventMs }) => eventMs >= fromMs && eventMs <= toMs);
            return { rows: fitting.slice(0, most).map(({ row }) => row), full: fitting.length >= most };
          });

          const pages = await pagesOf(pullOrders(zzap, { fromMs: 0, toMs: 240 * MINUTE, open: true }));

          const brought = new Set(
            pages.flatMap(({ rows }) => rows.map((row) => (row.kind === 'order' ? row.order.code : ''))),
          );
          const isTold = pages.some(({ overfullFromMs }) => overfullFromMs !== null);
          expect(isTold || brought.size === orders.length).toBe(true);
          expect(pages.at(-1)?.settlesToMs).toBe(240 * MINUTE);
          expect(zzap.asked.length).toBeLessThan(1_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of one moment or none is one page', async () => {
    const zzap = aCabinet(() => ({ full: true }));

    const pages = await pagesOf(pullOrders(zzap, { fromMs: 10, toMs: 10, open: true }));

    expect(pages).toHaveLength(1);
  });
});

describe('asking ahead', () => {
  function aDoor() {
    let resolve: (page: number) => void = () => undefined;
    let reject: (error: Error) => void = () => undefined;
    const promise = new Promise<number>((open, shut) => {
      resolve = open;
      reject = shut;
    });
    promise.catch(() => undefined);
    return { promise, resolve, reject };
  }

  /** Pages that come only when the test lets them. */
  function gated(count: number) {
    const doors = Array.from({ length: count }, aDoor);
    const asked: number[] = [];
    let isClosed = false;
    async function* pages(): AsyncGenerator<number, void> {
      try {
        for (const [index, door] of doors.entries()) {
          asked.push(index);
          yield await door.promise;
        }
      } finally {
        isClosed = true;
      }
    }
    return { doors, asked, pages: pages(), isClosed: () => isClosed };
  }

  it('begins the next request while the caller works, and only that one', async () => {
    const { doors, asked, pages } = gated(3);
    const ahead = askedAhead(pages);
    doors[0]?.resolve(10);

    const first = await ahead.next();

    expect(first).toEqual({ done: false, value: 10 });
    expect(asked).toEqual([0, 1]);

    doors[1]?.resolve(11);
    await doors[1]?.promise;

    expect(asked).toEqual([0, 1]);
    expect(await ahead.next()).toEqual({ done: false, value: 11 });
    expect(asked).toEqual([0, 1, 2]);
  });

  it('gives all pages in their order and then ends', async () => {
    const { doors, pages, isClosed } = gated(3);
    doors.forEach((door, index) => door.resolve(index));
    const seen: number[] = [];

    for await (const page of askedAhead(pages)) seen.push(page);

    expect(seen).toEqual([0, 1, 2]);
    expect(isClosed()).toBe(true);
  });

  it('asks for nothing more when the caller gives up, and has nothing under way afterwards', async () => {
    const { doors, asked, pages, isClosed } = gated(3);
    doors[0]?.resolve(10);
    const ended: string[] = [];
    const caller = (async () => {
      for await (const page of askedAhead(pages)) throw new Error(`no time for ${page}`);
    })().catch((error: unknown) => ended.push(String(error)));

    await new Promise(setImmediate);
    expect(ended).toEqual([]);
    expect(isClosed()).toBe(false);

    doors[1]?.resolve(11);
    await caller;

    expect(ended).toEqual(['Error: no time for 10']);
    expect(asked).toEqual([0, 1]);
    expect(isClosed()).toBe(true);
  });

  it("tells a failure where its page would have come, and not over the caller's own", async () => {
    const failing = gated(2);
    failing.doors[0]?.resolve(10);
    failing.doors[1]?.reject(new Error('ZZap does not answer'));
    const seen: number[] = [];

    await expect(
      (async () => {
        for await (const page of askedAhead(failing.pages)) seen.push(page);
      })(),
    ).rejects.toThrow('ZZap does not answer');

    expect(seen).toEqual([10]);

    const abandoned = gated(2);
    abandoned.doors[0]?.resolve(10);
    abandoned.doors[1]?.reject(new Error('ZZap does not answer'));

    await expect(
      (async () => {
        for await (const page of askedAhead(abandoned.pages)) throw new Error(`no time for ${page}`);
      })(),
    ).rejects.toThrow('no time for 10');
  });
});

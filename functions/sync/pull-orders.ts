import { splitWindow, type Window } from '../domain/cursor-window';
import type { ListedRow } from '../domain/marketplace-order';
import type { ZzapCabinet } from '../ports/zzap-cabinet';

export interface PulledPage {
  readonly rows: readonly ListedRow[];
  readonly askedAtMs: number;
  /** Once these rows are settled, every event before this instant is. Null: parts of the window are to come. */
  readonly settlesToMs: number | null;
  /** The answer is all there is: nothing was split and no further page follows. */
  readonly wholeWindow: boolean;
  /** The shortest window asked still had a full answer: what begins here may lack rows. */
  readonly overfullFromMs: number | null;
}

/**
 * Pages of a window, earlier parts first. A full answer is passed on at once, since its rows are real, and its
 * window is asked again in halves, since the rest of it is missing.
 */
export async function* pullOrders(zzap: ZzapCabinet, window: Window): AsyncGenerator<PulledPage, void> {
  const windows = [{ window, depth: 0 }];
  for (let next = windows.shift(); next; next = windows.shift()) {
    const { window: current, depth } = next;
    const { rows, full, askedAtMs } = await zzap.listChangedOrders(current);
    const halves = full ? splitWindow(current, cutOf(rows, depth)) : null;
    if (halves) windows.unshift(...halves.map((half) => ({ window: half, depth: depth + 1 })));
    yield {
      rows,
      askedAtMs,
      settlesToMs: halves ? null : current.toMs,
      wholeWindow: depth === 0 && !full,
      overfullFromMs: full && !halves ? current.fromMs : null,
    };
  }
}

/**
 * Where to cut a window that is too full. Orders crowd at its end, so half of those seen is a better guess than
 * half of the time; every other cut is in the middle all the same, since the last event, by which ZZap filters,
 * may be much younger than the order.
 */
function cutOf(rows: readonly ListedRow[], depth: number): number | null {
  if (depth % 2 === 1) return null;
  const createdAtMs = rows
    .flatMap((row) => (row.kind === 'order' && row.order.createdAtMs !== null ? [row.order.createdAtMs] : []))
    .sort((a, b) => a - b);
  return createdAtMs[Math.floor(createdAtMs.length / 2)] ?? null;
}

/**
 * Asks for the next page while the caller works on the one it has: the remotes' paces overlap. When the caller
 * gives up, the request under way is awaited: afterwards nobody holds a slot that nobody gives back.
 */
export async function* askedAhead<Page>(pages: AsyncGenerator<Page, void>): AsyncGenerator<Page, void> {
  let next = pages.next();
  try {
    for (;;) {
      const current = await next;
      if (current.done) return;
      next = pages.next();
      // A caller that gives up leaves this one unread.
      next.catch(() => undefined);
      yield current.value;
    }
  } finally {
    await pages.return();
  }
}

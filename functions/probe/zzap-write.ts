import type { Clock } from '../ports/clock';
import { OPEN_WINDOW_AHEAD_MS } from '../zzap/assumptions';
import { toMoscow } from '../zzap/moscow-time';
import type { CallZzap } from './zzap-call';
import { hasOrder, listedRowsOf, windowOf } from './zzap-orders';

/** What became of the write; `lagMs` is how long reads took to show it, null when they did not in time. */
export type ZzapWrite =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-taken' }
  /** It was taken; something had happened to the order just before, so a read of it proves nothing. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'watched'; readonly lagMs: number | null; readonly watchedMs: number };

const BEFORE_MS = 2 * 60_000;
const SEARCH_MS = 90 * 24 * 3_600_000;
/** As long as the module takes an old status for stale. */
const WATCH_MAX_MS = 60_000;

/**
 * Writes to the named order the status it has, and watches how long reads need to show that something happened.
 * The status is read right before, so that a change by somebody else is not undone.
 */
export async function writeAndWatch(call: CallZzap, code: string, clock: Clock): Promise<ZzapWrite> {
  const startedAtMs = clock.nowMs();
  const listSince = (name: 'before-write' | 'after-write', sinceMs: number) => {
    const end = toMoscow(clock.nowMs() + OPEN_WINDOW_AHEAD_MS);
    return call(name, 'GetSellerOrdersV3', windowOf(toMoscow(startedAtMs - sinceMs), end));
  };
  const wasRecent = hasOrder(await listSince('after-write', BEFORE_MS), code);
  const listed = listedRowsOf(await listSince('before-write', SEARCH_MS));
  const current = listed.find((row) => row.kind === 'order' && row.order.code === code);
  if (current?.kind !== 'order') return { kind: 'not-found' };
  const written = await call('write', 'SetOrderStatusV3', {
    code_order: code,
    code_track: String(current.order.statusCode),
    response: '',
    call_data: '',
  });
  if (written.read.kind !== 'data') return { kind: 'not-taken' };
  if (wasRecent) return { kind: 'taken' };
  for (;;) {
    const after = await listSince('after-write', BEFORE_MS);
    const watchedMs = after.startedAtMs - written.endedAtMs;
    if (hasOrder(after, code)) return { kind: 'watched', lagMs: watchedMs, watchedMs };
    if (watchedMs > WATCH_MAX_MS || after.read.kind !== 'data') {
      return { kind: 'watched', lagMs: null, watchedMs };
    }
  }
}

import type { MarketplaceOrder } from '../domain/marketplace-order';
import type { Clock } from '../ports/clock';
import { OPEN_WINDOW_AHEAD_MS } from '../zzap/assumptions';
import { toMoscow } from '../zzap/moscow-time';
import { recording, untilEnded } from './recording';
import { rowsOf } from './zzap-answer';
import {
  createZzapCaller,
  type CallZzap,
  type ZzapCall,
  type ZzapCallName,
  type ZzapDoor,
} from './zzap-call';
import { hasOrder, listedRowsOf, windowOf } from './zzap-orders';
import { writeAndWatch, type ZzapWrite } from './zzap-write';

export interface ZzapWishes {
  /** One call with a wrong password: some services lock an account after several. */
  readonly tryWrongPassword: boolean;
  /** Order to which the status it has is written again; null: nothing is written. */
  readonly writeOrder: string | null;
}

/** Everything that came back from ZZap. Calls that were not made are missing. */
export interface ZzapReadings {
  readonly calls: Readonly<Partial<Record<ZzapCallName, ZzapCall>>>;
  readonly all: readonly ZzapCall[];
  /** The key looks as those of the newer API do. */
  readonly hasNewerKey: boolean;
  /** Start of the window of `recent`. */
  readonly recentFromMs: number;
  /** Number of the order that the narrow windows are about. */
  readonly oneCode: string | null;
  readonly write: ZzapWrite | null;
}

const DAY_MS = 24 * 3_600_000;
const RECENT_DAYS = 3;
const OLDER_DAYS = 30;
/** On both sides of an order's last event: ZZap's dates may be finer than a millisecond. */
const AROUND_MS = 1_000;

const NEWER_KEY = /^zzap\d+_/;

/** A handful of reading calls, one at a time; stops when the key is blocked or the credentials are refused. */
export async function readZzap(door: ZzapDoor, wishes: ZzapWishes, clock: Clock): Promise<ZzapReadings> {
  const { made, call } = recording(createZzapCaller(door, clock), isBlocked);
  const recentFromMs = clock.nowMs() - RECENT_DAYS * DAY_MS;
  const found: { one: MarketplaceOrder | null; write: ZzapWrite | null } = { one: null, write: null };
  await untilEnded(async () => {
    const dictionary = await call('dictionary', 'GetCodesTrack', {});
    if (dictionary.read.kind !== 'data') return;
    found.one = (await readOrders(call, clock, recentFromMs)).reduce<MarketplaceOrder | null>(newer, null);
    if (found.one !== null) await readAround(call, found.one);
    if (wishes.writeOrder !== null) found.write = await writeAndWatch(call, wishes.writeOrder, clock);
    if (!wishes.tryWrongPassword) return;
    await call('wrong-password', 'GetCodesTrack', {}, `${door.credentials.password}-wrong`);
  });
  const calls = Object.fromEntries(made.map((one) => [one.name, one]));
  const hasNewerKey = NEWER_KEY.test(door.credentials.apiKey);
  return {
    calls,
    all: made,
    hasNewerKey,
    recentFromMs,
    oneCode: found.one?.code ?? null,
    write: found.write,
  };
}

function isBlocked({ read }: ZzapCall): boolean {
  return read.kind === 'blocked' || (read.kind === 'complaint' && read.facts.kind === 'rate-limited');
}

/** Orders made last have most probably had no other event than being made. */
function newer(found: MarketplaceOrder | null, order: MarketplaceOrder): MarketplaceOrder | null {
  if (order.createdAtMs === null) return found;
  return found === null || order.createdAtMs > (found.createdAtMs ?? 0) ? order : found;
}

/** Orders of the last days, or of the last weeks where those were quiet. */
async function readOrders(
  call: CallZzap,
  clock: Clock,
  recentFromMs: number,
): Promise<readonly MarketplaceOrder[]> {
  const openEnd = toMoscow(clock.nowMs() + OPEN_WINDOW_AHEAD_MS);
  const recent = await call('recent', 'GetSellerOrdersV3', windowOf(toMoscow(recentFromMs), openEnd));
  if (recent.read.kind === 'complaint') {
    // Is it the end in the future that is refused?
    const now = toMoscow(clock.nowMs());
    await call('recent-until-now', 'GetSellerOrdersV3', windowOf(toMoscow(recentFromMs), now));
  }
  if (recent.read.kind !== 'data') return [];
  const isQuiet = rowsOf(recent.read).length === 0;
  const from = toMoscow(isQuiet ? recentFromMs - OLDER_DAYS * DAY_MS : recentFromMs);
  const source = isQuiet ? await call('older', 'GetSellerOrdersV3', windowOf(from, openEnd)) : recent;
  if (rowsOf(source.read).length > 1) await call('limited', 'GetSellerOrdersV3', windowOf(from, openEnd, 1));
  return listedRowsOf(source).flatMap((row) => (row.kind === 'order' ? [row.order] : []));
}

/** The same second around one order's making: as the module writes it, and in the other ways it might be read. */
async function readAround(call: CallZzap, one: MarketplaceOrder): Promise<void> {
  const atMs = one.createdAtMs ?? 0;
  const bounds = (write: (ms: number) => string, aroundMs: number) =>
    windowOf(write(atMs - aroundMs), write(atMs + aroundMs));
  const found = await call('around-one', 'GetSellerOrdersV3', bounds(toMoscow, AROUND_MS));
  if (!hasOrder(found, one.code)) {
    await call('around-one-as-utc', 'GetSellerOrdersV3', bounds(toUtc, AROUND_MS));
    return;
  }
  await call(
    'around-one-with-z',
    'GetSellerOrdersV3',
    bounds((ms) => `${toMoscow(ms)}Z`, AROUND_MS),
  );
  await call('at-one', 'GetSellerOrdersV3', bounds(toMoscow, 0));
}

function toUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}

import { formatMoscow } from './moscow-time';

/** A row of GetSellerOrdersV3 without what the sandbox computes. Values may be of any type: tests put oddities in. */
export type RawRow = Record<string, unknown>;

/** What one server of the service knows about an order from `visibleAtMs` on. */
export interface OrderVersion {
  eventAtMs: number;
  visibleAtMs: number;
  status: number;
  response: string;
  row: RawRow;
}

export type Actor = 'seller' | 'buyer';

export interface OrderEvent {
  atMs: number;
  by: Actor;
  status: number;
  response: string;
}

export interface SandboxOrder {
  account: string;
  code: number;
  createdAtMs: number;
  /** Oldest first; the last one is the truth, reads show the last visible one. */
  versions: OrderVersion[];
  /** What happened to the order, oldest first, the most recent EVENTS_KEPT of it. */
  events: OrderEvent[];
}

export interface OrderChange {
  by: Actor;
  atMs: number;
  visibleAtMs: number;
  status?: number;
  response?: string;
  /** Row fields to set. */
  set?: RawRow;
  /** Row fields that disappear. */
  drop?: readonly string[];
  /** Leaves the date of the last event alone. */
  silent?: boolean;
}

const EVENTS_KEPT = 100;

export function latestVersion(order: SandboxOrder): OrderVersion {
  const version = order.versions.at(-1);
  if (version === undefined) throw new Error(`Order ${order.code} has no version.`);
  return version;
}

/** undefined: the order has not reached the servers that answer reads. */
export const visibleVersion = (order: SandboxOrder, nowMs: number): OrderVersion | undefined =>
  order.versions.findLast((version) => version.visibleAtMs <= nowMs);

export function changeOrder(order: SandboxOrder, change: OrderChange): SandboxOrder {
  const before = latestVersion(order);
  const after: OrderVersion = {
    eventAtMs: change.silent === true ? before.eventAtMs : change.atMs,
    visibleAtMs: change.visibleAtMs,
    status: change.status ?? before.status,
    response: change.response ?? before.response,
    row: changeRow(before.row, change),
  };
  const event = { atMs: change.atMs, by: change.by, status: after.status, response: after.response };
  return {
    ...order,
    versions: [...stillShown(order.versions, change.atMs), after],
    events: [...order.events, event].slice(-EVENTS_KEPT),
  };
}

function changeRow(row: RawRow, { status, set, drop = [] }: OrderChange): RawRow {
  const forgotten = new Set(status === undefined ? drop : [...drop, 'code_track']);
  const kept = Object.entries(row).filter(([field]) => !forgotten.has(field));
  return { ...Object.fromEntries(kept), ...set };
}

/** Versions that no read can show any more are forgotten. */
function stillShown(versions: readonly OrderVersion[], nowMs: number): OrderVersion[] {
  const shown = versions.findLastIndex((version) => version.visibleAtMs <= nowMs);
  return versions.slice(Math.max(shown, 0));
}

/** Raw fields come last: a test may replace even the number and the date of an order. */
export const toRow = (order: SandboxOrder, version: OrderVersion): RawRow => ({
  code_order: order.code,
  create_date: formatMoscow(order.createdAtMs),
  code_track: version.status,
  ...version.row,
});

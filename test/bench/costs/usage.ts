/** What one connection does and what the stack is. A test compares what the stack says with the stack. */
export interface Habits {
  /** Stack: the function that synchronises. */
  readonly syncMemoryMb: number;
  /** Measured on a developer's machine with the sandbox, not on Lambda: median of 30 idle ticks of the bundle. */
  readonly idleTickMs: number;
  /** Assumed: how long ZZap takes to answer. The function waits for it and is paid for it. */
  readonly zzapAnswerMs: number;
  /** Assumed: statuses travel from RetailCRM to ZZap, so each tick reads its history as well. */
  readonly historyAnswerMs: number;
  readonly ordersPerDay: number;
  /** Assumed: its creation and its changes of status, each found by a tick that has work to do. */
  readonly eventsPerOrder: number;
  /** Assumed: what such an event adds to a tick. */
  readonly eventMs: number;
  /** RetailCRM's calls of an event; each reserves its moment in one write. */
  readonly crmCallsPerEvent: number;
  /** An order link with its trace; it lies in the table and in the index by RetailCRM's number. */
  readonly orderLinkBytes: number;
  readonly orderLinkWritesPerEvent: number;
  readonly runRecordBytes: number;
  readonly runRecordWritesPerEvent: number;
  readonly runRecordDays: number;
  /** The age of the oldest orders: links have no end. */
  readonly monthsOfOrders: number;
  /** Credentials and the account's key: each is forgotten after five minutes. */
  readonly secretsPerTick: number;
  /** START, END and REPORT, which Lambda writes for every call. */
  readonly logBytesPerCall: number;
  readonly logBytesPerEvent: number;
  readonly logMonthsKept: number;
  /** Requests to ZZap and RetailCRM with their handshakes. */
  readonly bytesOutPerTick: number;
}

export const HABITS: Habits = {
  syncMemoryMb: 1024,
  idleTickMs: 15,
  zzapAnswerMs: 800,
  historyAnswerMs: 200,
  ordersPerDay: 20,
  eventsPerOrder: 4,
  eventMs: 2_000,
  crmCallsPerEvent: 3,
  orderLinkBytes: 3_000,
  orderLinkWritesPerEvent: 2,
  runRecordBytes: 1_000,
  runRecordWritesPerEvent: 4,
  runRecordDays: 90,
  monthsOfOrders: 12,
  secretsPerTick: 2,
  logBytesPerCall: 420,
  logBytesPerEvent: 600,
  logMonthsKept: 1,
  bytesOutPerTick: 6_000,
};

/** What costs the same whatever the number of connections. */
export const STACK = {
  /** At most: values of a field that are metrics of their own are paid when they happen. */
  metrics: 30,
  alarms: 15,
  dashboards: 1,
  keys: 2,
  caretakerMemoryMb: 512,
  watchesPerDay: 96,
  /** Lambda asks an empty queue with five waiting requests of twenty seconds. */
  pollers: 5,
  pollSeconds: 20,
  /** DynamoDB asks for the key of each of five tables for four roles, about every five minutes. */
  tableKeyCallsPerDay: 5 * 4 * 288,
} as const;

/** One of the caretaker's connections at a time: a consistent read of the cursor and its share of a page. */
export const CARETAKER = { msPerConnection: 6, readUnitsPerConnection: 1.5 } as const;

export const MONTH_DAYS = 30;
const DAY_MINUTES = 1_440;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;
const OVERLAP_HOURS = 4;

export const writeUnits = (bytes: number): number => Math.ceil(bytes / WRITE_UNIT_BYTES);
/** Of a consistent read. */
export const readUnits = (bytes: number): number => Math.ceil(bytes / READ_UNIT_BYTES);

/** A row of the digest is `"512000101":"abcdefghijk",`; the rest of a cursor stays below the first number. */
export const cursorBytes = (rows: number): number => 640 + 26 * rows;

/** Orders with an event in the last four hours, if each event is of another order. At most 2,000 are remembered. */
export function rowsRemembered({ ordersPerDay, eventsPerOrder }: Habits): number {
  return Math.min(2_000, Math.ceil((ordersPerDay * eventsPerOrder * OVERLAP_HOURS) / 24));
}

export const ticksPerMonth = (intervalMinutes: number): number =>
  (DAY_MINUTES / intervalMinutes) * MONTH_DAYS;

/** Account, connection, mapping, each within one unit, and the cursor: one batch, consistent. */
export const idleReadUnits = (rows: number): number => 3 + readUnits(cursorBytes(rows));

/**
 * The slot is taken (one small item), then cursor and slot are written together, where a transaction counts double;
 * and the moment of the history call is reserved.
 */
export const idleWriteUnits = (rows: number): number => 1 + 2 * (writeUnits(cursorBytes(rows)) + 1) + 1;

import type { Prices } from './prices';
import {
  CARETAKER,
  cursorBytes,
  idleReadUnits,
  idleWriteUnits,
  MONTH_DAYS,
  rowsRemembered,
  STACK,
  ticksPerMonth,
  writeUnits,
  type Habits,
} from './usage';

export const SERVICES = [
  'Lambda',
  'KMS',
  'DynamoDB',
  'SQS',
  'Scheduler',
  'Logs',
  'Data out',
  'Caretaker',
  'Alarms and metrics',
] as const;
export type Service = (typeof SERVICES)[number];
export type Bill = Readonly<Record<Service, number>>;

export interface Shops {
  readonly connections: number;
  readonly intervalMinutes: number;
}

const MILLION = 1e6;
const GB = 1e9;
const MB_PER_GB = 1_024;
const DAY_SECONDS = 86_400;

/** Dollars a month by service. */
export function monthlyBill(prices: Prices, habits: Habits, shops: Shops): Bill {
  const ticks = shops.connections * ticksPerMonth(shops.intervalMinutes);
  const events = shops.connections * habits.ordersPerDay * habits.eventsPerOrder * MONTH_DAYS;
  return {
    Lambda: lambda(prices, habits, ticks, events),
    KMS:
      STACK.keys * prices.kmsPerKey +
      ((ticks * habits.secretsPerTick + STACK.tableKeyCallsPerDay * MONTH_DAYS) / 10_000) *
        prices.kmsPerTenThousand,
    DynamoDB: database(prices, habits, ticks, events) + storage(prices, habits, shops.connections),
    SQS: (queueRequests(ticks) / MILLION) * prices.fifoRequestsPerMillion,
    Scheduler: (ticks / MILLION) * prices.schedulerPerMillion,
    Logs:
      ((ticks * habits.logBytesPerCall + events * habits.logBytesPerEvent) / GB) *
      (prices.logsPerGb + habits.logMonthsKept * prices.logsPerGbMonth),
    'Data out': ((ticks * habits.bytesOutPerTick) / GB) * prices.dataOutPerGb,
    Caretaker: caretaker(prices, shops.connections),
    'Alarms and metrics':
      STACK.metrics * prices.perMetric +
      STACK.alarms * prices.perAlarm +
      STACK.dashboards * prices.perDashboard,
  };
}

export const totalOf = (bill: Bill): number => Object.values(bill).reduce((sum, usd) => sum + usd, 0);

function lambda(prices: Prices, habits: Habits, ticks: number, events: number): number {
  const tickMs = habits.idleTickMs + habits.zzapAnswerMs + habits.historyAnswerMs;
  const seconds = (ticks * tickMs + events * habits.eventMs) / 1_000;
  const gbSeconds = seconds * (habits.syncMemoryMb / MB_PER_GB);
  return (ticks / MILLION) * prices.lambdaPerMillion + gbSeconds * prices.lambdaPerGbSecond;
}

function database(prices: Prices, habits: Habits, ticks: number, events: number): number {
  const rows = rowsRemembered(habits);
  const linkUnits = 2 * writeUnits(habits.orderLinkBytes);
  const writes =
    ticks * idleWriteUnits(rows) +
    events *
      (habits.crmCallsPerEvent +
        habits.orderLinkWritesPerEvent * linkUnits +
        habits.runRecordWritesPerEvent * writeUnits(habits.runRecordBytes) +
        writeUnits(cursorBytes(rows)));
  const reads = ticks * idleReadUnits(rows);
  return (writes / MILLION) * prices.writeUnitsPerMillion + (reads / MILLION) * prices.readUnitsPerMillion;
}

/** The tables and what can be restored of them. */
function storage(prices: Prices, habits: Habits, connections: number): number {
  const orders = habits.ordersPerDay * MONTH_DAYS * habits.monthsOfOrders;
  const records = habits.ordersPerDay * habits.eventsPerOrder * habits.runRecordDays;
  const bytes = connections * (orders * 2 * habits.orderLinkBytes + records * habits.runRecordBytes);
  return (bytes / GB) * (prices.tablePerGbMonth + prices.restorePerGbMonth);
}

/** Sent, received, deleted; and the questions to an empty queue. */
function queueRequests(ticks: number): number {
  return 3 * ticks + ((MONTH_DAYS * DAY_SECONDS) / STACK.pollSeconds) * STACK.pollers;
}

function caretaker(prices: Prices, connections: number): number {
  const seen = connections * STACK.watchesPerDay * MONTH_DAYS;
  const gbSeconds = ((seen * CARETAKER.msPerConnection) / 1_000) * (STACK.caretakerMemoryMb / MB_PER_GB);
  const units = seen * CARETAKER.readUnitsPerConnection;
  return gbSeconds * prices.lambdaPerGbSecond + (units / MILLION) * prices.readUnitsPerMillion;
}

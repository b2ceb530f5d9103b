import { monthlyBill, totalOf } from '../../bench/costs/monthly';
import type { Prices } from '../../bench/costs/prices';
import {
  cursorBytes,
  HABITS,
  idleReadUnits,
  idleWriteUnits,
  readUnits,
  rowsRemembered,
  ticksPerMonth,
  writeUnits,
  type Habits,
} from '../../bench/costs/usage';
import { aCursor } from '../../contract/stores/builders';

/** Nothing has a price but what a test says. */
const FREE: Prices = {
  region: 'nowhere',
  asOf: 'never',
  source: 'this test',
  schedulerPerMillion: 0,
  fifoRequestsPerMillion: 0,
  lambdaPerMillion: 0,
  lambdaPerGbSecond: 0,
  writeUnitsPerMillion: 0,
  readUnitsPerMillion: 0,
  tablePerGbMonth: 0,
  restorePerGbMonth: 0,
  kmsPerTenThousand: 0,
  kmsPerKey: 0,
  logsPerGb: 0,
  logsPerGbMonth: 0,
  perMetric: 0,
  perAlarm: 0,
  perDashboard: 0,
  dataOutPerGb: 0,
};
const QUIET: Habits = { ...HABITS, ordersPerDay: 0 };
/** 1,000 connections every five minutes: 8,640,000 ticks in thirty days. */
const SHOPS = { connections: 1_000, intervalMinutes: 5 };

const billed = (prices: Partial<Prices>, habits: Habits = QUIET) =>
  totalOf(monthlyBill({ ...FREE, ...prices }, habits, SHOPS));

describe('the cost of a month', () => {
  it.each([
    [1, 43_200],
    [5, 8_640],
    [15, 2_880],
    [1_440, 30],
  ])('has for an interval of %d minutes %d ticks', (intervalMinutes, ticks) => {
    expect(ticksPerMonth(intervalMinutes)).toBe(ticks);
  });

  it.each([
    [1, 1, 1],
    [1_024, 1, 1],
    [1_025, 2, 1],
    [4_097, 5, 2],
  ])('counts %d bytes as %d units written and %d read', (bytes, written, read) => {
    expect([writeUnits(bytes), readUnits(bytes)]).toEqual([written, read]);
  });

  it.each([
    // 640 bytes are one unit: 1 for the slot, 2 × (1 + 1) together, 1 for RetailCRM's moment.
    [0, 4, 6],
    // 640 + 26 × 2,000 = 52,640 bytes are 52 units written and 13 read.
    [2_000, 16, 108],
  ])('spends on an idle tick that remembers %d rows %d units read and %d written', (rows, read, written) => {
    expect([idleReadUnits(rows), idleWriteUnits(rows)]).toEqual([read, written]);
  });

  it.each([0, 15, 2_000])('takes a cursor of %d rows for at least as large as it is', (rows) => {
    const digest = Object.fromEntries(
      Array.from({ length: rows }, (_, row) => [String(512_000_000 + row), 'abcdefghijk']),
    );
    const cursor = aCursor({ connectionId: `c-${'0'.repeat(20)}`, digest, version: 1_000_000 });
    const stored = JSON.stringify({ ...cursor, digest: '', schemaVersion: 1 });
    const bytes = stored.length + JSON.stringify(digest).length;

    expect(cursorBytes(rows)).toBeGreaterThanOrEqual(bytes);
    expect(cursorBytes(rows)).toBeLessThan(bytes + 200);
  });

  it('remembers the orders of four hours, 2,000 at most', () => {
    // 20 orders of 4 events are 80 a day, 13.3 in four hours.
    expect(rowsRemembered({ ...HABITS, ordersPerDay: 20, eventsPerOrder: 4 })).toBe(14);
    expect(rowsRemembered({ ...HABITS, ordersPerDay: 10_000, eventsPerOrder: 4 })).toBe(2_000);
  });

  it('pays Scheduler once for each tick', () => {
    expect(billed({ schedulerPerMillion: 1 })).toBeCloseTo(8.64, 9);
  });

  it('pays SQS for sending, receiving, deleting, and for asking an empty queue', () => {
    // 3 × 8,640,000 + 5 × 129,600 = 26,568,000 requests.
    expect(billed({ fifoRequestsPerMillion: 1 })).toBeCloseTo(26.568, 9);
  });

  it('pays Lambda for each call, and for the time by its memory', () => {
    const habits = { ...QUIET, idleTickMs: 100, zzapAnswerMs: 300, historyAnswerMs: 100, syncMemoryMb: 512 };

    expect(billed({ lambdaPerMillion: 1 }, habits)).toBeCloseTo(8.64, 9);
    // 8,640,000 × 0.5 s × 0.5 GB, and the caretaker's 2,880,000 looks × 0.006 s × 0.5 GB.
    expect(billed({ lambdaPerGbSecond: 1 }, habits)).toBeCloseTo(2_160_000 + 8_640, 3);
  });

  it('pays for the time of orders besides that of ticks', () => {
    const habits = { ...QUIET, ordersPerDay: 1, eventsPerOrder: 2, eventMs: 3_000, syncMemoryMb: 1_024 };
    const more =
      billed({ lambdaPerGbSecond: 1 }, habits) - billed({ lambdaPerGbSecond: 1 }, { ...habits, eventMs: 0 });

    // 1,000 connections × 30 days × 2 events × 3 s.
    expect(more).toBeCloseTo(180_000, 3);
  });

  it('pays KMS for two secrets of each tick, for the tables and for the keys', () => {
    // 17,280,000 + 30 × 5,760 = 17,452,800 calls.
    expect(billed({ kmsPerTenThousand: 1 })).toBeCloseTo(1_745.28, 6);
    expect(billed({ kmsPerKey: 1 })).toBe(2);
  });

  it('pays DynamoDB for six units written and four read by an idle tick', () => {
    expect(billed({ writeUnitsPerMillion: 1 })).toBeCloseTo(8.64 * 6, 9);
    // The caretaker's 2,880,000 looks × 1.5 units besides.
    expect(billed({ readUnitsPerMillion: 1 })).toBeCloseTo(8.64 * 4 + 4.32, 9);
  });

  it('pays DynamoDB for the links, records and moments of an order', () => {
    const habits = { ...HABITS, ordersPerDay: 1, eventsPerOrder: 1 };

    // 30,000 events × (3 + 2 × 2 × 3 + 4 × 1 + 1) = 600,000 units beside those of the ticks.
    expect(billed({ writeUnitsPerMillion: 1 }, habits)).toBeCloseTo(51.84 + 0.6, 9);
  });

  it('pays for keeping orders for a year and run records for 90 days', () => {
    const habits = { ...HABITS, ordersPerDay: 1, eventsPerOrder: 1 };

    // 1,000 × (360 orders × 6,000 bytes + 90 records × 1,000 bytes) = 2.25 GB.
    expect(billed({ tablePerGbMonth: 1 }, habits)).toBeCloseTo(2.25, 9);
  });

  it('pays for what is logged and sent out', () => {
    // 8,640,000 × 420 bytes and × 6,000 bytes.
    expect(billed({ logsPerGb: 1 })).toBeCloseTo(3.6288, 9);
    expect(billed({ dataOutPerGb: 1 })).toBeCloseTo(51.84, 9);
  });

  it('pays for alarms and metrics the same at every size', () => {
    // 30 × 0.3 + 15 × 0.1 + 3.
    const prices = { ...FREE, perMetric: 0.3, perAlarm: 0.1, perDashboard: 3 };

    expect(totalOf(monthlyBill(prices, HABITS, { connections: 10, intervalMinutes: 5 }))).toBeCloseTo(
      13.5,
      9,
    );
    expect(totalOf(monthlyBill(prices, HABITS, { connections: 9_999, intervalMinutes: 1 }))).toBeCloseTo(
      13.5,
      9,
    );
  });
});

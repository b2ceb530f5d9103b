import type { Trigger } from '../../../functions/domain/run-record';
import { newCursor, type SyncCursor } from '../../../functions/domain/sync-cursor';
import { wakeWhenDue } from '../../../functions/sync/wake';
import { aConnection } from '../../contract/stores/builders';
import { createMemoryLog } from '../../support/memory/log';
import { createMemorySchedules } from '../../support/memory/schedules';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;
const QUARTER = aConnection({ accountId: 'a-1', connectionId: 'c-1', intervalMinutes: 15 });
const OUTAGE = {
  remote: 'zzap',
  kind: 'unavailable',
  sinceMs: NOW,
  failures: 1,
  nextAttemptAtMs: NOW + 30_000,
} as const;

function setUp() {
  const log = createMemoryLog();
  const schedules = createMemorySchedules(() => NOW);
  const clock = { nowMs: () => NOW, sleep: () => Promise.resolve(), random: () => 0 };
  const asked = () => schedules.wakes().get('c-1')?.atMs ?? null;
  const wake = (facts: Partial<SyncCursor>, trigger: Trigger = 'tick') =>
    wakeWhenDue({ clock, schedules, log }, QUARTER, { ...newCursor('c-1'), ...facts }, trigger);
  return { log, schedules, clock, asked, wake };
}

describe('a tick of its own', () => {
  it('is asked for at the earliest thing due before the next regular one', async () => {
    const { asked, wake } = setUp();

    const cursor = await wake({ retryAtMs: NOW + 5 * MINUTE_MS, verifyAtMs: NOW + 45_000 });

    expect(asked()).toBe(NOW + 45_000);
    expect(cursor.wakeAtMs).toBe(NOW + 45_000);
  });

  it.each<[string, Partial<SyncCursor>]>([
    ['later', { retryAtMs: NOW + 5 * MINUTE_MS, verifyAtMs: NOW + 45_000 }],
    ['earlier', { retryAtMs: NOW + 10_000 }],
    ['long ago', { retryAtMs: NOW - MINUTE_MS, verifyAtMs: NOW - 1 }],
  ])(
    'is asked for at the end of the pause of an outage, though other things are due %s',
    async (_, facts) => {
      const { asked, wake } = setUp();

      expect((await wake({ ...facts, outage: OUTAGE })).wakeAtMs).toBe(NOW + 30_000);
      expect(asked()).toBe(NOW + 30_000);
    },
  );

  it('is asked for anew when an attempt within the pause has made it longer: the earlier one would be sat out', async () => {
    const { asked, wake } = setUp();
    const outage = { ...OUTAGE, failures: 5, nextAttemptAtMs: NOW + 8 * MINUTE_MS };

    expect((await wake({ outage, wakeAtMs: NOW + 5 * MINUTE_MS }, 'manual')).wakeAtMs).toBe(
      outage.nextAttemptAtMs,
    );
    expect(asked()).toBe(outage.nextAttemptAtMs);
  });

  it('is asked for anew when the connection is activated: a pause took the last one away', async () => {
    const { asked, wake } = setUp();

    await wake({ retryAtMs: NOW + 5 * MINUTE_MS, wakeAtMs: NOW + 5 * MINUTE_MS }, 'activated');

    expect(asked()).toBe(NOW + 5 * MINUTE_MS);
  });

  it.each<[string, Partial<SyncCursor>]>([
    ['nothing is due', {}],
    ['the one for the next attempt stands', { outage: OUTAGE, wakeAtMs: NOW + 30_000 }],
    ['the regular one comes first', { retryAtMs: NOW + 15 * MINUTE_MS }],
    ['an earlier one was asked for', { retryAtMs: NOW + 5 * MINUTE_MS, wakeAtMs: NOW + MINUTE_MS }],
  ])('is not asked for when %s', async (_, facts) => {
    const { asked, wake } = setUp();

    const cursor = await wake(facts);

    expect(asked()).toBeNull();
    expect(cursor).toEqual({ ...newCursor('c-1'), ...facts });
  });

  it.each([
    ['has come', NOW - 1],
    ['would come too late', NOW + 10 * MINUTE_MS],
  ])('is asked for again when the last one %s', async (_, wakeAtMs) => {
    const { asked, wake } = setUp();

    const cursor = await wake({ retryAtMs: NOW + 5 * MINUTE_MS, wakeAtMs });

    expect(asked()).toBe(NOW + 5 * MINUTE_MS);
    expect(cursor.wakeAtMs).toBe(NOW + 5 * MINUTE_MS);
  });

  it('that cannot be asked for stops nobody: the regular one does the work', async () => {
    const { log, schedules, clock } = setUp();
    const broken = { ...schedules, wakeAt: () => Promise.reject(new Error('throttled')) };
    const cursor = { ...newCursor('c-1'), retryAtMs: NOW + MINUTE_MS };

    expect(await wakeWhenDue({ clock, schedules: broken, log }, QUARTER, cursor, 'tick')).toEqual(cursor);
    expect(log.lines()).toContainEqual(expect.objectContaining({ event: 'wake.not-set' }));
  });
});

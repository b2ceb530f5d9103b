import * as z from 'zod';
import { nextSlotMs } from '../domain/schedule';
import type { Clock } from '../ports/clock';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { Schedules } from '../ports/schedules';
import type { Database } from '../storage/database';
import { createScheduleTable } from './schedule-table';
import { createWakes } from './wakes';

const schema = z.object({
  connectionId: z.string(),
  accountId: z.string(),
  intervalMinutes: z.number().positive(),
  /** Slots lie on the grid that begins here. */
  anchorMs: z.number(),
  firedAtMs: z.number(),
});
type Schedule = z.infer<typeof schema>;

export interface LocalSchedules extends Schedules {
  /** Reads what an earlier process left; slots missed meanwhile become one late tick. */
  load(): Promise<void>;
  /** Sends a tick for every schedule whose slot has come. */
  tick(): Promise<void>;
}

const MINUTE_MS = 60_000;

/** Schedules of the local run: in memory, written through to disk; somebody calls `tick` every second. */
export function createLocalSchedules(options: {
  readonly db: Database;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly log: Log;
}): LocalSchedules {
  const { db, lane, clock, log } = options;
  const schedules = new Map<string, Schedule>();
  const table = createScheduleTable(db);
  const wakes = createWakes(table, lane);

  async function fire(schedule: Schedule, slotMs: number): Promise<void> {
    const { accountId, connectionId } = schedule;
    await lane.send({ accountId, connectionId, trigger: 'tick', atMs: slotMs }, `${connectionId}@${slotMs}`);
    // Changed or removed while the tick was being sent: that stands.
    if (schedules.get(connectionId) !== schedule) return;
    const fired = { ...schedule, firedAtMs: clock.nowMs() };
    schedules.set(connectionId, fired);
    await table.put(fired);
  }

  return {
    async load() {
      for (const item of await table.readAll()) {
        if (!wakes.load(item)) schedules.set(String(item['connectionId']), schema.parse(item));
      }
    },
    async ensure(connectionId, accountId, intervalMinutes) {
      const standing = schedules.get(connectionId);
      if (standing?.accountId === accountId && standing.intervalMinutes === intervalMinutes) return false;
      const nowMs = clock.nowMs();
      const schedule = { connectionId, accountId, intervalMinutes, anchorMs: nowMs, firedAtMs: nowMs };
      schedules.set(connectionId, schedule);
      await table.put(schedule);
      return true;
    },
    wakeAt: (connectionId, accountId, atMs) => wakes.set(connectionId, accountId, atMs),
    async remove(connectionId) {
      schedules.delete(connectionId);
      await table.remove(connectionId);
      await wakes.remove(connectionId);
    },
    list: () => Promise.resolve([...schedules.keys()]),
    async tick() {
      const nowMs = clock.nowMs();
      const failed = (connectionId: string) => (error: unknown) =>
        log.error('schedule.not-fired', { connectionId }, error);
      for (const connectionId of wakes.due(nowMs)) {
        await wakes.fire(connectionId).catch(failed(connectionId));
      }
      for (const schedule of schedules.values()) {
        const dueMs = nextSlotMs(schedule.anchorMs, schedule.intervalMinutes * MINUTE_MS, schedule.firedAtMs);
        if (dueMs > nowMs) continue;
        await fire(schedule, dueMs).catch(failed(schedule.connectionId));
      }
    },
  };
}

import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { nextSlotMs } from '../domain/schedule';
import type { Clock } from '../ports/clock';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { Schedules } from '../ports/schedules';
import type { Database } from '../storage/database';
import { SCHEDULES_TABLE } from './local-tables';

const schema = z.object({
  connectionId: z.string(),
  accountId: z.string(),
  intervalMinutes: z.number().positive(),
  /** Slots lie on the grid that begins here. */
  anchorMs: z.number(),
  firedAtMs: z.number(),
});
type Schedule = z.infer<typeof schema>;

/** A tick of its own. It stands beside the connection's schedule under a key of its own. */
const wakeSchema = z.object({ connectionId: z.string(), accountId: z.string(), wakeAtMs: z.number() });
type Wake = z.infer<typeof wakeSchema>;

const WAKE_PREFIX = 'wake#';

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
  const wakes = new Map<string, Wake>();

  let written: Promise<unknown> = Promise.resolve();

  /** One after another: what is decided last is what the next process finds. */
  function inTurn(write: () => Promise<unknown>): Promise<unknown> {
    const done = written.then(write);
    written = done.catch(() => undefined);
    return done;
  }

  const store = (Item: Schedule | Wake) =>
    inTurn(() => db.client.send(new PutCommand({ TableName: SCHEDULES_TABLE, Item })));
  const erase = (key: string) =>
    inTurn(() =>
      db.client.send(new DeleteCommand({ TableName: SCHEDULES_TABLE, Key: { connectionId: key } })),
    );

  async function removeWake(connectionId: string): Promise<void> {
    if (wakes.delete(connectionId)) await erase(WAKE_PREFIX + connectionId);
  }

  async function wake(connectionId: string, due: Wake): Promise<void> {
    const { accountId, wakeAtMs } = due;
    const tick = { accountId, connectionId, trigger: 'tick', atMs: wakeAtMs } as const;
    await lane.send(tick, `${connectionId}@wake:${wakeAtMs}`);
    if (wakes.get(connectionId) === due) await removeWake(connectionId);
  }

  async function fire(schedule: Schedule, slotMs: number): Promise<void> {
    const { accountId, connectionId } = schedule;
    await lane.send({ accountId, connectionId, trigger: 'tick', atMs: slotMs }, `${connectionId}@${slotMs}`);
    // Changed or removed while the tick was being sent: that stands.
    if (schedules.get(connectionId) !== schedule) return;
    const fired = { ...schedule, firedAtMs: clock.nowMs() };
    schedules.set(connectionId, fired);
    await store(fired);
  }

  return {
    async load() {
      const { Items = [] } = await db.client.send(new ScanCommand({ TableName: SCHEDULES_TABLE }));
      for (const item of Items) {
        const key = String(item['connectionId']);
        if (key.startsWith(WAKE_PREFIX)) wakes.set(key.slice(WAKE_PREFIX.length), wakeSchema.parse(item));
        else schedules.set(key, schema.parse(item));
      }
    },
    async ensure(connectionId, accountId, intervalMinutes) {
      const standing = schedules.get(connectionId);
      if (standing?.accountId === accountId && standing.intervalMinutes === intervalMinutes) return false;
      const nowMs = clock.nowMs();
      const schedule = { connectionId, accountId, intervalMinutes, anchorMs: nowMs, firedAtMs: nowMs };
      schedules.set(connectionId, schedule);
      await store(schedule);
      return true;
    },
    async wakeAt(connectionId, accountId, atMs) {
      const due = { connectionId: WAKE_PREFIX + connectionId, accountId, wakeAtMs: atMs };
      wakes.set(connectionId, due);
      await store(due);
    },
    async remove(connectionId) {
      schedules.delete(connectionId);
      await erase(connectionId);
      await removeWake(connectionId);
    },
    list: () => Promise.resolve([...schedules.keys()]),
    async tick() {
      const nowMs = clock.nowMs();
      for (const [connectionId, due] of wakes) {
        if (due.wakeAtMs > nowMs) continue;
        await wake(connectionId, due).catch((error: unknown) => {
          log.error('schedule.not-fired', { connectionId }, error);
        });
      }
      for (const schedule of schedules.values()) {
        const dueMs = nextSlotMs(schedule.anchorMs, schedule.intervalMinutes * MINUTE_MS, schedule.firedAtMs);
        if (dueMs > nowMs) continue;
        await fire(schedule, dueMs).catch((error: unknown) => {
          log.error('schedule.not-fired', { connectionId: schedule.connectionId }, error);
        });
      }
    },
  };
}

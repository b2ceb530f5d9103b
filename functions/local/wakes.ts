import * as z from 'zod';
import type { Lane } from '../ports/lane';
import type { ScheduleTable } from './schedule-table';

/** A tick besides the regular ones. It stands beside the connection's schedule under a key of its own. */
const schema = z.object({ connectionId: z.string(), accountId: z.string(), wakeAtMs: z.number() });
type Wake = z.infer<typeof schema>;

const PREFIX = 'wake#';

export interface Wakes {
  /** Takes what an earlier process left; false when the item is none of these. */
  load(item: Readonly<Record<string, unknown>>): boolean;
  set(connectionId: string, accountId: string, atMs: number): Promise<void>;
  remove(connectionId: string): Promise<void>;
  /** The connections whose instant has come. */
  due(nowMs: number): readonly string[];
  fire(connectionId: string): Promise<void>;
}

export function createWakes(table: ScheduleTable, lane: Lane): Wakes {
  const wakes = new Map<string, Wake>();

  async function remove(connectionId: string): Promise<void> {
    if (wakes.delete(connectionId)) await table.remove(PREFIX + connectionId);
  }

  return {
    load(item) {
      const key = String(item['connectionId']);
      if (!key.startsWith(PREFIX)) return false;
      wakes.set(key.slice(PREFIX.length), schema.parse(item));
      return true;
    },
    async set(connectionId, accountId, wakeAtMs) {
      const wake = { connectionId: PREFIX + connectionId, accountId, wakeAtMs };
      wakes.set(connectionId, wake);
      await table.put(wake);
    },
    remove,
    due: (nowMs) => [...wakes].filter(([, { wakeAtMs }]) => wakeAtMs <= nowMs).map(([id]) => id),
    async fire(connectionId) {
      const wake = wakes.get(connectionId);
      if (!wake) return;
      const { accountId, wakeAtMs: atMs } = wake;
      await lane.send({ accountId, connectionId, trigger: 'tick', atMs }, `${connectionId}@wake:${atMs}`);
      // Another one asked for while this was being sent stands.
      if (wakes.get(connectionId) === wake) await remove(connectionId);
    },
  };
}

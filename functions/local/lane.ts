import { DeleteCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { LaneMessage } from '../domain/lane-message';
import { TRIGGERS } from '../domain/run-record';
import type { Clock } from '../ports/clock';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { Database } from '../storage/database';
import type { SyncOutcome } from '../sync/sync-connection';
import { LANE_TABLE } from './local-tables';

export type HandleMessage = (message: LaneMessage) => Promise<SyncOutcome>;

export interface LocalLane extends Lane {
  /** Takes up what an earlier process left and handles messages from now on. */
  start(handle: HandleMessage): Promise<void>;
  /** Begins no further message; resolves when those under way have ended or the patience is over. */
  stop(patienceMs: number): Promise<void>;
}

const schema = z.object({
  connectionId: z.string(),
  sequence: z.string(),
  accountId: z.string(),
  trigger: z.literal(TRIGGERS),
  atMs: z.number(),
  runId: z.string().exactOptional(),
});
type StoredMessage = z.infer<typeof schema>;

function toMessage({ accountId, connectionId, trigger, atMs, runId }: StoredMessage): LaneMessage {
  return { accountId, connectionId, trigger, atMs, ...(runId !== undefined && { runId }) };
}

/** Connections handled side by side. */
const CONNECTIONS_AT_ONCE = 20;
/** Deliveries of one message, as a queue with a dead-letter queue would. */
const DELIVERIES_MAX = 5;
const DEDUPLICATION_MS = 5 * 60_000;

/** The lane of the local run: messages on disk, one at a time per connection, at least once. */
export function createLocalLane(options: { db: Database; clock: Clock; log: Log }): LocalLane {
  const { db, clock, log } = options;
  const waiting = new Set<string>();
  const busy = new Map<string, Promise<void>>();
  const storeOnce = createDeduplication(clock);
  let handle: HandleMessage | null = null;
  let counter = 0;
  let stopping = false;

  function wake(connectionId: string): void {
    waiting.add(connectionId);
    pump();
  }

  function pump(): void {
    if (!handle || stopping) return;
    for (const connectionId of waiting) {
      if (busy.size >= CONNECTIONS_AT_ONCE) return;
      if (busy.has(connectionId)) continue;
      waiting.delete(connectionId);
      const work = drain(connectionId, handle)
        .catch((error: unknown) => log.error('lane.broken', { connectionId }, error))
        .finally(() => {
          busy.delete(connectionId);
          pump();
        });
      busy.set(connectionId, work);
    }
  }

  async function drain(connectionId: string, handler: HandleMessage): Promise<void> {
    for (let head = await first(db, connectionId); head && !stopping; head = await first(db, connectionId)) {
      const settled = await deliver(head, handler);
      if (!settled) return;
      const Key = { connectionId, sequence: head.sequence };
      await db.client.send(new DeleteCommand({ TableName: LANE_TABLE, Key }));
    }
  }

  /** False when the process stops before the message is settled: the next one takes it up. */
  async function deliver(stored: StoredMessage, handler: HandleMessage): Promise<boolean> {
    const message = toMessage(stored);
    for (let delivery = 1; delivery <= DELIVERIES_MAX; delivery += 1) {
      const outcome = await handler(message).catch((error: unknown): SyncOutcome => {
        log.error('lane.message-failed', { connectionId: message.connectionId }, error);
        return { kind: 'retry', afterMs: 60_000 };
      });
      if (outcome.kind === 'done') return true;
      if (delivery < DELIVERIES_MAX && !(await waited(clock, outcome.afterMs, () => stopping))) return false;
    }
    log.error('lane.message-given-up', { connectionId: message.connectionId, trigger: message.trigger });
    return true;
  }

  async function store(message: LaneMessage): Promise<void> {
    counter += 1;
    const sequence = `${String(clock.nowMs()).padStart(15, '0')}-${String(counter).padStart(9, '0')}`;
    await db.client.send(new PutCommand({ TableName: LANE_TABLE, Item: { ...message, sequence } }));
    wake(message.connectionId);
  }

  return {
    send: (message, id) => storeOnce(message.connectionId, id, () => store(message)),
    async start(handler) {
      handle = handler;
      const { Items = [] } = await db.client.send(new ScanCommand({ TableName: LANE_TABLE }));
      for (const item of Items) waiting.add(String(item['connectionId']));
      pump();
    },
    async stop(patienceMs) {
      stopping = true;
      let ended = false;
      const all = Promise.all(busy.values()).then(() => (ended = true));
      // Not one long sleep: its timer would keep the process alive after everything has ended.
      await Promise.race([all, waited(clock, patienceMs, () => ended)]);
    },
  };
}

/** Waits in small steps; false when `gaveUp` says so meanwhile. */
async function waited(clock: Clock, ms: number, gaveUp: () => boolean): Promise<boolean> {
  const untilMs = clock.nowMs() + ms;
  while (!gaveUp() && clock.nowMs() < untilMs) await clock.sleep(Math.min(500, untilMs - clock.nowMs()));
  return !gaveUp();
}

/** Stores once per connection, id and some minutes. A repeat shares the first one's fate: what failed may be sent again. */
function createDeduplication(clock: Clock) {
  const recent = new Map<string, { readonly atMs: number; readonly stored: Promise<void> }>();
  return (connectionId: string, givenId: string | undefined, store: () => Promise<void>): Promise<void> => {
    if (givenId === undefined) return store();
    const id = `${connectionId} ${givenId}`;
    const nowMs = clock.nowMs();
    for (const [seen, { atMs }] of recent) if (nowMs - atMs > DEDUPLICATION_MS) recent.delete(seen);
    const known = recent.get(id);
    if (known) return known.stored;
    const stored = store();
    recent.set(id, { atMs: nowMs, stored });
    stored.catch(() => recent.delete(id));
    return stored;
  };
}

async function first(db: Database, connectionId: string): Promise<StoredMessage | null> {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: LANE_TABLE,
      KeyConditionExpression: 'connectionId = :connection',
      ExpressionAttributeValues: { ':connection': connectionId },
      ConsistentRead: true,
      Limit: 1,
    }),
  );
  return Items[0] === undefined ? null : schema.parse(Items[0]);
}

import type { LaneMessage } from '../../../functions/domain/lane-message';
import { createSyncHandler, type SyncHandlerParts } from '../../../functions/lambda/run-sync';
import { createMemoryLog, type MemoryLog } from '../../support/memory/log';
import { sqsRecord } from '../../support/bundles/lane-poller';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;

let nowMs: number;
let log: MemoryLog;
/** Messages in the order they were begun and ended. */
let steps: string[];
let deadlines: number[];
let postponed: { readonly receipts: readonly string[]; readonly afterMs: number }[];
let outcomes: Record<string, Awaited<ReturnType<SyncHandlerParts['run']>> | Error>;
let meanwhile: (name: string) => Promise<void>;

beforeEach(() => {
  nowMs = NOON_MS;
  log = createMemoryLog();
  [steps, deadlines, postponed, outcomes] = [[], [], [], {}];
  meanwhile = () => Promise.resolve();
});

const message = (name: string): LaneMessage => ({
  accountId: 'a-1',
  connectionId: name.slice(0, 1),
  trigger: 'tick',
  atMs: NOON_MS,
});

/** Messages by name: a1 and a2 are two of the connection a. A name that begins with a question mark is unreadable. */
function handle(
  names: readonly string[],
  remainingMs = 15 * MINUTE_MS,
  more: Partial<SyncHandlerParts> = {},
) {
  const handler = createSyncHandler({
    readMessage: (body) => (body.startsWith('?') ? null : { ...message(body), runId: body }),
    run: async ({ runId = '' }, deadlineMs) => {
      steps.push(`${runId} begins`);
      deadlines.push(deadlineMs);
      await meanwhile(runId);
      steps.push(`${runId} ends`);
      const outcome = outcomes[runId] ?? ({ kind: 'done' } as const);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    postpone: (receipts, afterMs) => {
      postponed.push({ receipts, afterMs });
      return Promise.resolve();
    },
    clock: { nowMs: () => nowMs },
    log,
    ...more,
  });
  const Records = names.map((name) =>
    sqsRecord({
      body: name,
      messageId: `id-${name}`,
      receiptHandle: `receipt-${name}`,
      groupId: name.replace('?', '').slice(0, 1),
      receiveCount: 3,
    }),
  );
  return handler({ Records }, { getRemainingTimeInMillis: () => remainingMs });
}

const failedOf = async (handling: ReturnType<typeof handle>) =>
  (await handling).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('a batch of the lane', () => {
  it('that is done is reported without failures', async () => {
    expect(await handle(['a1', 'b1', 'a2'])).toEqual({ batchItemFailures: [] });
    expect(postponed).toEqual([]);
  });

  it('goes on side by side for connections and one after another within one', async () => {
    let endFirst: () => void = () => undefined;
    const firstEnds = new Promise<void>((resolve) => (endFirst = resolve));
    meanwhile = (name) => (name === 'a1' ? firstEnds : Promise.resolve());

    const handling = handle(['a1', 'a2', 'b1', 'b2']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(steps).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'b2 begins', 'b2 ends']);
    endFirst();
    await handling;

    expect(steps.slice(5)).toEqual(['a1 ends', 'a2 begins', 'a2 ends']);
  });

  it('puts back a message to be repeated with the later ones of its connection, and no other', async () => {
    outcomes = { a2: { kind: 'retry', afterMs: 180_000 } };

    expect(await failedOf(handle(['a1', 'a2', 'b1', 'a3', 'b2']))).toEqual(['id-a2', 'id-a3']);
    expect(postponed).toEqual([{ receipts: ['receipt-a2', 'receipt-a3'], afterMs: 180_000 }]);
    expect(steps).not.toContain('a3 begins');
    expect(steps).toContain('b2 ends');
  });

  it('puts back a message that broke for a minute, and says so', async () => {
    outcomes = { a1: new Error('no database') };

    expect(await failedOf(handle(['a1', 'b1']))).toEqual(['id-a1']);
    expect(postponed).toEqual([{ receipts: ['receipt-a1'], afterMs: 60_000 }]);
    expect(log.lines()).toMatchObject([
      {
        level: 'error',
        event: 'lane.message-failed',
        fields: { connectionId: 'a', messageId: 'id-a1', deliveries: 3 },
      },
    ]);
  });

  it('loses none that cannot be read: it is said, put back, and holds the later ones', async () => {
    expect(await failedOf(handle(['?a1', 'a2', 'b1']))).toEqual(['id-?a1', 'id-a2']);
    expect(postponed).toEqual([{ receipts: ['receipt-?a1', 'receipt-a2'], afterMs: 60_000 }]);
    expect(log.lines()).toMatchObject([
      { level: 'error', event: 'lane.message-unreadable', fields: { connectionId: 'a', deliveries: 3 } },
    ]);
    expect(JSON.stringify(log.lines())).not.toContain('"?a1"');
  });

  it('reports a message as failed also when the queue cannot be told when', async () => {
    outcomes = { a1: { kind: 'retry', afterMs: 1 } };
    const postpone = () => Promise.reject(new Error('no queue'));

    expect(await failedOf(handle(['a1'], 15 * MINUTE_MS, { postpone }))).toEqual(['id-a1']);
    expect(log.lines()).toMatchObject([{ level: 'error', event: 'lane.not-postponed' }]);
  });

  it.each([
    [15 * MINUTE_MS, 14 * MINUTE_MS],
    [14 * MINUTE_MS, 14 * MINUTE_MS - 45_000],
    [2 * MINUTE_MS, 75_000],
  ])('with %i ms left begins nothing new after %i ms', async (remainingMs, deadlineMs) => {
    await handle(['a1'], remainingMs);

    expect(deadlines).toEqual([NOON_MS + deadlineMs]);
  });

  it('gives back at once what the earlier ones of the connection have left no time for', async () => {
    meanwhile = (name) => {
      if (name === 'a1') nowMs += 14 * MINUTE_MS;
      return Promise.resolve();
    };

    expect(await failedOf(handle(['a1', 'a2', 'a3']))).toEqual(['id-a2', 'id-a3']);
    expect(postponed).toEqual([{ receipts: ['receipt-a2', 'receipt-a3'], afterMs: 0 }]);
    expect(steps).toEqual(['a1 begins', 'a1 ends']);
  });
});

import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LaneMessage } from '../domain/lane-message';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';

type Outcome = { readonly kind: 'done' } | { readonly kind: 'retry'; readonly afterMs: number };

export interface SyncHandlerParts {
  readonly readMessage: (body: string) => LaneMessage | null;
  /** One run; no new work is begun after the deadline. */
  readonly run: (message: LaneMessage, deadlineMs: number) => Promise<Outcome>;
  /** The queue delivers these again after that time. */
  readonly postpone: (receipts: readonly string[], afterMs: number) => Promise<void>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

export type SyncHandler = (
  event: SQSEvent,
  context: { getRemainingTimeInMillis(): number },
) => Promise<SQSBatchResponse>;

const RUN_MS_MAX = 14 * 60_000;
/** What a run may still need after its deadline: one call of a remote, the cursor and the record. */
const FINISH_MS = 45_000;
/** After an unforeseen error, and for a message nobody can read: five deliveries take it to the dead letters. */
const RETRY_AFTER_MS = 60_000;

/**
 * A batch of the lane's queue. Groups, which are connections, go side by side, the messages of one after another.
 * A message that has to be delivered again takes the later ones of its group along: overtaken, they would act on
 * what it has not done yet. What is not reported as failed is deleted by Lambda.
 */
export function createSyncHandler(parts: SyncHandlerParts): SyncHandler {
  return async ({ Records }, context) => {
    const leftMs = context.getRemainingTimeInMillis() - FINISH_MS;
    const deadlineMs = parts.clock.nowMs() + Math.min(RUN_MS_MAX, leftMs);
    const failed = await Promise.all(
      groupsOf(Records).map((records) => handleGroup(parts, records, deadlineMs)),
    );
    return { batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

const groupOf = ({ attributes, messageId }: SQSRecord) => attributes.MessageGroupId ?? messageId;

function groupsOf(records: readonly SQSRecord[]): SQSRecord[][] {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = groups.get(groupOf(record));
    if (group) group.push(record);
    else groups.set(groupOf(record), [record]);
  }
  return [...groups.values()];
}

/** The records to be delivered again. */
async function handleGroup(
  parts: SyncHandlerParts,
  records: readonly SQSRecord[],
  deadlineMs: number,
): Promise<readonly SQSRecord[]> {
  for (const [index, record] of records.entries()) {
    const retryAfterMs = await handle(parts, record, deadlineMs);
    if (retryAfterMs === null) continue;
    const rest = records.slice(index);
    await putBack(parts, rest, retryAfterMs);
    return rest;
  }
  return [];
}

/** When to deliver the message again; null when it is settled. */
async function handle(
  { readMessage, run, clock, log }: SyncHandlerParts,
  record: SQSRecord,
  deadlineMs: number,
): Promise<number | null> {
  // The earlier messages of the group have used the time up: nothing is begun that could not be finished.
  if (clock.nowMs() >= deadlineMs) return 0;
  const message = readMessage(record.body);
  if (!message) {
    log.error('lane.message-unreadable', factsOf(record));
    return RETRY_AFTER_MS;
  }
  try {
    const outcome = await run(message, deadlineMs);
    return outcome.kind === 'retry' ? outcome.afterMs : null;
  } catch (error) {
    log.error('lane.message-failed', factsOf(record), error);
    return RETRY_AFTER_MS;
  }
}

/** Failing that, the queue delivers them when its own time is over. */
async function putBack(
  { postpone, log }: SyncHandlerParts,
  records: readonly SQSRecord[],
  afterMs: number,
): Promise<void> {
  const receipts = records.map(({ receiptHandle }) => receiptHandle);
  await postpone(receipts, afterMs).catch((error: unknown) => {
    log.error('lane.not-postponed', { messages: receipts.length, afterMs }, error);
  });
}

function factsOf(record: SQSRecord) {
  const { messageId, attributes } = record;
  return { connectionId: groupOf(record), messageId, deliveries: Number(attributes.ApproximateReceiveCount) };
}

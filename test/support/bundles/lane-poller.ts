import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import recorded from '../../fixtures/aws/sqs-record.json';
import type { ReceivedMessage } from '../aws/queue';
import type { FunctionProcess } from './function-process';

/** A record as Lambda hands it over: the recorded one with the message in it. */
export function sqsRecord(message: Partial<ReceivedMessage> = {}): SQSRecord {
  const { messageId, receiptHandle, body, groupId, receiveCount, sentAtMs } = message;
  return {
    ...recorded,
    messageId: messageId ?? recorded.messageId,
    receiptHandle: receiptHandle ?? recorded.receiptHandle,
    body: body ?? recorded.body,
    attributes: {
      ...recorded.attributes,
      MessageGroupId: groupId ?? recorded.attributes.MessageGroupId,
      ApproximateReceiveCount: String(receiveCount ?? 1),
      SentTimestamp: String(sentAtMs ?? recorded.attributes.SentTimestamp),
    },
  };
}

/** A queue as a poller uses it: one of the emulator, or one behind the SDK. */
export interface PolledQueue {
  receive(max: number): readonly ReceivedMessage[] | Promise<readonly ReceivedMessage[]>;
  delete(receiptHandle: string): void | Promise<void>;
}

export interface Delivered {
  readonly handled: number;
  readonly failed: number;
}

/** Lambda's part: receives one batch, calls the function, deletes what it did not report as failed. */
export async function deliver(queue: PolledQueue, sync: FunctionProcess, batchMax = 1): Promise<Delivered> {
  const messages = await queue.receive(batchMax);
  if (messages.length === 0) return { handled: 0, failed: 0 };
  const event: SQSEvent = { Records: messages.map(sqsRecord) };
  const { result } = await sync.invoke('handler', event);
  const { batchItemFailures } = result as SQSBatchResponse;
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { messageId, receiptHandle } of messages)
    if (!failed.has(messageId)) await queue.delete(receiptHandle);
  return { handled: messages.length, failed: failed.size };
}

/** Delivers until the queue gives nothing any more. */
export async function drain(queue: PolledQueue, sync: FunctionProcess): Promise<void> {
  for (;;) if ((await deliver(queue, sync)).handled === 0) return;
}

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { createHash, randomUUID } from 'node:crypto';
import type { Lane } from '../ports/lane';
import { writeLaneMessage } from './lane-texts';

export interface SqsLaneOptions {
  readonly client: SQSClient;
  /** A FIFO queue that deduplicates within the message group. */
  readonly queueUrl: string;
}

/**
 * The lane as a FIFO queue: a connection is a message group. The queue deduplicates by content where no id is given,
 * because Scheduler can give none. A message of ours therefore always has one: equal texts may be meant twice.
 */
export function createSqsLane({ client, queueUrl }: SqsLaneOptions): Lane {
  return {
    async send(message, deduplicationId) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: writeLaneMessage(message),
          MessageGroupId: message.connectionId,
          MessageDeduplicationId: deduplicationId === undefined ? randomUUID() : toSqsId(deduplicationId),
        }),
      );
    },
  };
}

/** Letters, digits and punctuation of ASCII without the space, 128 at most: all that SQS takes. */
const SQS_ID = /^[!-~]{1,128}$/;

function toSqsId(id: string): string {
  return SQS_ID.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

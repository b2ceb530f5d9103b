import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface SqsDelayOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
}

/** SQS takes twelve hours from the moment a message was received; the longest run has passed since then. */
const DELAY_S_MAX = 12 * 3_600 - 15 * 60;

/** Puts messages that were received back: the queue delivers them again after that time, in their order. */
export function createSqsDelay({
  client,
  queueUrl,
}: SqsDelayOptions): (receipts: readonly string[], afterMs: number) => Promise<void> {
  return async (receipts, afterMs) => {
    const VisibilityTimeout = Math.min(Math.ceil(Math.max(0, afterMs) / 1_000), DELAY_S_MAX);
    const changes = receipts.map((ReceiptHandle) =>
      client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout }),
      ),
    );
    await Promise.all(changes);
  };
}

import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import type { ReceivedMessage } from '../support/aws/queue';
import type { AwsResources } from '../support/aws/resources';
import type { PolledQueue } from '../support/bundles/lane-poller';

export interface LaneAtEndpoint extends PolledQueue {
  readonly url: string;
  readonly arn: string;
  /** Bodies of all that was received, oldest first. */
  readonly received: readonly string[];
  /** Messages that nobody has received. */
  waiting(): Promise<number>;
}

/** Longer than any run of a test: nothing is delivered twice. */
const VISIBILITY_S = 900;

/** The lane's queue as Lambda's poller reads it, through the SDK. */
export function openLaneAtEndpoint({ sqs, queueUrl: QueueUrl, queueArn }: AwsResources): LaneAtEndpoint {
  const received: string[] = [];
  return {
    url: QueueUrl,
    arn: queueArn,
    received,
    async receive(max) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: max,
        VisibilityTimeout: VISIBILITY_S,
        MessageSystemAttributeNames: ['All'],
      });
      const { Messages = [] } = await sqs.send(command);
      received.push(...Messages.map(({ Body = '' }) => Body));
      return Messages.map(toReceived);
    },
    async delete(ReceiptHandle) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    async waiting() {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Number(Attributes?.['ApproximateNumberOfMessages']);
    },
  };
}

function toReceived({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }: Message): ReceivedMessage {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    groupId: Attributes?.MessageGroupId,
    deduplicationId: Attributes?.MessageDeduplicationId,
    sequenceNumber: Attributes?.SequenceNumber ?? '',
    sentAtMs: Number(Attributes?.SentTimestamp),
    receiveCount: Number(Attributes?.ApproximateReceiveCount),
    hiddenUntilMs: Date.now() + VISIBILITY_S * 1_000,
  };
}

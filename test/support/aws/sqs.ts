import { createHash } from 'node:crypto';
import { ACCOUNT, REGION, textOf, type Json } from './account';
import { createQueue, type Queue, type ReceivedMessage } from './queue';
import { ServiceError } from './service-error';

export interface SqsService {
  handle(operation: string, input: Json): Json;
  urlOf(queue: Queue): string;
  create(name: string, attributes: Readonly<Record<string, string>>): Queue;
  /** The queue with that ARN; an error when there is none. */
  byArn(arn: string): Queue;
}

export function arnOf({ settings }: Queue): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${settings.name}`;
}

const SECOND_MS = 1_000;
const DEFAULT_VISIBILITY_S = '30';

/** AWS JSON 1.0 as the SDK speaks it. A receiver that wants to wait is answered at once all the same. */
export function createSqsService(nowMs: () => number, baseUrl: () => string): SqsService {
  const queues = new Map<string, Queue>();

  const urlOf = ({ settings }: Queue) => `${baseUrl()}/${ACCOUNT}/${settings.name}`;

  function byName(name: string | undefined): Queue {
    const queue = queues.get(name ?? '');
    if (!queue) throw new ServiceError('com.amazonaws.sqs#QueueDoesNotExist', 'The queue does not exist.');
    return queue;
  }
  const byArn = (arn: string) => byName(arn.split(':').at(-1));
  const ofInput = (input: Json) => byName(textOf(input, 'QueueUrl').split('/').at(-1));

  function create(name: string, attributes: Readonly<Record<string, string>>): Queue {
    const fifo = attributes['FifoQueue'] === 'true';
    if (fifo !== name.endsWith('.fifo')) {
      throw new ServiceError('InvalidParameterValue', 'A FIFO queue, and no other, is named .fifo');
    }
    const policy = JSON.parse(attributes['RedrivePolicy'] ?? 'null') as RedrivePolicy | null;
    const queue = createQueue(
      {
        name,
        fifo,
        contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
        deduplicationScope: attributes['DeduplicationScope'] === 'messageGroup' ? 'messageGroup' : 'queue',
        visibilityMs: Number(attributes['VisibilityTimeout'] ?? DEFAULT_VISIBILITY_S) * SECOND_MS,
        redrive: policy && {
          to: byArn(policy.deadLetterTargetArn),
          maxReceiveCount: Number(policy.maxReceiveCount),
        },
      },
      nowMs,
    );
    queues.set(name, queue);
    return queue;
  }

  const operations: Readonly<Record<string, (input: Json) => Json>> = {
    CreateQueue: (input) => ({
      QueueUrl: urlOf(
        create(textOf(input, 'QueueName'), (input['Attributes'] ?? {}) as Record<string, string>),
      ),
    }),
    DeleteQueue(input) {
      queues.delete(ofInput(input).settings.name);
      return {};
    },
    SendMessage(input) {
      const body = textOf(input, 'MessageBody');
      const { messageId, sequenceNumber } = ofInput(input).send({
        body,
        groupId: input['MessageGroupId'] as string | undefined,
        deduplicationId: input['MessageDeduplicationId'] as string | undefined,
      });
      return { MessageId: messageId, SequenceNumber: sequenceNumber, MD5OfMessageBody: md5(body) };
    },
    ReceiveMessage(input) {
      const visibility = input['VisibilityTimeout'] as number | undefined;
      const received = ofInput(input).receive(
        Number(input['MaxNumberOfMessages'] ?? 1),
        visibility === undefined ? undefined : visibility * SECOND_MS,
      );
      return received.length === 0 ? {} : { Messages: received.map(toWire) };
    },
    DeleteMessage(input) {
      ofInput(input).delete(textOf(input, 'ReceiptHandle'));
      return {};
    },
    ChangeMessageVisibility(input) {
      const seconds = Number(input['VisibilityTimeout']);
      ofInput(input).changeVisibility(textOf(input, 'ReceiptHandle'), seconds * SECOND_MS);
      return {};
    },
    GetQueueAttributes: (input) => ({ Attributes: attributesOf(ofInput(input), nowMs()) }),
  };

  return {
    urlOf,
    create,
    byArn,
    handle(operation, input) {
      const run = operations[operation];
      if (!run) throw new ServiceError('UnknownOperationException', `${operation} is not emulated.`);
      return run(input);
    },
  };
}

interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number | string;
}

function toWire(message: ReceivedMessage): Json {
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: {
      MessageGroupId: message.groupId,
      MessageDeduplicationId: message.deduplicationId,
      SequenceNumber: message.sequenceNumber,
      SentTimestamp: String(message.sentAtMs),
      ApproximateReceiveCount: String(message.receiveCount),
    },
  };
}

function attributesOf(queue: Queue, nowMs: number): Readonly<Record<string, string>> {
  const { settings } = queue;
  const hidden = queue.messages().filter(({ hiddenUntilMs }) => hiddenUntilMs > nowMs).length;
  return {
    QueueArn: arnOf(queue),
    VisibilityTimeout: String(settings.visibilityMs / SECOND_MS),
    ApproximateNumberOfMessages: String(queue.messages().length - hidden),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ...(settings.fifo && {
      FifoQueue: 'true',
      ContentBasedDeduplication: String(settings.contentBasedDeduplication),
      DeduplicationScope: settings.deduplicationScope,
    }),
    ...(settings.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arnOf(settings.redrive.to),
        maxReceiveCount: settings.redrive.maxReceiveCount,
      }),
    }),
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

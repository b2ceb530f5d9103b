import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** A run ends itself after 14 minutes; this is Lambda's own limit and leaves it a minute to write down where it was. */
export const SYNC_TIMEOUT = Duration.minutes(15);

/** A message comes back when the function that had it can no longer be alive. */
const VISIBILITY_TIMEOUT = Duration.minutes(16);
const DELIVERIES_MAX = 5;

/**
 * One queue for all connections. A connection is a message group: its messages are handled one at a time, in order,
 * those of others side by side. A message that fails five times leaves the lane, so that it does not block the
 * connection for ever.
 *
 * Messages hold ids and times, nothing secret, so SQS's own encryption is enough: a customer key would add a call to
 * KMS for each of Scheduler's ticks and a right to it.
 */
export class Lane extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const common = {
      fifo: true,
      contentBasedDeduplication: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    } as const;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // Without these two the whole queue, not each connection, has the limit of 300 messages a second.
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: DELIVERIES_MAX },
    });
  }

  /** Hands each message to the function, one per call, at most `concurrentMax` calls at the same moment. */
  feed(consumer: LambdaFunction, concurrentMax: number): void {
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 1,
        reportBatchItemFailures: true,
        maxConcurrency: concurrentMax,
      }),
    );
  }
}

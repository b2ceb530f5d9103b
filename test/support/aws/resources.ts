import { CreateKeyCommand, ScheduleKeyDeletionCommand, type KMSClient } from '@aws-sdk/client-kms';
import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import { openKms, openScheduler, openSqs } from '../../../functions/aws/clients';
import { ACCOUNT } from './account';

/** What a test needs of AWS, under names of its own, and the product's clients for it. */
export interface AwsResources {
  readonly sqs: SQSClient;
  readonly kms: KMSClient;
  readonly scheduler: SchedulerClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly keyArn: string;
  readonly scheduleGroup: string;
  readonly scheduleRoleArn: string;
  readonly scheduleDeadLetterArn: string;
  /** Takes everything away again and closes the clients. */
  remove(): Promise<void>;
}

const FIFO = {
  FifoQueue: 'true',
  ContentBasedDeduplication: 'true',
  DeduplicationScope: 'messageGroup',
  FifoThroughputLimit: 'perMessageGroupId',
} as const;

/** The shortest time after which KMS forgets a key. */
const KEY_DELETION_DAYS = 7;

/** Makes them wherever the SDK's variables point to. */
export async function makeAwsResources(): Promise<AwsResources> {
  const [sqs, kms, scheduler] = [openSqs(), openKms(), openScheduler()];
  const name = `zzap-${randomBytes(6).toString('hex')}`;
  const queues: string[] = [];

  async function createQueue(QueueName: string, Attributes: Record<string, string>) {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    queues.push(QueueUrl);
    const known = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return { url: QueueUrl, arn: known.Attributes?.['QueueArn'] ?? '' };
  }

  const dead = await createQueue(`${name}-dead.fifo`, FIFO);
  const lane = await createQueue(`${name}.fifo`, {
    ...FIFO,
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 5 }),
  });
  const ticksDead = await createQueue(`${name}-ticks-dead`, {});
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  await scheduler.send(new CreateScheduleGroupCommand({ Name: name }));

  return {
    sqs,
    kms,
    scheduler,
    queueUrl: lane.url,
    queueArn: lane.arn,
    keyArn,
    scheduleGroup: name,
    scheduleRoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
    scheduleDeadLetterArn: ticksDead.arn,
    async remove() {
      for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      const deletion = { KeyId: KeyMetadata?.KeyId, PendingWindowInDays: KEY_DELETION_DAYS };
      await kms.send(new ScheduleKeyDeletionCommand(deletion));
      await scheduler.send(new DeleteScheduleGroupCommand({ Name: name }));
      for (const client of [sqs, kms, scheduler]) client.destroy();
    },
  };
}

import { GetScheduleCommand, paginateListSchedules } from '@aws-sdk/client-scheduler';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { createSqsLane } from '../../../functions/aws/lane';
import { readLaneMessage } from '../../../functions/aws/lane-message';
import { createEventBridgeSchedules } from '../../../functions/aws/schedules';
import { createKmsVault } from '../../../functions/aws/vault';
import type { LaneMessage } from '../../../functions/domain/lane-message';
import { makeAwsResources, type AwsResources } from '../../support/aws/resources';
import { createRealClock } from '../../support/clock';
import { describeLane } from './lane.suite';
import { describeSchedules, type Standing } from './schedules.suite';
import { describeVault } from './vault.suite';

const clock = createRealClock();

/** The three ports over AWS, wherever the SDK's variables point to. */
export function describeAwsPorts(name: string): void {
  describe(`in AWS: ${name}`, () => {
    let aws: AwsResources;
    beforeEach(async () => (aws = await makeAwsResources()));
    afterEach(() => aws.remove());

    describeLane(name, () =>
      Promise.resolve({
        lane: createSqsLane({ client: aws.sqs, queueUrl: aws.queueUrl }),
        stored: () => takeMessages(aws),
      }),
    );
    describeVault(name, () =>
      Promise.resolve(createKmsVault({ client: aws.kms, keyArn: aws.keyArn, clock })),
    );
    describeSchedules(name, () =>
      Promise.resolve({
        schedules: openSchedules(aws),
        standing: async () => new Map((await readSchedules(aws)).flatMap(standingOf)),
        wakes: async () => new Map((await readSchedules(aws)).flatMap(wakeOf)),
      }),
    );
  });
}

export function openSchedules(aws: AwsResources) {
  return createEventBridgeSchedules({
    client: aws.scheduler,
    group: aws.scheduleGroup,
    roleArn: aws.scheduleRoleArn,
    queueArn: aws.queueArn,
    deadLetterArn: aws.scheduleDeadLetterArn,
    clock,
  });
}

/** Everything in the queue, as its consumer reads it. It is gone afterwards. */
export async function takeMessages({ sqs, queueUrl: QueueUrl }: AwsResources): Promise<LaneMessage[]> {
  const taken: LaneMessage[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return taken;
    for (const { Body = '', ReceiptHandle } of Messages) {
      const message = readLaneMessage(Body);
      if (!message) throw new Error(`no message: ${Body}`);
      taken.push(message);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}

const schedule = z.object({
  ScheduleExpression: z.string(),
  Target: z.object({
    Input: z
      .string()
      .transform((text) =>
        z.object({ accountId: z.string(), connectionId: z.string() }).parse(JSON.parse(text)),
      ),
  }),
});

async function readSchedules({ scheduler, scheduleGroup: GroupName }: AwsResources) {
  const found: z.infer<typeof schedule>[] = [];
  for await (const { Schedules = [] } of paginateListSchedules({ client: scheduler }, { GroupName })) {
    for (const { Name } of Schedules) {
      found.push(schedule.parse(await scheduler.send(new GetScheduleCommand({ Name, GroupName }))));
    }
  }
  return found;
}

type Found = z.infer<typeof schedule>;

function standingOf({ ScheduleExpression, Target }: Found): [string, Standing][] {
  const [, minutes] = /^rate\((\d+) minutes?\)$/.exec(ScheduleExpression) ?? [];
  const { accountId, connectionId } = Target.Input;
  return minutes === undefined ? [] : [[connectionId, { accountId, intervalMinutes: Number(minutes) }]];
}

function wakeOf({ ScheduleExpression, Target }: Found): [string, number][] {
  const [, second] = /^at\((.+)\)$/.exec(ScheduleExpression) ?? [];
  return second === undefined ? [] : [[Target.Input.connectionId, Date.parse(`${second}Z`)]];
}

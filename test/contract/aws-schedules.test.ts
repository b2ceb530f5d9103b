import { CreateScheduleCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { openScheduler } from '../../functions/aws/clients';
import { readLaneMessage } from '../../functions/aws/lane-message';
import { createEventBridgeSchedules } from '../../functions/aws/schedules';
import { INTERVALS_MINUTES } from '../../functions/domain/connection';
import { startAwsEmulator, type AwsEmulator } from '../support/aws/emulator';

const START_MS = Date.parse('2024-09-23T15:00:00Z');

let emulator: AwsEmulator;
beforeEach(async () => {
  emulator = await startAwsEmulator({ nowMs: () => START_MS });
  Object.assign(process.env, emulator.environment);
});
afterEach(() => emulator.close());

const open = (group = emulator.scheduleGroup) =>
  createEventBridgeSchedules({
    client: openScheduler(),
    group,
    roleArn: emulator.scheduleRoleArn,
    queueArn: emulator.lane.arn,
    deadLetterArn: emulator.scheduleDeadLetters.arn,
    clock: { nowMs: () => START_MS },
  });

describe('schedules in EventBridge Scheduler', () => {
  it('say everything that Scheduler needs', async () => {
    await open().ensure('c-0123456789abcdef0123', 'a-1', 5);

    expect(emulator.schedules()).toEqual([
      {
        Name: 'c-0123456789abcdef0123',
        GroupName: 'ticks',
        ScheduleExpression: 'rate(5 minutes)',
        ScheduleExpressionTimezone: 'UTC',
        State: 'ENABLED',
        FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 1 },
        Target: {
          Arn: 'arn:aws:sqs:eu-central-1:123456789012:lane.fifo',
          RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
          Input:
            '{"accountId":"a-1","connectionId":"c-0123456789abcdef0123","trigger":"tick",' +
            '"scheduledAt":"<aws.scheduler.scheduled-time>"}',
          SqsParameters: { MessageGroupId: 'c-0123456789abcdef0123' },
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 185 },
          DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:123456789012:ticks-dead' },
        },
        ActionAfterCompletion: 'NONE',
        createdAtMs: START_MS,
        changedAtMs: START_MS,
      },
    ]);
  });

  it('spread by a third of the interval, a quarter of an hour at most, each interval', async () => {
    for (const minutes of INTERVALS_MINUTES) await open().ensure(`c-${minutes}`, 'a-1', minutes);

    const spread = emulator
      .schedules()
      .map(({ Name, ScheduleExpression, FlexibleTimeWindow, Target }) => [
        Name,
        ScheduleExpression,
        FlexibleTimeWindow.Mode === 'OFF' ? 0 : FlexibleTimeWindow.MaximumWindowInMinutes,
        Target.RetryPolicy.MaximumEventAgeInSeconds,
      ]);
    expect(new Set(spread)).toEqual(
      new Set([
        ['c-1', 'rate(1 minute)', 0, 60],
        ['c-5', 'rate(5 minutes)', 1, 300],
        ['c-10', 'rate(10 minutes)', 3, 600],
        ['c-15', 'rate(15 minutes)', 5, 900],
        ['c-30', 'rate(30 minutes)', 10, 1_800],
        ['c-60', 'rate(60 minutes)', 15, 3_600],
        ['c-120', 'rate(120 minutes)', 15, 7_200],
        ['c-360', 'rate(360 minutes)', 15, 21_600],
        ['c-720', 'rate(720 minutes)', 15, 43_200],
        ['c-1440', 'rate(1440 minutes)', 15, 86_400],
      ]),
    );
  });

  it('send what the lane reads as a tick of that time', async () => {
    await open().ensure('c-1', 'a-1', 1);

    emulator.fire('c-1', START_MS + 60_000);
    emulator.fire('c-1', START_MS + 60_000);

    const [tick, ...more] = emulator.lane.messages();
    expect([tick?.groupId, more]).toEqual(['c-1', []]);
    expect(readLaneMessage(tick!.body)).toEqual({
      accountId: 'a-1',
      connectionId: 'c-1',
      trigger: 'tick',
      atMs: START_MS + 60_000,
    });
  });

  it('cost one request when nothing changes', async () => {
    await open().ensure('c-1', 'a-1', 1);
    await open().ensure('c-1', 'a-1', 1);

    expect(emulator.operations()).toEqual(['GetSchedule', 'CreateSchedule', 'GetSchedule']);
  });

  it.each(['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule'])(
    'are right although the answer to %s was lost',
    async (operation) => {
      const schedules = open();
      emulator.fault({ operation, kind: 'lost-answer' });

      expect(await schedules.ensure('c-1', 'a-1', 1)).toBe(true);
      expect(await schedules.ensure('c-1', 'a-1', 5)).toBe(true);
      expect(emulator.schedules()).toMatchObject([{ Name: 'c-1', ScheduleExpression: 'rate(5 minutes)' }]);
      await schedules.remove('c-1');

      expect(emulator.schedules()).toEqual([]);
      expect(emulator.operations().filter((name) => name === operation)).toHaveLength(
        operation === 'DeleteSchedule' ? 3 : 2,
      );
    },
  );

  it.each([
    ['switched off', { State: 'DISABLED' as const }],
    ['given another rate', { ScheduleExpression: 'rate(7 minutes)' }],
    [
      'given another window',
      { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 9 } },
    ],
    ['made to vanish', { ActionAfterCompletion: 'DELETE' as const }],
  ])('are mended when somebody has %s one by hand', async (_, change) => {
    const schedules = open();
    await schedules.ensure('c-1', 'a-1', 5);
    const [right] = emulator.schedules();
    const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = right!;
    const whole = { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target, ...change };
    await openScheduler().send(new UpdateScheduleCommand(whole));

    expect(await schedules.ensure('c-1', 'a-1', 5)).toBe(true);
    expect(emulator.schedules()).toEqual([right]);
  });

  it.each(['RoleArn', 'Arn', 'DeadLetterConfig', 'RetryPolicy', 'SqsParameters'] as const)(
    'are mended when their %s is another one',
    async (part) => {
      const schedules = open();
      await schedules.ensure('c-1', 'a-1', 1);
      const [right] = emulator.schedules();
      const { Name, GroupName, ScheduleExpression, FlexibleTimeWindow, Target } = right!;
      const others = {
        RoleArn: 'arn:aws:iam::123456789012:role/other',
        Arn: 'arn:aws:sqs:eu-central-1:123456789012:other.fifo',
        DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-central-1:123456789012:other' },
        RetryPolicy: { MaximumEventAgeInSeconds: 61, MaximumRetryAttempts: 185 },
        SqsParameters: { MessageGroupId: 'other' },
      };
      const changed = { ...Target, [part]: others[part] };
      await openScheduler().send(
        new UpdateScheduleCommand({
          Name,
          GroupName,
          ScheduleExpression,
          FlexibleTimeWindow,
          Target: changed,
        }),
      );

      expect(await schedules.ensure('c-1', 'a-1', 1)).toBe(true);
      expect(emulator.schedules()).toEqual([right]);
    },
  );

  it('make room for whoever is faster: an equal one stays, another one is changed', async () => {
    const missed = {
      operation: 'GetSchedule',
      kind: 'refused',
      code: 'ResourceNotFoundException',
      status: 404,
    } as const;
    await open().ensure('c-1', 'a-1', 1);

    emulator.fault(missed);
    expect(await open().ensure('c-1', 'a-1', 1)).toBe(false);
    emulator.fault(missed);
    expect(await open().ensure('c-1', 'a-1', 5)).toBe(true);

    expect(emulator.schedules()).toMatchObject([{ ScheduleExpression: 'rate(5 minutes)' }]);
  });

  it('give up when somebody is faster again and again', async () => {
    emulator.fault({
      operation: 'CreateSchedule',
      kind: 'refused',
      code: 'ConflictException',
      status: 409,
      times: 9,
    });

    await expect(open().ensure('c-1', 'a-1', 1)).rejects.toMatchObject({ name: 'ConflictException' });
    expect(emulator.operations()).toHaveLength(6);
  });

  it('do not take a refusal for absence', async () => {
    emulator.fault({ kind: 'refused', code: 'AccessDeniedException', status: 403, times: 3 });

    await expect(open().ensure('c-1', 'a-1', 1)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(open().remove('c-1')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(open().list()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('say so when their group is not there', async () => {
    await expect(open('none').ensure('c-1', 'a-1', 1)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(open('none').list()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    ['in half a second past', START_MS + 60_500, 'at(2024-09-23T15:01:01)'],
    ['on the second', START_MS + 60_000, 'at(2024-09-23T15:01:00)'],
    ['that is over', START_MS - 60_000, 'at(2024-09-23T15:00:05)'],
  ])('tick out of turn at a time %s, once', async (_, atMs, expression) => {
    await open().wakeAt('c-1', 'a-1', atMs);

    expect(emulator.schedules()).toMatchObject([
      {
        Name: 'c-1.wake',
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
      },
    ]);
    emulator.fire('c-1.wake', atMs);
    expect(emulator.schedules()).toEqual([]);
    expect(emulator.lane.messages()).toHaveLength(1);
  });
});

describe('the emulated Scheduler', () => {
  const create = (facts: object) =>
    openScheduler().send(
      new CreateScheduleCommand({
        Name: 'c-1',
        GroupName: 'ticks',
        ScheduleExpression: 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: emulator.lane.arn,
          RoleArn: emulator.scheduleRoleArn,
          SqsParameters: { MessageGroupId: 'c-1' },
        },
        ...facts,
      }),
    );

  it.each([
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(5m)',
    'at(2024-09-23T15:00:00Z)',
    '',
  ])('refuses the expression %j', async (ScheduleExpression) => {
    await expect(create({ ScheduleExpression })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each([
    ['a window while it is off', { FlexibleTimeWindow: { Mode: 'OFF', MaximumWindowInMinutes: 5 } }],
    ['no window while it is flexible', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
    ['a name with a slash', { Name: 'c/1' }],
    ['a name that is too long', { Name: 'c'.repeat(65) }],
  ])('refuses %s', async (_, facts) => {
    await expect(create(facts)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('knows a request again by its token, and no other with the same token', async () => {
    const { ScheduleArn } = await create({ ClientToken: 't-1' });

    expect(await create({ ClientToken: 't-1' })).toMatchObject({ ScheduleArn });
    await expect(create({ ClientToken: 't-2' })).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(create({ ClientToken: 't-1', Name: 'c-2' })).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });
});

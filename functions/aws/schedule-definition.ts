import type { FlexibleTimeWindow, GetScheduleOutput, Target } from '@aws-sdk/client-scheduler';
import type { IntervalMinutes } from '../domain/connection';
import { tickInput } from './lane-texts';

export interface ScheduleTarget {
  /** The role with which Scheduler sends a tick and, failing that, the dead letter. */
  readonly roleArn: string;
  readonly queueArn: string;
  /** A plain queue: Scheduler gives dead letters no message group. */
  readonly deadLetterArn: string;
}

/** All that we say of a schedule; its name and group are said apart. */
export interface WantedSchedule {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: 'UTC';
  readonly State: 'ENABLED';
  readonly FlexibleTimeWindow: FlexibleTimeWindow;
  readonly Target: Target;
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
}

const MINUTE_S = 60;
const WINDOW_MINUTES_MAX = 15;
/** The most Scheduler allows: the age alone is the bound. */
const ATTEMPTS_MAX = 185;
const WAKE_AGE_S_MAX = 3_600;

/** The regular tick of a connection. One that is older than its interval is worthless: the next is there. */
export function toSchedule(
  target: ScheduleTarget,
  accountId: string,
  connectionId: string,
  intervalMinutes: IntervalMinutes,
): WantedSchedule {
  return {
    ScheduleExpression: intervalMinutes === 1 ? 'rate(1 minute)' : `rate(${intervalMinutes} minutes)`,
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    FlexibleTimeWindow: spread(intervalMinutes),
    Target: toTarget(target, accountId, connectionId, intervalMinutes * MINUTE_S),
    ActionAfterCompletion: 'NONE',
  };
}

/** One tick at that time, to the second and not before; Scheduler removes it afterwards. */
export function toWake(
  target: ScheduleTarget,
  accountId: string,
  connectionId: string,
  atMs: number,
): WantedSchedule {
  const second = new Date(Math.ceil(atMs / 1_000) * 1_000)
    .toISOString()
    .slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return {
    ScheduleExpression: `at(${second})`,
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: toTarget(target, accountId, connectionId, WAKE_AGE_S_MAX),
    ActionAfterCompletion: 'DELETE',
  };
}

function toTarget(
  { queueArn, roleArn, deadLetterArn }: ScheduleTarget,
  accountId: string,
  connectionId: string,
  ageSecondsMax: number,
): Target {
  return {
    Arn: queueArn,
    RoleArn: roleArn,
    Input: tickInput(accountId, connectionId),
    SqsParameters: { MessageGroupId: connectionId },
    RetryPolicy: { MaximumEventAgeInSeconds: ageSecondsMax, MaximumRetryAttempts: ATTEMPTS_MAX },
    DeadLetterConfig: { Arn: deadLetterArn },
  };
}

/**
 * Scheduler may send a tick this much later, so that schedules that were made together do not all tick in one
 * second: a third of the interval at most, and a quarter of an hour. Windows are whole minutes. One minute would be
 * the whole interval of a tick every minute, and two ticks could come together with a gap behind them: such a
 * schedule has none. Scheduler is exact to the minute only and spreads within it by itself.
 */
function spread(intervalMinutes: IntervalMinutes): FlexibleTimeWindow {
  const minutes = Math.min(Math.floor(intervalMinutes / 3), WINDOW_MINUTES_MAX);
  return minutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes };
}

/** Compares what we say of a schedule; what Scheduler adds by itself (dates) is not ours. */
export function isSameSchedule(standing: GetScheduleOutput, wanted: WantedSchedule): boolean {
  return fingerprint(standing) === fingerprint(wanted);
}

function fingerprint({
  ScheduleExpression,
  State,
  FlexibleTimeWindow: window,
  Target: target,
  ActionAfterCompletion = 'NONE',
}: WantedSchedule | GetScheduleOutput): string {
  return JSON.stringify([
    ScheduleExpression,
    State,
    ActionAfterCompletion,
    window?.Mode,
    window?.MaximumWindowInMinutes,
    ...(target ? describeTarget(target) : []),
  ]);
}

function describeTarget({
  Arn,
  RoleArn,
  Input,
  SqsParameters,
  RetryPolicy,
  DeadLetterConfig,
}: Target): readonly unknown[] {
  return [
    [Arn, RoleArn, Input, SqsParameters?.MessageGroupId],
    [RetryPolicy?.MaximumEventAgeInSeconds, RetryPolicy?.MaximumRetryAttempts],
    DeadLetterConfig?.Arn,
  ];
}

import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Metric,
  TreatMissingData,
  type IMetric,
  type MetricOptions,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LogMetrics } from './log-metrics';

export interface AlarmsProps {
  readonly prefix: string;
  readonly topic: ITopic;
  readonly metrics: LogMetrics;
  readonly functions: Readonly<Record<'settings' | 'webhook' | 'sync' | 'caretaker', LambdaFunction>>;
  readonly lane: { readonly queue: Queue; readonly deadLetters: Queue };
  readonly tickDeadLetters: Queue;
}

interface Rule {
  readonly metric: IMetric;
  /** Raised from this value on. */
  readonly from: number;
  /** Periods in a row; 1 unless said. */
  readonly periods?: number;
  readonly says: string;
  /** Silence of the metric itself is the trouble: the alarm is raised when the value is missing or below. */
  readonly missing?: true;
}

const MINUTE_MS = 60_000;
const FIVE_MINUTES = Duration.minutes(5);
const WATCH = Duration.minutes(15);
const HOUR = Duration.hours(1);

const over = (period: Duration, statistic: string): MetricOptions => ({ period, statistic });

/** Each alarm has a section of its name in docs/operations.md: what it means, where to look, what to do. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rules = { ...queueRules(props), ...functionRules(props), ...productRules(props.metrics) };
    this.all = Object.entries<Rule>(rules).map(([name, rule]) => this.raise(name, rule, props));
  }

  private raise(name: string, rule: Rule, { prefix, topic }: AlarmsProps): Alarm {
    const alarm = new Alarm(this, name, {
      alarmName: `${prefix}-${name}`,
      alarmDescription: `${rule.says} See docs/operations.md, ${name}.`,
      metric: rule.metric,
      threshold: rule.from,
      evaluationPeriods: rule.periods ?? 1,
      comparisonOperator: rule.missing
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: rule.missing ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  }
}

function queueRules({ lane, tickDeadLetters }: AlarmsProps): Record<string, Rule> {
  const waiting = over(FIVE_MINUTES, 'Maximum');
  return {
    'lane-dead-letters': {
      metric: lane.deadLetters.metricApproximateNumberOfMessagesVisible(waiting),
      from: 1,
      says: 'A message of the lane failed five times.',
    },
    'lane-age': {
      metric: lane.queue.metricApproximateAgeOfOldestMessage(waiting),
      from: 30 * 60,
      periods: 3,
      says: 'Work has waited in the lane for half an hour.',
    },
    'tick-dead-letters': {
      metric: tickDeadLetters.metricApproximateNumberOfMessagesVisible(waiting),
      from: 1,
      says: 'Scheduler could not deliver a tick or start the caretaker.',
    },
  };
}

function functionRules({ functions, metrics }: AlarmsProps): Record<string, Rule> {
  const sum = over(FIVE_MINUTES, 'Sum');
  const errors = Object.entries(functions).map(([name, each]): [string, Rule] => [
    `${name}-errors`,
    { metric: each.metricErrors(sum), from: 1, says: `The function ${name} broke off or ran out of time.` },
  ]);
  return {
    ...Object.fromEntries(errors),
    throttles: {
      // Of the whole account and region: the functions have no limit of their own, they share its one.
      metric: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', ...sum }),
      from: 1,
      periods: 2,
      says: 'The account has no free Lambda left.',
    },
    'settings-5xx': {
      metric: metrics.of('SettingsServerErrors', sum),
      from: 1,
      says: 'Somebody got an internal error from the form or its API.',
    },
    'webhook-5xx': {
      metric: metrics.of('HookServerErrors', sum),
      from: 1,
      says: 'A hook was answered with an internal error.',
    },
  };
}

function productRules(metrics: LogMetrics): Record<string, Rule> {
  return {
    silence: {
      metric: metrics.of('ConnectionsSilent', over(WATCH, 'Maximum')),
      from: 1,
      says: 'An active connection has not asked ZZap for several of its intervals.',
    },
    'caretaker-missing': {
      metric: metrics.of('Connections', over(HOUR, 'SampleCount')),
      from: 1,
      missing: true,
      says: 'Nobody has looked for silence for an hour.',
    },
    'push-age': {
      metric: metrics.of('OldestPushMs', over(WATCH, 'Maximum')),
      from: 60 * MINUTE_MS,
      periods: 2,
      says: 'A status has waited for ZZap for an hour.',
    },
    suspended: {
      metric: metrics.of('ConnectionsSuspended', over(WATCH, 'Maximum')),
      from: 1,
      says: 'A connection stands still because its credentials are refused.',
    },
    quarantine: {
      metric: metrics.of('OrdersSetAside', over(HOUR, 'Sum')),
      from: 10,
      says: 'Ten orders were set aside within an hour.',
    },
  };
}

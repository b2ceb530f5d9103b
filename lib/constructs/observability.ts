import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Stage } from '../stage';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import type { Functions } from './functions';
import type { HttpFront } from './http-front';
import type { Lane } from './lane';
import { LogMetrics } from './log-metrics';
import { Overview } from './overview';
import type { Schedules } from './schedules';

export interface ObservabilityProps {
  readonly stage: Stage;
  readonly functions: Functions;
  readonly lane: Lane;
  readonly schedules: Schedules;
  readonly front: HttpFront;
}

/** Metrics out of the logs, alarms on them, one screen of all, and somebody who is told. */
export class Observability extends Construct {
  readonly topicArn: string;
  readonly dashboardUrl: string;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { stage, functions, lane, schedules, front } = props;
    const { prefix } = stage;
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', { prefix, email: stage.alarmEmail });
    if (stage.monthlyBudgetUsd !== undefined) alarmTopic.watchCosts(stage.monthlyBudgetUsd);
    const metrics = new LogMetrics(this, 'Metrics', {
      namespace: prefix,
      logs: {
        settings: functions.settings.logGroup,
        webhook: functions.webhook.logGroup,
        sync: functions.sync.logGroup,
        caretaker: functions.caretaker.logGroup,
        access: front.accessLog,
      },
    });
    const lambdas = {
      settings: functions.settings.function,
      webhook: functions.webhook.function,
      sync: functions.sync.function,
      caretaker: functions.caretaker.function,
    };
    const alarms = new Alarms(this, 'Alarms', {
      prefix,
      topic: alarmTopic.topic,
      metrics,
      functions: lambdas,
      lane,
      tickDeadLetters: schedules.deadLetters,
    });
    new Overview(this, 'Overview', {
      name: prefix,
      alarms: alarms.all,
      metrics,
      functions: lambdas,
      lane: lane.queue,
      api: front.api,
    });
    this.topicArn = alarmTopic.topic.topicArn;
    const { region } = Stack.of(this);
    this.dashboardUrl = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${prefix}`;
  }
}

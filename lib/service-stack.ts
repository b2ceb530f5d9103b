import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CaretakerRounds } from './constructs/caretaker-rounds';
import { Functions } from './constructs/functions';
import { HttpFront } from './constructs/http-front';
import { Lane } from './constructs/lane';
import { Observability } from './constructs/observability';
import { Schedules } from './constructs/schedules';
import type { DataStack } from './data-stack';
import type { Stage } from './stage';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
}

/** What can be deleted and deployed again without losing anything. Composes; defines no resource itself. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, ...props }: ServiceStackProps) {
    super(scope, id, {
      description: `ZZap ↔ RetailCRM (${stage.name}): functions, lane, schedules, HTTP, alarms`,
      ...props,
    });
    const { prefix } = stage;
    const logs = {
      prefix: `/${prefix}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    };
    const lane = new Lane(this, 'Lane');
    const schedules = new Schedules(this, 'Schedules', { groupName: prefix, lane });
    const front = new HttpFront(this, 'Http', { name: prefix, stage, logs });
    const publicUrl = stage.publicUrl ?? front.baseUrl;
    const functions = new Functions(this, 'Functions', { stage, data, lane, schedules, publicUrl, logs });
    front.serve({ settings: functions.settings.function, webhook: functions.webhook.function });
    lane.feed(functions.sync.function, stage.concurrentSyncsMax);
    new CaretakerRounds(this, 'CaretakerRounds', {
      caretaker: functions.caretaker.function,
      deadLetters: schedules.deadLetters,
    });
    const seen = new Observability(this, 'Observability', { stage, functions, lane, schedules, front });

    this.tell('FormUrl', publicUrl, 'Open this to connect a shop');
    this.tell('ApiUrl', `${publicUrl}/api`, 'The settings API');
    this.tell('HookBase', `${publicUrl}/hooks`, 'Hook URLs begin with this');
    this.tell('DashboardUrl', seen.dashboardUrl, 'Everything on one screen');
    this.tell('LaneDeadLettersUrl', lane.deadLetters.queueUrl, 'Messages that failed five times');
    this.tell('AlarmTopicArn', seen.topicArn, 'Subscribe here to hear of alarms');
  }

  private tell(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

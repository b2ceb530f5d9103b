import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Lane } from './lane';

/** Scheduler may take a role only for schedules of this group of this account (the confused deputy). */
export function schedulerPrincipal(scope: Construct, groupName: string): ServicePrincipal {
  const stack = Stack.of(scope);
  return new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: {
      StringEquals: {
        'aws:SourceAccount': stack.account,
        'aws:SourceArn': stack.formatArn({
          service: 'scheduler',
          resource: 'schedule-group',
          resourceName: groupName,
        }),
      },
    },
  });
}

/**
 * Where the module keeps one schedule per active connection. The schedules themselves are made at run time; this is
 * their group, the role with which they knock on the lane, and the queue for ticks that could not be sent.
 */
export class Schedules extends Construct {
  readonly groupName: string;
  /** Every schedule of the group. */
  readonly scheduleArns: string;
  /** The same in the words of the security checks, which write what is not known yet in angle brackets. */
  readonly scheduleArnsAsFound: string;
  readonly role: Role;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: { readonly groupName: string; readonly lane: Lane }) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group', { name: props.groupName });
    this.groupName = group.ref;
    this.scheduleArns = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${props.groupName}/*`,
    });
    const { partition, region, account } = Stack.of(this);
    const asFound = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    this.scheduleArnsAsFound = [
      `arn:${asFound(partition, 'Partition')}:scheduler`,
      asFound(region, 'Region'),
      asFound(account, 'AccountId'),
      `schedule/${props.groupName}/*`,
    ].join(':');
    this.deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is a dead-letter queue: Scheduler names it in each schedule, which the rule cannot see.',
    });
    this.role = new Role(this, 'Role', {
      description: 'What Scheduler may do for a tick',
      assumedBy: schedulerPrincipal(this, props.groupName),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [props.lane.queue.queueArn, this.deadLetters.queueArn],
      }),
    );
  }
}

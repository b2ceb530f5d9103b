import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { schedulerPrincipal } from './schedules';

/** Apart from the connections' schedules: the caretaker takes what it does not know in their group for a leftover. */
const GROUP = 'default';

const ROUNDS = {
  /** Looks for silence and counts what the alarms watch. */
  Watch: { expression: 'rate(15 minutes)', input: { task: 'watch' } },
  /** Mends the connections' schedules. At night, in UTC: nobody waits for it. */
  Reconcile: { expression: 'cron(20 1 * * ? *)', input: { task: 'reconcile' } },
} as const;

export interface CaretakerRoundsProps {
  readonly caretaker: LambdaFunction;
  /** Where a round goes that could not be started. */
  readonly deadLetters: Queue;
}

/** Sends the caretaker on its rounds. A round that fails is not repeated: the next one does the same. */
export class CaretakerRounds extends Construct {
  constructor(scope: Construct, id: string, { caretaker, deadLetters }: CaretakerRoundsProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      description: 'What Scheduler may do to start the caretaker',
      assumedBy: schedulerPrincipal(this, GROUP),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [caretaker.functionArn] }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    );
    for (const [id, { expression, input }] of Object.entries(ROUNDS)) {
      const schedule = new CfnSchedule(this, id, {
        groupName: GROUP,
        scheduleExpression: expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: caretaker.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify(input),
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 600, maximumRetryAttempts: 2 },
        },
      });
      // Scheduler tries the role when the schedule is made.
      schedule.node.addDependency(role);
    }
  }
}

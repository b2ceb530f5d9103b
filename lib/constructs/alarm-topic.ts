import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  readonly prefix: string;
  readonly email?: string | undefined;
}

/** Where alarms go. The address has to confirm the subscription once. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  private readonly prefix: string;

  constructor(scope: Construct, id: string, { prefix, email }: AlarmTopicProps) {
    super(scope, id);
    this.prefix = prefix;
    this.topic = new Topic(this, 'Topic', { displayName: prefix, enforceSSL: true });
    this.allowSender('cloudwatch.amazonaws.com');
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }

  /**
   * Tells when the month's bill is likely to pass the limit, and when it has. It is the whole account's bill: a
   * filter by tag counts nothing until somebody has switched the tag on in billing.
   */
  watchCosts(monthlyUsd: number): void {
    this.allowSender('budgets.amazonaws.com');
    const subscribers = [{ subscriptionType: 'SNS', address: this.topic.topicArn }];
    const budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `${this.prefix}-budget`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      },
      notificationsWithSubscribers: (['FORECASTED', 'ACTUAL'] as const).map((notificationType) => ({
        notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold: 100 },
        subscribers,
      })),
    });
    // Budgets tries the topic when the budget is made.
    budget.node.addDependency(this.topic);
  }

  private allowSender(service: string): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}

import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type Alarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { LOG_METRICS } from '../log-metrics';
import type { LogMetrics, MetricName } from './log-metrics';

export interface OverviewProps {
  readonly name: string;
  readonly alarms: readonly Alarm[];
  readonly metrics: LogMetrics;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly lane: Queue;
  readonly api: HttpApi;
}

const PERIOD = Duration.minutes(15);

/** One screen: what is wrong, what the shops see, what the machinery does. */
export class Overview extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: OverviewProps) {
    super(scope, id);
    const { metrics } = props;
    const of = (statistic: string, ...names: MetricName[]): IMetric[] =>
      names.map((name) => metrics.of(name, { statistic, period: PERIOD }));
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 24, height: 4 })],
        [
          graph('Orders', of('Sum', 'OrdersCreated', 'OrdersFailed', 'OrdersSetAside')),
          graph('Statuses to ZZap', of('Sum', 'StatusesPushed'), of('Maximum', 'OldestPushMs')),
          graph(
            'Connections',
            of('Maximum', 'Connections', 'ConnectionsActive', 'ConnectionsSuspended', 'ConnectionsSilent'),
          ),
        ],
        [
          graph('Runs', of('Sum', 'RunsFailed', 'HooksAccepted'), of('Maximum', 'RunMs')),
          graph('Calls and failures', of('Sum', 'ZzapCalls', 'CrmCalls'), [
            metrics.each('RemoteFailures', LOG_METRICS.RemoteFailures.by, PERIOD),
          ]),
          graph('Schedules put right', of('Maximum', 'SchedulesMended', 'SchedulesRemoved')),
        ],
        machinery(props),
      ],
    });
  }
}

function machinery({ functions, lane, api }: OverviewProps): IWidget[] {
  const period = PERIOD;
  const each = Object.values(functions);
  return [
    graph(
      'Lane',
      [lane.metricApproximateNumberOfMessagesVisible({ period })],
      [lane.metricApproximateAgeOfOldestMessage({ period })],
    ),
    graph(
      'Functions',
      each.map((one) => one.metricErrors({ period })),
      each.map((one) => one.metricDuration({ period, statistic: 'p95' })),
    ),
    graph(
      'HTTP',
      [api.metricCount({ period }), api.metricClientError({ period }), api.metricServerError({ period })],
      [api.metricLatency({ period, statistic: 'p95' })],
    ),
  ];
}

function graph(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, left, right, width: 8, height: 6 });
}

import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { LOG_METRICS, patternOf, type LogMetric, type LogMetricName } from '../log-metrics';

export interface LogMetricsProps {
  readonly namespace: string;
  readonly logs: Readonly<Record<LogMetric['writer'] | 'access', ILogGroup>>;
}

/** 502 is our own word for a remote system's trouble and no defect. */
const SERVER_ERROR = '($.status = 500 || $.status >= 503)';
const ACCESS_PATTERNS = {
  HookServerErrors: `{ ${SERVER_ERROR} && $.routeKey = "ANY /hooks/{proxy+}" }`,
  SettingsServerErrors: `{ ${SERVER_ERROR} && $.routeKey != "ANY /hooks/{proxy+}" }`,
} as const;

export type MetricName = LogMetricName | keyof typeof ACCESS_PATTERNS;

/** Turns log lines into metrics: the functions need no right, no client and no time for it. */
export class LogMetrics extends Construct {
  private readonly namespace: string;

  constructor(scope: Construct, id: string, { namespace, logs }: LogMetricsProps) {
    super(scope, id);
    this.namespace = namespace;
    for (const [name, metric] of Object.entries<LogMetric>(LOG_METRICS)) {
      const value = metric.field === undefined ? '1' : `$.${metric.field}`;
      this.count(name, logs[metric.writer], patternOf(metric), value, metric.by);
    }
    for (const [name, pattern] of Object.entries(ACCESS_PATTERNS)) {
      this.count(name, logs.access, pattern, '1');
    }
  }

  of(name: MetricName, options: MetricOptions): Metric {
    return new Metric({ namespace: this.namespace, metricName: name, ...options });
  }

  /** All values of a metric that is told apart by fields, each a line of its own. */
  each(name: LogMetricName, by: readonly string[], period: Duration): MathExpression {
    const schema = [this.namespace, ...by].join(',');
    return new MathExpression({
      expression: `SEARCH('{${schema}} MetricName="${name}"', 'Sum', ${period.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period,
    });
  }

  private count(
    metricName: string,
    logGroup: ILogGroup,
    pattern: string,
    metricValue: string,
    by: readonly string[] = [],
  ): void {
    new MetricFilter(this, metricName, {
      logGroup,
      metricNamespace: this.namespace,
      metricName,
      filterPattern: FilterPattern.literal(pattern),
      metricValue,
      ...(by.length > 0 && { dimensions: Object.fromEntries(by.map((field) => [field, `$.${field}`])) }),
    });
  }
}

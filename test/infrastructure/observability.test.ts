import { LOG_METRICS, patternOf, type LogMetric } from '../../lib/log-metrics';
import { filesBelow, read } from '../architecture/sources';
import { only, readable, resourcesOf, synthesised } from './templates';

const { service } = synthesised({ alarmEmail: 'duty@shop.example', monthlyBudgetUsd: '50' });
const PREFIX = 'zzap-retailcrm-prod-';

const alarms = Object.values(resourcesOf(service, 'AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);
const nameOf = (alarm: Readonly<Record<string, unknown>>) => String(alarm['AlarmName']).slice(PREFIX.length);

const ALARMS = [
  'caretaker-errors',
  'caretaker-missing',
  'lane-age',
  'lane-dead-letters',
  'push-age',
  'quarantine',
  'settings-5xx',
  'settings-errors',
  'silence',
  'suspended',
  'sync-errors',
  'throttles',
  'tick-dead-letters',
  'webhook-5xx',
  'webhook-errors',
];

describe('the alarms', () => {
  it('are these', () => {
    expect(alarms.map(nameOf).sort()).toEqual(ALARMS);
  });

  it('reach somebody, each', () => {
    for (const alarm of alarms) {
      const actions = (alarm['AlarmActions'] as unknown[]).map(readable);
      expect([nameOf(alarm), actions]).toEqual([nameOf(alarm), ['ObservabilityAlarmTopic']]);
    }
    expect(only(service, 'AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'duty@shop.example',
    });
  });

  it.each([
    ['lane-dead-letters', 1, 'notBreaching'],
    ['tick-dead-letters', 1, 'notBreaching'],
    ['lane-age', 1800, 'notBreaching'],
    ['silence', 1, 'notBreaching'],
    ['push-age', 3_600_000, 'notBreaching'],
    ['quarantine', 10, 'notBreaching'],
    // The one that is raised by silence: nobody would watch the watcher.
    ['caretaker-missing', 1, 'breaching'],
  ])('%s is raised at %d', (name, threshold, missing) => {
    const alarm = alarms.find((one) => nameOf(one) === name);

    expect(alarm).toMatchObject({
      Threshold: threshold,
      TreatMissingData: missing,
      ComparisonOperator: missing === 'breaching' ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
    });
  });

  it('look at metrics that somebody makes', () => {
    const made = metricFilters().map(({ MetricName }) => MetricName);
    const watched = alarms
      .filter(({ Namespace }) => Namespace === 'zzap-retailcrm-prod')
      .map(({ MetricName }) => MetricName);

    expect(watched.length).toBeGreaterThan(5);
    expect(watched.filter((name) => !made.includes(String(name)))).toEqual([]);
  });

  it('are explained to who is woken: meaning, first look, action', () => {
    const sections = read('docs/operations.md').split(/^#{2,3} /m);

    for (const name of [...ALARMS, 'budget']) {
      const section = sections.find((one) => one.startsWith(`${name}\n`)) ?? '';
      for (const part of ['Meaning', 'First look', 'Action']) {
        expect(`${name}: ${section}`).toContain(`* **${part}.**`);
      }
    }
  });

  it('may be sent by CloudWatch and Budgets of this account, over TLS', () => {
    const { PolicyDocument } = only(service, 'AWS::SNS::TopicPolicy').Properties as {
      PolicyDocument: { Statement: Record<string, unknown>[] };
    };
    const senders = PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');

    expect(senders.map(({ Principal }) => Principal)).toEqual([
      { Service: 'cloudwatch.amazonaws.com' },
      { Service: 'budgets.amazonaws.com' },
    ]);
    for (const { Condition } of senders) {
      expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
    }
    expect(JSON.stringify(PolicyDocument)).toContain('"aws:SecureTransport":"false"');
  });
});

describe('the budget', () => {
  it('warns when the month is likely to pass it, and when it has', () => {
    const { Budget, NotificationsWithSubscribers } = only(service, 'AWS::Budgets::Budget').Properties as {
      Budget: unknown;
      NotificationsWithSubscribers: { Notification: unknown; Subscribers: { Address: unknown }[] }[];
    };

    expect(Budget).toMatchObject({ BudgetLimit: { Amount: 50, Unit: 'USD' }, TimeUnit: 'MONTHLY' });
    expect(NotificationsWithSubscribers.map(({ Notification }) => Notification)).toEqual([
      expect.objectContaining({ NotificationType: 'FORECASTED', Threshold: 100 }),
      expect.objectContaining({ NotificationType: 'ACTUAL', Threshold: 100 }),
    ]);
    for (const { Subscribers } of NotificationsWithSubscribers) {
      expect(Subscribers.map(({ Address }) => readable(Address))).toEqual(['ObservabilityAlarmTopic']);
    }
  });

  it('is not there where nobody named a limit', () => {
    const plain = synthesised().service;

    expect(resourcesOf(plain, 'AWS::Budgets::Budget')).toEqual({});
    expect(resourcesOf(plain, 'AWS::SNS::Subscription')).toEqual({});
  });
});

describe('a metric made of log lines', () => {
  /** Production code by path. */
  const sources = filesBelow('functions')
    .filter((file) => !file.startsWith('functions/local/'))
    .map((file) => read(file));

  it.each(Object.entries<LogMetric>(LOG_METRICS))(
    '%s counts a line that the code writes',
    (_, { event, field, where = {}, by = [] }) => {
      const calls = sources.flatMap((code) => callsWriting(code, event));

      expect([event, calls.length > 0]).toEqual([event, true]);
      for (const name of [...Object.keys(where), ...by, ...(field === undefined ? [] : [field])]) {
        const isThere = calls.some((call) => new RegExp(`\\b${name}\\b`).test(call));
        expect([event, name, isThere]).toEqual([event, name, true]);
      }
    },
  );

  it.each([
    ['OrdersCreated', '{ $.event = "sync.run.finished" }', '$.created', 'FunctionsSyncLog'],
    ['RunsFailed', '{ $.event = "sync.run.finished" && $.state = "failed" }', '1', 'FunctionsSyncLog'],
    ['ConnectionsSilent', '{ $.event = "watch.finished" }', '$.silent', 'FunctionsCaretakerLog'],
    ['HooksAccepted', '{ $.event = "hook.accepted" }', '1', 'FunctionsWebhookLog'],
    [
      'HookServerErrors',
      '{ ($.status = 500 || $.status >= 503) && $.routeKey = "ANY /hooks/{proxy+}" }',
      '1',
      'HttpAccessLog',
    ],
  ])('%s is %s', (name, pattern, value, log) => {
    const filter = metricFilters().find(({ MetricName }) => MetricName === name);

    expect([filter?.pattern, filter?.MetricValue, filter?.log]).toEqual([pattern, value, log]);
  });

  it('tells failures apart by system and kind', () => {
    const filter = metricFilters().find(({ MetricName }) => MetricName === 'RemoteFailures');

    expect(filter).toMatchObject({
      pattern: '{ $.event = "remote.failed" }',
      Dimensions: [
        { Key: 'remote', Value: '$.remote' },
        { Key: 'kind', Value: '$.kind' },
      ],
    });
  });

  it('says in its pattern all that must hold', () => {
    const metric: LogMetric = { writer: 'sync', event: 'a.b', where: { c: 'd', e: 'f' } };

    expect(patternOf(metric)).toBe('{ $.event = "a.b" && $.c = "d" && $.e = "f" }');
  });
});

describe('the dashboard', () => {
  it('shows every metric of ours and every alarm', () => {
    const body = JSON.stringify(only(service, 'AWS::CloudWatch::Dashboard').Properties['DashboardBody']);

    const absent = Object.keys(LOG_METRICS).filter((name) => !body.includes(`"${name}\\`));
    expect(absent).toEqual([]);
    expect(
      Object.keys(resourcesOf(service, 'AWS::CloudWatch::Alarm')).filter((id) => !body.includes(id)),
    ).toEqual([]);
  });
});

function metricFilters() {
  return Object.values(resourcesOf(service, 'AWS::Logs::MetricFilter')).map(({ Properties }) => {
    const [transformation] = Properties['MetricTransformations'] as Record<string, unknown>[];
    return {
      ...(transformation as { MetricName: string; MetricValue: string }),
      pattern: Properties['FilterPattern'],
      log: readable(Properties['LogGroupName']),
    };
  });
}

/** The functions that write the event, from their head to the end of the call. */
function callsWriting(code: string, event: string): string[] {
  const heads = [...code.matchAll(/^(?:export )?(?:async )?function /gm)].map(({ index }) => index);
  return [...code.matchAll(new RegExp(`'${event.replaceAll('.', '\\.')}'`, 'g'))].map(({ index }) => {
    const head = heads.filter((at) => at < index).at(-1) ?? 0;
    return code.slice(head, code.indexOf(');', index));
  });
}

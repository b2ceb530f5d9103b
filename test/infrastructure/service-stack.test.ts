import {
  caretakerVariables,
  readCloudEnvironment,
  settingsVariables,
  syncVariables,
  webhookVariables,
} from '../../functions/wiring/cloud-environment';
import { only, readable, resourcesOf, synthesised, type Resource } from './templates';

const { service } = synthesised();

const FUNCTION = 'AWS::Lambda::Function';
const FUNCTIONS = ['Settings', 'Webhook', 'Sync', 'Caretaker'] as const;
const functionOf = (name: string) => only(service, FUNCTION, `Functions${name}Function`);

describe('the functions', () => {
  it('are four, on the newest Node and the cheaper processor', () => {
    const all = Object.values(resourcesOf(service, FUNCTION));

    expect(all).toHaveLength(4);
    for (const { Properties } of all) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  it.each([
    ['Settings', settingsVariables],
    ['Webhook', webhookVariables],
    ['Sync', syncVariables],
    ['Caretaker', caretakerVariables],
  ] as const)('%s is told exactly what its code reads', (name, { shape }) => {
    const { Variables } = functionOf(name).Properties['Environment'] as { Variables: object };

    expect(Object.keys(Variables).sort()).toEqual(Object.keys(shape).sort());
  });

  it('are told what their code accepts', () => {
    const { Variables } = functionOf('Settings').Properties['Environment'] as {
      Variables: Record<string, unknown>;
    };
    // What CloudFormation fills in has the form its name says.
    const filledIn = (name: string, value: unknown) =>
      name.endsWith('_ARN') ? `arn:${readable(value)}` : `https://${readable(value)}/`;
    const told = Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [
        name,
        typeof value === 'string' || name.startsWith('TABLE_') || name === 'SCHEDULE_GROUP'
          ? readable(value)
          : filledIn(name, value),
      ]),
    );

    expect(readCloudEnvironment(settingsVariables, told)).toEqual({
      LOG_LEVEL: 'info',
      TABLE_CONNECTIONS: 'Tablesconnections',
      TABLE_MAPPINGS: 'Tablesmappings',
      TABLE_CURSORS: 'Tablescursors',
      TABLE_ORDERS: 'Tablesorders',
      TABLE_RUNS: 'Tablesruns',
      LANE_QUEUE_URL: 'https://LaneQueue',
      VAULT_KEY_ARN: 'arn:VaultKey',
      ZZAP_BASE_URL: 'https://api.zzap.pro',
      ZZAP_MIN_INTERVAL_MS: 3000,
      CRM_REQUESTS_PER_SECOND: 9,
      CRM_ALLOWED_HOSTS: [],
      SCHEDULE_GROUP: 'SchedulesGroup',
      SCHEDULE_ROLE_ARN: 'arn:SchedulesRole',
      LANE_QUEUE_ARN: 'arn:LaneQueue',
      SCHEDULE_DEAD_LETTER_ARN: 'arn:SchedulesDeadLetters',
      PUBLIC_URL: 'https://HttpApi',
    });
  });

  it.each([
    ['Settings', 'index.handler', 29],
    ['Webhook', 'index.handler', 25],
    ['Sync', 'index.handler', 900],
    ['Caretaker', 'index.caretaker', 600],
  ])('%s is entered at %s and may take %d seconds', (name, entry, seconds) => {
    expect(functionOf(name).Properties).toMatchObject({ Handler: entry, Timeout: seconds });
  });

  it('write each to a log of its own that forgets', () => {
    for (const name of FUNCTIONS) {
      const { LoggingConfig } = functionOf(name).Properties as { LoggingConfig: { LogGroup: unknown } };
      expect(readable(LoggingConfig.LogGroup)).toBe(`Functions${name}Log`);
    }
    const logs = Object.values(resourcesOf(service, 'AWS::Logs::LogGroup'));
    expect(logs.map(({ Properties }) => [Properties['LogGroupName'], Properties['RetentionInDays']])).toEqual(
      expect.arrayContaining([
        ['/zzap-retailcrm-prod/settings', 30],
        ['/zzap-retailcrm-prod/webhook', 30],
        ['/zzap-retailcrm-prod/sync', 30],
        ['/zzap-retailcrm-prod/caretaker', 30],
        ['/zzap-retailcrm-prod/access', 30],
      ]),
    );
    expect(logs).toHaveLength(5);
  });
});

describe('the lane', () => {
  const queue = only(service, 'AWS::SQS::Queue', 'LaneQueue').Properties;
  const deadLetters = only(service, 'AWS::SQS::Queue', 'LaneDeadLetters').Properties;

  it('serialises a connection and nothing else', () => {
    expect(queue).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  it('gives a message again only when its function can no longer be alive', () => {
    expect(queue['VisibilityTimeout']).toBe(960);
    expect(functionOf('Sync').Properties['Timeout']).toBeLessThan(960);
  });

  it('sets a message aside after five deliveries, for two weeks', () => {
    const { maxReceiveCount, deadLetterTargetArn } = queue['RedrivePolicy'] as Record<string, unknown>;

    expect([maxReceiveCount, readable(deadLetterTargetArn)]).toEqual([5, 'LaneDeadLetters']);
    expect(deadLetters).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 1_209_600 });
  });

  it('hands messages over one by one, to so many at once', () => {
    const { Properties } = only(service, 'AWS::Lambda::EventSourceMapping');

    expect(Properties).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
    expect([readable(Properties['EventSourceArn']), readable(Properties['FunctionName'])]).toEqual([
      'LaneQueue',
      'FunctionsSyncFunction',
    ]);
  });
});

describe('every queue', () => {
  it('is sealed and taken from over TLS only', () => {
    const queues = Object.entries(resourcesOf(service, 'AWS::SQS::Queue'));
    const policies = JSON.stringify(resourcesOf(service, 'AWS::SQS::QueuePolicy'));

    expect(queues).toHaveLength(3);
    for (const [id, { Properties }] of queues) {
      expect(Properties['SqsManagedSseEnabled']).toBe(true);
      expect(policies).toContain(`"aws:SecureTransport":"false"`);
      expect(policies).toContain(`"Queues":[{"Ref":"${id}"}]`);
    }
  });
});

describe('the schedules', () => {
  it('have a group of their own and a plain queue for ticks that got lost', () => {
    expect(only(service, 'AWS::Scheduler::ScheduleGroup').Properties['Name']).toBe('zzap-retailcrm-prod');
    expect(only(service, 'AWS::SQS::Queue', 'SchedulesDeadLetters').Properties).not.toHaveProperty(
      'FifoQueue',
    );
  });

  it('send the caretaker round, outside that group', () => {
    const rounds = Object.values(resourcesOf(service, 'AWS::Scheduler::Schedule')).map(({ Properties }) => {
      const target = Properties['Target'] as Record<string, unknown>;
      return [
        Properties['GroupName'],
        Properties['ScheduleExpression'],
        target['Input'],
        readable(target['Arn']),
      ];
    });

    expect(rounds.sort()).toEqual([
      ['default', 'cron(20 1 * * ? *)', '{"task":"reconcile"}', 'FunctionsCaretakerFunction'],
      ['default', 'rate(15 minutes)', '{"task":"watch"}', 'FunctionsCaretakerFunction'],
    ]);
  });

  it('of the caretaker wait for the right to start it', () => {
    for (const { DependsOn } of Object.values(resourcesOf(service, 'AWS::Scheduler::Schedule'))) {
      expect(DependsOn?.some((id) => id.startsWith('CaretakerRoundsRoleDefaultPolicy'))).toBe(true);
    }
  });
});

describe('the HTTP front', () => {
  const routes = Object.fromEntries(
    Object.values(resourcesOf(service, 'AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties['RouteKey'] as string,
      { guard: Properties['AuthorizationType'], asks: functionBehind(Properties['Target']) },
    ]),
  );

  it('is closed to strangers where settings are, until people can sign in', () => {
    expect(routes).toEqual({
      'ANY /api': { guard: 'AWS_IAM', asks: 'FunctionsSettingsFunction' },
      'ANY /api/{proxy+}': { guard: 'AWS_IAM', asks: 'FunctionsSettingsFunction' },
      'ANY /hooks/{proxy+}': { guard: 'NONE', asks: 'FunctionsWebhookFunction' },
      $default: { guard: 'NONE', asks: 'FunctionsSettingsFunction' },
    });
  });

  it('never writes down a path, an address or an agent: the path of a hook is its secret', () => {
    const { AccessLogSettings } = only(service, 'AWS::ApiGatewayV2::Stage').Properties as {
      AccessLogSettings: { Format: string };
    };

    expect([...AccessLogSettings.Format.matchAll(/\$context\.([\w.]+)/g)].map(([, name]) => name)).toEqual([
      'requestId',
      'routeKey',
      'status',
      'responseLatency',
      'integrationStatus',
    ]);
    const line = AccessLogSettings.Format.replace(/"\$[^"]*"/g, '"x"').replace(/\$[\w.]+/g, '1');
    expect(JSON.parse(line)).toMatchObject({ status: 1, routeKey: 'x' });
  });

  it('has a limit', () => {
    expect(only(service, 'AWS::ApiGatewayV2::Stage').Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    });
  });

  it('may start its two functions, and nothing else may start any', () => {
    const allowed = Object.values(resourcesOf(service, 'AWS::Lambda::Permission')).map(({ Properties }) => [
      Properties['Principal'],
      readable(Properties['FunctionName']),
      'SourceArn' in Properties,
    ]);

    const unique = [...new Set(allowed.map((one) => JSON.stringify(one)))].sort();
    expect(unique).toEqual([
      '["apigateway.amazonaws.com","FunctionsSettingsFunction",true]',
      '["apigateway.amazonaws.com","FunctionsWebhookFunction",true]',
    ]);
  });
});

describe('the stacks', () => {
  it('tell what one needs after deploying', () => {
    expect(Object.keys(service.findOutputs('*'))).toEqual([
      'FormUrl',
      'ApiUrl',
      'HookBase',
      'DashboardUrl',
      'LaneDeadLettersUrl',
      'AlarmTopicArn',
    ]);
  });

  it('use the own domain of a deployment where one is given', () => {
    const own = synthesised({ publicUrl: 'https://zzap.shop.example' }).service;
    const { Environment } = only(own, FUNCTION, 'FunctionsSettings').Properties as {
      Environment: { Variables: Record<string, unknown> };
    };

    expect(Environment.Variables['PUBLIC_URL']).toBe('https://zzap.shop.example');
    expect(own.findOutputs('FormUrl')['FormUrl']).toMatchObject({ Value: 'https://zzap.shop.example' });
  });

  it('mark what is theirs', () => {
    expect(only(service, 'AWS::SQS::Queue', 'LaneQueue').Properties['Tags']).toEqual([
      { Key: 'application', Value: 'zzap-retailcrm' },
      { Key: 'stage', Value: 'prod' },
    ]);
  });
});

/** Of a route's target `integrations/<integration>`. */
function functionBehind(target: unknown): string {
  const [, id = ''] = /"Ref":"(\w+)"/.exec(JSON.stringify(target)) ?? [];
  const integration = resourcesOf(service, 'AWS::ApiGatewayV2::Integration')[id] as Resource;
  return readable(integration.Properties['IntegrationUri']);
}

import type { QueryCommand } from '@aws-sdk/client-dynamodb';
import { createHookedConnections } from '../../functions/storage/hooked-connections';
import { filesBelow, read } from '../architecture/sources';
import { readable, resourcesOf, synthesised } from './templates';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const { service } = synthesised();

/** What each role may do, all its statements. */
const RIGHTS = Object.fromEntries(
  Object.entries(resourcesOf(service, 'AWS::IAM::Policy')).map(([id, { Properties }]) => {
    const { Statement: statements } = Properties['PolicyDocument'] as { Statement: Statement[] };
    return [id.replace(/RoleDefaultPolicy.*$/, ''), statements];
  }),
);

const actionsOf = (role: string) => [...new Set(RIGHTS[role]!.flatMap(({ Action }) => Action))].sort();

function reachOfAction(role: string, action: string): string[] {
  const statements = RIGHTS[role]!.filter(({ Action }) => [Action].flat().includes(action));
  return [...new Set(statements.flatMap(({ Resource }) => [Resource].flat().map(readable)))].sort();
}

const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const ITEMS = [
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];
const SCHEDULES = [
  'scheduler:CreateSchedule',
  'scheduler:DeleteSchedule',
  'scheduler:GetSchedule',
  'scheduler:UpdateSchedule',
];
const VAULT = ['kms:Decrypt', 'kms:GenerateDataKey'];
const RECEIVE = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

describe('what a role may do', () => {
  it('is written down here for every one', () => {
    expect(Object.keys(RIGHTS).sort()).toEqual([
      'CaretakerRounds',
      'FunctionsCaretaker',
      'FunctionsSettings',
      'FunctionsSync',
      'FunctionsWebhook',
      'Schedules',
    ]);
  });

  it.each([
    ['FunctionsSettings', [...ITEMS, ...LOG, ...SCHEDULES, ...VAULT, 'iam:PassRole', 'sqs:SendMessage']],
    [
      'FunctionsSync',
      [...ITEMS, ...LOG, ...SCHEDULES, ...VAULT, ...RECEIVE, 'iam:PassRole', 'sqs:SendMessage'],
    ],
    ['FunctionsWebhook', [...LOG, 'dynamodb:Query', 'sqs:SendMessage']],
    [
      'FunctionsCaretaker',
      [
        ...['dynamodb:GetItem', 'dynamodb:Query'],
        ...LOG,
        ...SCHEDULES,
        ...['scheduler:ListSchedules', 'iam:PassRole', 'sqs:SendMessage'],
      ],
    ],
    ['Schedules', ['sqs:SendMessage']],
    ['CaretakerRounds', ['lambda:InvokeFunction', 'sqs:SendMessage']],
  ])('%s: exactly this', (role, actions) => {
    expect(actionsOf(role)).toEqual([...actions].sort());
  });

  it('comes from no policy that others change', () => {
    const managed = Object.values(resourcesOf(service, 'AWS::IAM::Role')).filter(
      ({ Properties }) => 'ManagedPolicyArns' in Properties,
    );

    expect(managed).toEqual([]);
  });

  it('never reaches everything, but for a list that cannot be bound', () => {
    const unbound = Object.entries(RIGHTS).flatMap(([role, statements]) =>
      statements.filter((one) => [one.Resource].flat().includes('*')).map(({ Action }) => [role, Action]),
    );

    expect(unbound).toEqual([['FunctionsCaretaker', 'scheduler:ListSchedules']]);
  });
});

describe('a role reaches only', () => {
  const TABLES = ['connections', 'cursors', 'mappings', 'orders', 'runs'].map((name) => `Tables${name}`);
  const INDEXES = [
    'Tablesconnections/index/byConnection',
    'Tablesorders/index/byAttention',
    'Tablesorders/index/byCrmNumber',
    'Tablesorders/index/byPush',
  ];
  const LANE = 'LaneQueue';

  it.each([
    ['FunctionsSettings', 'dynamodb:PutItem', TABLES],
    ['FunctionsSettings', 'dynamodb:Query', [...TABLES, ...INDEXES].sort()],
    ['FunctionsSettings', 'sqs:SendMessage', [LANE]],
    ['FunctionsSettings', 'kms:Decrypt', ['VaultKey']],
    ['FunctionsSettings', 'iam:PassRole', ['SchedulesRole']],
    ['FunctionsSync', 'dynamodb:PutItem', TABLES],
    ['FunctionsSync', 'sqs:ReceiveMessage', [LANE]],
    ['FunctionsSync', 'sqs:SendMessage', [LANE]],
    ['FunctionsWebhook', 'dynamodb:Query', ['Tablesconnections/index/byConnection']],
    ['FunctionsWebhook', 'sqs:SendMessage', [LANE]],
    ['FunctionsCaretaker', 'dynamodb:Query', ['Tablesconnections', 'Tablesconnections/index/byConnection']],
    ['FunctionsCaretaker', 'dynamodb:GetItem', ['Tablescursors']],
    ['Schedules', 'sqs:SendMessage', [LANE, 'SchedulesDeadLetters']],
    ['CaretakerRounds', 'sqs:SendMessage', ['SchedulesDeadLetters']],
    ['CaretakerRounds', 'lambda:InvokeFunction', ['FunctionsCaretakerFunction']],
  ])('%s with %s: %j', (role, action, reach) => {
    expect(reachOfAction(role, action)).toEqual(reach);
  });

  it('its own log', () => {
    for (const name of ['Settings', 'Sync', 'Webhook', 'Caretaker']) {
      expect(reachOfAction(`Functions${name}`, 'logs:PutLogEvents')).toEqual([`Functions${name}Log`]);
    }
  });

  it('the schedules of its own group', () => {
    for (const name of ['Settings', 'Sync', 'Caretaker']) {
      const [reach, ...more] = reachOfAction(`Functions${name}`, 'scheduler:CreateSchedule');
      expect(more).toEqual([]);
      expect(reach).toMatch(/schedule\/zzap-retailcrm-prod\/\*$/);
    }
  });
});

describe('who may take a role', () => {
  it('is Scheduler only for the ticks and the rounds, and only for its own group of this account', () => {
    const trusted = Object.entries(resourcesOf(service, 'AWS::IAM::Role'))
      .map(([id, { Properties }]) => [id, JSON.stringify(Properties['AssumeRolePolicyDocument'])] as const)
      .filter(([, document]) => document.includes('scheduler.amazonaws.com'));

    expect(trusted.map(([id]) => id.slice(0, -8)).sort()).toEqual(['CaretakerRoundsRole', 'SchedulesRole']);
    for (const [id, document] of trusted) {
      expect(document).toContain('"aws:SourceAccount":{"Ref":"AWS::AccountId"}');
      const group = id.startsWith('Schedules') ? 'zzap-retailcrm-prod' : 'default';
      expect(document).toContain(`:schedule-group/${group}"]]}}}`);
    }
  });

  it('is handed to Scheduler and to no other service', () => {
    for (const role of ['FunctionsSettings', 'FunctionsSync', 'FunctionsCaretaker']) {
      const [pass] = RIGHTS[role]!.filter(({ Action }) => Action === 'iam:PassRole');
      expect(pass?.Condition).toEqual({
        StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
      });
    }
  });
});

describe('the function that everybody may call', () => {
  const [query] = RIGHTS['FunctionsWebhook']!.filter(({ Action }) => Action === 'dynamodb:Query');

  it('can open nothing', () => {
    expect(actionsOf('FunctionsWebhook').filter((action) => action.startsWith('kms:'))).toEqual([]);
  });

  it('reads of a connection what tells a hook, whatever it asks', () => {
    expect(query?.Condition).toEqual({
      'ForAllValues:StringEquals': {
        'dynamodb:Attributes': ['accountId', 'connectionId', 'state', 'hookSecret', 'hookSecret.digest'],
      },
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    });
  });

  it('asks for no more than that', async () => {
    const asked: QueryCommand[] = [];
    const client = {
      send: (command: QueryCommand) => {
        asked.push(command);
        return Promise.resolve({ $metadata: {}, Items: [] });
      },
    };
    await createHookedConnections({ client, table: 'connections' }).find('c-1');

    expect(asked).toHaveLength(1);
    const { IndexName, Select, ProjectionExpression, KeyConditionExpression, ExpressionAttributeNames } =
      asked[0]!.input;
    expect([IndexName, Select]).toEqual(['byConnection', 'SPECIFIC_ATTRIBUTES']);
    const names = [...ProjectionExpression!.split(','), KeyConditionExpression!.split('=')[0]!]
      .map((name) => name.trim())
      .map((name) => ExpressionAttributeNames?.[name] ?? name);
    const allowed = query?.Condition?.['ForAllValues:StringEquals']?.['dynamodb:Attributes'];
    expect(allowed).toEqual(expect.arrayContaining(names));
  });
});

describe('the stores', () => {
  /** A transaction needs the rights of its parts. */
  const NEEDS: Readonly<Record<string, string | null>> = {
    BatchGet: 'dynamodb:BatchGetItem',
    Delete: 'dynamodb:DeleteItem',
    Get: 'dynamodb:GetItem',
    Put: 'dynamodb:PutItem',
    Query: 'dynamodb:Query',
    TransactWrite: null,
    Update: 'dynamodb:UpdateItem',
  };

  it('send nothing that their functions may not', () => {
    const stores = filesBelow('functions/storage').filter((file) => !file.endsWith('/tables.ts'));
    const sent = stores.flatMap((file) =>
      [...read(file).matchAll(/new (\w+)Command\(/g)].map(([, command = '']) => command),
    );

    expect([...new Set(sent)].sort()).toEqual(expect.arrayContaining(['Get', 'Put', 'Query']));
    expect(sent.filter((command) => !(command in NEEDS))).toEqual([]);
    const needed = Object.values(NEEDS).filter((action) => action !== null);
    expect(actionsOf('FunctionsSync')).toEqual(expect.arrayContaining(needed));
    expect(actionsOf('FunctionsSettings')).toEqual(expect.arrayContaining(needed));
  });
});

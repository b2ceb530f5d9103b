import { only, resourcesOf, synthesised, type Resource } from './templates';

const kept = synthesised();
const thrownAway = synthesised({ stage: 'trial' });

const TABLE = 'AWS::DynamoDB::Table';
const KEY = 'AWS::KMS::Key';

function tables(template = kept.data): [string, Resource][] {
  return Object.entries(resourcesOf(template, TABLE));
}

describe('the tables', () => {
  it('are the five of the module, with their keys and indexes', () => {
    const shapes = Object.fromEntries(
      tables().map(([id, { Properties }]) => [id.replace(/^Tables|[0-9A-F]{8}$/g, ''), shapeOf(Properties)]),
    );

    expect(shapes).toEqual({
      connections: ['accountId + connectionId', 'byConnection: connectionId + accountId'],
      mappings: ['connectionId'],
      cursors: ['connectionId'],
      orders: [
        'connectionId + zzapOrderCode',
        'byAttention: connectionId + attentionSince',
        'byPush: connectionId + pushOrder',
        'byCrmNumber: connectionId + crmNumber',
      ],
      runs: ['connectionId + runId'],
    });
  });

  it('are paid per request, sealed with our key, and can be restored', () => {
    for (const [, { Properties }] of tables()) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() as unknown },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      expect(JSON.stringify(Properties['SSESpecification'])).toContain('TableKey');
    }
  });

  it('survive their stack and a slip of the hand', () => {
    for (const [id, { Properties, DeletionPolicy }] of tables()) {
      expect([id, DeletionPolicy, Properties['DeletionProtectionEnabled']]).toEqual([id, 'Retain', true]);
    }
    expect(kept.stacks.data.terminationProtection).toBe(true);
  });

  it('go with a stage that may be thrown away', () => {
    for (const [id, { Properties, DeletionPolicy }] of tables(thrownAway.data)) {
      expect([id, DeletionPolicy, Properties['DeletionProtectionEnabled']]).toEqual([id, 'Delete', false]);
    }
    expect(thrownAway.stacks.data.terminationProtection).toBe(false);
  });

  it('forget run records in time, and nothing else', () => {
    const expiring = tables()
      .filter(([, { Properties }]) => Properties['TimeToLiveSpecification'] !== undefined)
      .map(([id, { Properties }]) => [id.slice(0, -8), Properties['TimeToLiveSpecification']]);

    expect(expiring).toEqual([['Tablesruns', { AttributeName: 'expiresAt', Enabled: true }]]);
  });
});

describe('the keys', () => {
  it('are two, turn every year and outlive their stack', () => {
    const keys = Object.values(resourcesOf(kept.data, KEY));

    expect(keys).toHaveLength(2);
    for (const { Properties, DeletionPolicy } of keys) {
      expect(Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 30 });
      expect(DeletionPolicy).toBe('Retain');
    }
  });

  it('have names', () => {
    const names = Object.values(resourcesOf(kept.data, 'AWS::KMS::Alias')).map(
      ({ Properties }) => Properties['AliasName'],
    );

    expect(names.sort()).toEqual(['alias/zzap-retailcrm-prod-tables', 'alias/zzap-retailcrm-prod-vault']);
  });

  it('of the tables serves through DynamoDB, the account that owns it, and nobody else', () => {
    const [, forDynamoDb, ...more] = statementsOf(only(kept.data, KEY, 'TableKey'));

    expect(more).toEqual([]);
    expect(forDynamoDb).toMatchObject({
      Principal: { AWS: '*' },
      Condition: {
        StringEquals: {
          'kms:CallerAccount': { Ref: 'AWS::AccountId' },
          'kms:ViaService': {
            'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.', expect.anything()]],
          },
        },
      },
    });
  });

  it('of the vault leaves everything to the rights of roles', () => {
    const statements = statementsOf(only(kept.data, KEY, 'VaultKey'));

    expect(statements).toEqual([expect.objectContaining({ Action: 'kms:*', Effect: 'Allow' })]);
  });
});

function statementsOf({ Properties }: Resource): readonly Record<string, unknown>[] {
  return (Properties['KeyPolicy'] as { Statement: Record<string, unknown>[] }).Statement;
}

interface KeyPart {
  readonly AttributeName: string;
}

function shapeOf(properties: Readonly<Record<string, unknown>>): string[] {
  const { KeySchema, GlobalSecondaryIndexes = [] } = properties as {
    KeySchema: KeyPart[];
    GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyPart[] }[];
  };
  const written = (parts: KeyPart[]) => parts.map(({ AttributeName }) => AttributeName).join(' + ');
  return [
    written(KeySchema),
    ...GlobalSecondaryIndexes.map(({ IndexName, KeySchema: parts }) => `${IndexName}: ${written(parts)}`),
  ];
}

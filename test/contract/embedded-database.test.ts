import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTablesCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import {
  DatabaseInUseError,
  startDatabase,
  type DatabaseOptions,
  type RunningDatabase,
} from '../../functions/local/database/start';
import { startDatabaseInWorker } from '../../functions/local/database/start-in-worker';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const table = 'orders';
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function clientOf(endpoint: string): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  cleanUps.push(() => {
    client.destroy();
  });
  return DynamoDBDocumentClient.from(client);
}

async function aDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-database-'));
  cleanUps.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function aDatabase(options: DatabaseOptions = {}): Promise<RunningDatabase> {
  const database = await startDatabase(options);
  cleanUps.push(() => database.close());
  return database;
}

async function createTable(client: DynamoDBDocumentClient, name = table): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'lane', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byLane',
          KeySchema: [
            { AttributeName: 'lane', KeyType: 'HASH' },
            { AttributeName: 'due', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}

async function aTable(options: DatabaseOptions = {}): Promise<DynamoDBDocumentClient> {
  const { endpoint } = await aDatabase(options);
  const client = clientOf(endpoint);
  await createTable(client);
  return client;
}

async function put(client: DynamoDBDocumentClient, ...items: Record<string, unknown>[]): Promise<void> {
  for (const item of items) await client.send(new PutCommand({ TableName: table, Item: item }));
}

async function get(client: DynamoDBDocumentClient, sk: string): Promise<Record<string, unknown> | undefined> {
  const { Item: item } = await client.send(new GetCommand({ TableName: table, Key: { pk: 'a', sk } }));
  return item;
}

function transaction(
  ...items: NonNullable<TransactWriteCommandInput['TransactItems']>
): TransactWriteCommand {
  return new TransactWriteCommand({ TransactItems: items });
}

describe('items of the embedded database', () => {
  it('come back as they were put', async () => {
    const client = await aTable();
    const item = {
      pk: 'a',
      sk: 'Ж',
      n: 1.5,
      empty: '',
      list: ['x', null],
      map: { deep: true },
      set: new Set(['q']),
    };

    await put(client, item);

    expect(await get(client, 'Ж')).toEqual(item);
  });

  it('are not written when the condition fails, and the stored item comes with the refusal on request', async () => {
    const client = await aTable();
    await put(client, { pk: 'a', sk: '1', n: 1 });
    const again = {
      TableName: table,
      Item: { pk: 'a', sk: '1', n: 2 },
      ConditionExpression: 'attribute_not_exists(pk)',
    };

    const plain = client.send(new PutCommand(again));
    const shown = client.send(new PutCommand({ ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));

    await expect(plain).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
    await expect(shown).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { n: { N: '1' } },
    });
    expect(await get(client, '1')).toMatchObject({ n: 1 });
  });

  it('are updated by expressions', async () => {
    const client = await aTable();
    await put(client, { pk: 'a', sk: '1', list: ['x'], map: {}, gone: 1 });

    const { Attributes: attributes } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: 'a', sk: '1' },
        UpdateExpression:
          'SET #l = list_append(if_not_exists(#l, :none), :y), #m.#d = if_not_exists(#m.#d, :one) ADD hits :one REMOVE gone',
        ExpressionAttributeNames: { '#l': 'list', '#m': 'map', '#d': 'deep' },
        ExpressionAttributeValues: { ':none': [], ':y': ['y'], ':one': 1 },
        ReturnValues: 'ALL_NEW',
      }),
    );

    expect(attributes).toEqual({ pk: 'a', sk: '1', list: ['x', 'y'], map: { deep: 1 }, hits: 1 });
  });

  it('are created by an update, which returns no attributes when it has none to return', async () => {
    const client = await aTable();
    const update = (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW', UpdateExpression: string) =>
      client.send(
        new UpdateCommand({ TableName: table, Key: { pk: 'a', sk: '1' }, ReturnValues, UpdateExpression }),
      );

    const created = await update('UPDATED_NEW', 'REMOVE nothing');
    const touched = await update('UPDATED_OLD', 'REMOVE nothing');

    expect(await get(client, '1')).toEqual({ pk: 'a', sk: '1' });
    expect(created.Attributes).toBeUndefined();
    expect(touched.Attributes).toBeUndefined();
  });

  it('are deleted, index entries included', async () => {
    const client = await aTable();
    await put(client, { pk: 'a', sk: '1', lane: 'L', due: 1 });

    const key = { pk: 'a', sk: '1' };
    const deleted = await client.send(
      new DeleteCommand({ TableName: table, Key: key, ReturnValues: 'ALL_OLD' }),
    );
    const { Count: count } = await client.send(new ScanCommand({ TableName: table, IndexName: 'byLane' }));

    expect(deleted.Attributes).toMatchObject({ due: 1 });
    expect(await get(client, '1')).toBeUndefined();
    expect(count).toBe(0);
  });

  it('are written and read in batches', async () => {
    const client = await aTable();
    const items = Array.from({ length: 25 }, (_, index) => ({ pk: 'a', sk: String(index) }));

    await client.send(
      new BatchWriteCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
    );
    await client.send(
      new BatchWriteCommand({
        RequestItems: { [table]: [{ DeleteRequest: { Key: { pk: 'a', sk: '7' } } }] },
      }),
    );
    const { Responses: responses } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: items } } }),
    );

    expect(responses?.[table]).toHaveLength(24);
  });

  it('lose no update when many clients add at once', async () => {
    const client = await aTable();
    const add = new UpdateCommand({
      TableName: table,
      Key: { pk: 'a', sk: '1' },
      UpdateExpression: 'ADD hits :one',
      ExpressionAttributeValues: { ':one': 1 },
    });

    await Promise.all(Array.from({ length: 50 }, () => client.send(add)));

    expect(await get(client, '1')).toMatchObject({ hits: 50 });
  });

  it('are created by exactly one of many racing clients', async () => {
    const client = await aTable();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, racer) =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: { pk: 'a', sk: '1', racer },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      ),
    );

    const winners = outcomes.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []));
    expect(winners).toHaveLength(1);
    expect(await get(client, '1')).toMatchObject({ racer: winners[0] });
  });

  it.each([
    [
      'a reserved word in an expression',
      { UpdateExpression: 'SET status = :v', ExpressionAttributeValues: { ':v': 1 } },
    ],
    [
      'a value no expression uses',
      { UpdateExpression: 'SET n = :v', ExpressionAttributeValues: { ':v': 1, ':unused': 1 } },
    ],
    [
      'a key attribute in an update',
      { UpdateExpression: 'SET pk = :v', ExpressionAttributeValues: { ':v': 'b' } },
    ],
  ])('are refused with %s', async (_, update) => {
    const client = await aTable();

    const refused = client.send(
      new UpdateCommand({ TableName: table, Key: { pk: 'a', sk: '1' }, ...update }),
    );

    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('are refused with an empty key or with more than 400 KB', async () => {
    const client = await aTable();

    await expect(put(client, { pk: '', sk: '1' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(client, { pk: 'a', sk: '1', s: 'x'.repeat(410 * 1024) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('queries of the embedded database', () => {
  async function aFilledTable(): Promise<DynamoDBDocumentClient> {
    const client = await aTable();
    const items = Array.from({ length: 20 }, (_, due) => ({
      pk: 'a',
      sk: `0${due}`.slice(-2),
      lane: 'L',
      due,
    }));
    await put(client, ...items);
    return client;
  }

  it('go on where the page before ended', async () => {
    const client = await aFilledTable();
    const query = {
      TableName: table,
      KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
      ExpressionAttributeValues: { ':p': 'a', ':s': '1' },
    };

    const first = await client.send(new QueryCommand({ ...query, Limit: 4 }));
    const second = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );

    expect(first.Items?.map(({ sk }) => String(sk))).toEqual(['10', '11', '12', '13']);
    expect(second.Items?.map(({ sk }) => String(sk))).toEqual(['14', '15', '16', '17', '18', '19']);
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('read an index backwards, filtered and projected', async () => {
    const client = await aFilledTable();

    const { Items: items } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byLane',
        KeyConditionExpression: 'lane = :l AND due BETWEEN :from AND :to',
        FilterExpression: 'NOT contains(sk, :not)',
        ProjectionExpression: 'due',
        ExpressionAttributeValues: { ':l': 'L', ':from': 5, ':to': 9, ':not': '7' },
        ScanIndexForward: false,
      }),
    );

    expect(items).toEqual([{ due: 9 }, { due: 8 }, { due: 6 }, { due: 5 }]);
  });

  it('read a table in parallel segments without loss or repetition', async () => {
    const client = await aFilledTable();

    const pages = await Promise.all(
      [0, 1, 2].map((Segment) =>
        client.send(new ScanCommand({ TableName: table, Segment, TotalSegments: 3 })),
      ),
    );

    const found = pages.flatMap(({ Items: items = [] }) => items.map(({ due }) => Number(due)));
    expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, due) => due));
  });

  it('end a page at one megabyte', async () => {
    const client = await aTable();
    for (const sk of ['1', '2', '3', '4']) await put(client, { pk: 'a', sk, s: 'x'.repeat(390 * 1024) });

    const first = await client.send(new ScanCommand({ TableName: table }));
    const second = await client.send(
      new ScanCommand({ TableName: table, ExclusiveStartKey: first.LastEvaluatedKey }),
    );

    expect(first.Count).toBe(3);
    expect(second.Count).toBe(1);
  });
});

describe('transactions of the embedded database', () => {
  const one = { ':one': 1 };

  it('write all their items', async () => {
    const client = await aTable();
    await put(client, { pk: 'a', sk: 'old' }, { pk: 'a', sk: 'kept', n: 1 });

    await client.send(
      transaction(
        {
          Put: {
            TableName: table,
            Item: { pk: 'a', sk: '1' },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Update: {
            TableName: table,
            Key: { pk: 'a', sk: '2' },
            UpdateExpression: 'SET n = :one',
            ExpressionAttributeValues: one,
          },
        },
        { Delete: { TableName: table, Key: { pk: 'a', sk: 'old' } } },
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: 'a', sk: 'kept' },
            ConditionExpression: 'n = :one',
            ExpressionAttributeValues: one,
          },
        },
      ),
    );
    const { Responses: responses } = await client.send(
      new TransactGetCommand({
        TransactItems: ['1', '2', 'old', 'kept'].map((sk) => ({
          Get: { TableName: table, Key: { pk: 'a', sk } },
        })),
      }),
    );

    expect(responses?.map(({ Item: item }) => item)).toEqual([
      { pk: 'a', sk: '1' },
      { pk: 'a', sk: '2', n: 1 },
      undefined,
      { pk: 'a', sk: 'kept', n: 1 },
    ]);
  });

  it('write nothing when one condition fails, and say which', async () => {
    const client = await aTable();
    await put(client, { pk: 'a', sk: '1', n: 1 });

    const cancelled = client.send(
      transaction(
        { Put: { TableName: table, Item: { pk: 'a', sk: '9' } } },
        {
          Put: {
            TableName: table,
            Item: { pk: 'a', sk: '1', n: 2 },
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        {
          ConditionCheck: {
            TableName: table,
            Key: { pk: 'a', sk: '2' },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
      ),
    );

    await expect(cancelled).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { n: { N: '1' } } },
        { Code: 'ConditionalCheckFailed' },
      ],
    });
    expect(await get(client, '9')).toBeUndefined();
    expect(await get(client, '1')).toMatchObject({ n: 1 });
  });

  it('run once per token within ten minutes, and refuse the token for another content', async () => {
    let nowMs = 1_000_000;
    const client = await aTable({ nowMs: () => nowMs });
    const add = (by: number) =>
      client.send(
        new TransactWriteCommand({
          ClientRequestToken: 'token',
          TransactItems: [
            {
              Update: {
                TableName: table,
                Key: { pk: 'a', sk: '1' },
                UpdateExpression: 'ADD n :by',
                ExpressionAttributeValues: { ':by': by },
              },
            },
          ],
        }),
      );

    await add(1);
    await add(1);
    await expect(add(2)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    const within = await get(client, '1');
    nowMs += 10 * 60 * 1000;
    await add(1);

    expect(within).toMatchObject({ n: 1 });
    expect(await get(client, '1')).toMatchObject({ n: 2 });
  });

  it('refuse the same item twice', async () => {
    const client = await aTable();
    const write = { Put: { TableName: table, Item: { pk: 'a', sk: '1' } } };

    await expect(client.send(transaction(write, write))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('never show one half to a transactional read', async () => {
    const client = await aTable();
    const pair = ['1', '2'];
    const write = async (n: number) =>
      client.send(
        transaction(...pair.map((sk) => ({ Put: { TableName: table, Item: { pk: 'a', sk, n } } }))),
      );
    const read = async () =>
      client.send(
        new TransactGetCommand({
          TransactItems: pair.map((sk) => ({ Get: { TableName: table, Key: { pk: 'a', sk } } })),
        }),
      );

    const reads = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const [, seen] = await Promise.all([write(n), read()]);
        return seen.Responses?.map(({ Item: item }) => item?.['n'] as unknown);
      }),
    );

    for (const [left, right] of reads.map((seen) => seen ?? [])) expect(left).toBe(right);
  });
});

describe('tables of the embedded database', () => {
  it('are described and listed page by page', async () => {
    const client = await aTable();
    await createTable(client, 'runs');

    const described = await client.send(new DescribeTableCommand({ TableName: table }));
    const first = await client.send(new ListTablesCommand({ Limit: 1 }));
    const second = await client.send(
      new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }),
    );

    expect(described.Table).toMatchObject({
      TableStatus: 'ACTIVE',
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      GlobalSecondaryIndexes: [{ IndexName: 'byLane', IndexStatus: 'ACTIVE' }],
    });
    expect(first.TableNames).toEqual(['orders']);
    expect(second.TableNames).toEqual(['runs']);
  });

  it('are created once and must exist to be used', async () => {
    const client = await aTable();

    await expect(createTable(client)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await expect(client.send(new ScanCommand({ TableName: 'missing' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('time to live in the embedded database', () => {
  it('deletes an item soon after its time and leaves the others alone', async () => {
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    const nowSeconds = nowMs / 1000;
    const client = await aTable({ nowMs: () => nowMs, ttlSweepMs: 5 });
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: table,
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      }),
    );
    await put(
      client,
      { pk: 'a', sk: 'first', expiresAt: nowSeconds + 60 },
      { pk: 'a', sk: 'second', expiresAt: nowSeconds + 120, lane: 'L', due: 1 },
      { pk: 'a', sk: 'late', expiresAt: nowSeconds + 180 },
      { pk: 'a', sk: 'text', expiresAt: '1' },
      { pk: 'a', sk: 'without' },
      { pk: 'a', sk: 'in milliseconds by mistake', expiresAt: 1 },
    );

    nowMs += 61_000;
    while ((await get(client, 'first')) !== undefined);
    const afterFirst = await get(client, 'second');
    nowMs += 60_000;
    while ((await get(client, 'second')) !== undefined);

    expect(afterFirst).toBeDefined();
    const { Items: left } = await client.send(new ScanCommand({ TableName: table }));
    expect(left?.map(({ sk }) => String(sk)).sort()).toEqual([
      'in milliseconds by mistake',
      'late',
      'text',
      'without',
    ]);
    const { Count: indexed } = await client.send(new ScanCommand({ TableName: table, IndexName: 'byLane' }));
    expect(indexed).toBe(0);
  });
});

describe('a client of the embedded database', () => {
  const requestHead = (bytes: number) =>
    'POST / HTTP/1.1\r\nhost: local\r\nx-amz-target: DynamoDB_20120810.PutItem\r\n' +
    `authorization: AWS4-HMAC-SHA256 x\r\ncontent-length: ${bytes}\r\n\r\n`;

  async function sendAndVanish(endpoint: string, text: string): Promise<void> {
    const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    await new Promise((written) => socket.write(text, written));
    const closed = once(socket, 'close');
    socket.resetAndDestroy();
    await closed;
  }

  it.each([
    ['the head', 'POST / HTTP/1.1\r\nhost: loc'],
    ['the body', `${requestHead(1000)}{"TableName":`],
    ['the answer', `${requestHead(2)}{}`],
  ])('may vanish in the middle of %s without harm to the others', async (_, text) => {
    const { endpoint } = await aDatabase();
    const client = clientOf(endpoint);
    await createTable(client);

    await Promise.all(Array.from({ length: 20 }, () => sendAndVanish(endpoint, text)));
    await put(client, { pk: 'a', sk: '1' });

    expect(await get(client, '1')).toBeDefined();
  });

  const post = (endpoint: string, body: string, headers: Record<string, string> = {}) =>
    fetch(endpoint, {
      method: 'POST',
      body,
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        authorization: 'AWS4-HMAC-SHA256 x',
        ...headers,
      },
    });

  it.each([
    ['a body over 16 MB', 413, ' '.repeat(16 * 1024 * 1024 + 1), {}, 'RequestEntityTooLargeException'],
    ['a body that is not JSON', 400, '{', {}, 'SerializationException'],
    ['a body that is not an object', 400, '[]', {}, 'SerializationException'],
    [
      'an unknown operation',
      400,
      '{}',
      { 'x-amz-target': 'DynamoDB_20120810.constructor' },
      'UnknownOperationException',
    ],
    ['no credentials', 400, '{}', { authorization: '' }, 'MissingAuthenticationTokenException'],
  ])('is refused with %s', async (_, status, body, headers, type) => {
    const { endpoint } = await aDatabase();

    const response = await post(endpoint, body, headers);

    expect(response.status).toBe(status);
    expect(await response.text()).toContain(`#${type}"`);
    expect((await post(endpoint, '{}')).status).toBe(200);
  });
});

describe.each([
  ['in this thread', startDatabase],
  ['in a worker', startDatabaseInWorker],
])('the embedded database on disk, %s', (_, start) => {
  it('has everything again after a restart', async () => {
    const directory = await aDirectory();
    const first = await start({ directory });
    const client = clientOf(first.endpoint);
    await createTable(client);
    await put(client, { pk: 'a', sk: '1', lane: 'L', due: 1 });
    const setting = { Enabled: true, AttributeName: 'expiresAt' };
    await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: setting }));
    await first.close();

    const second = await start({ directory });
    cleanUps.push(() => second.close());
    const again = clientOf(second.endpoint);
    const { Items: indexed } = await again.send(new ScanCommand({ TableName: table, IndexName: 'byLane' }));
    const described = await again.send(new DescribeTimeToLiveCommand({ TableName: table }));

    expect(await get(again, '1')).toEqual({ pk: 'a', sk: '1', lane: 'L', due: 1 });
    expect(indexed).toHaveLength(1);
    expect(described.TimeToLiveDescription).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'expiresAt',
    });
  });

  it('says so at once when the directory is in use', async () => {
    const directory = await aDirectory();
    const first = await aDatabase({ directory });
    const client = clientOf(first.endpoint);
    await createTable(client);

    const second = start({ directory });

    await expect(second).rejects.toBeInstanceOf(DatabaseInUseError);
    await expect(second).rejects.toThrow(directory);
    await expect(second).rejects.toThrow('Stop that copy first');
    await put(client, { pk: 'a', sk: '1' });
  });

  it('reports a port that is taken and lets go of the directory', async () => {
    const directory = await aDirectory();
    const { endpoint } = await aDatabase();

    const refused = start({ directory, port: Number(new URL(endpoint).port) });

    await expect(refused).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await aDatabase({ directory });
  });

  it('names the directory and the reason when it cannot be opened', async () => {
    const occupied = join(await aDirectory(), 'a file');
    await writeFile(occupied, '');

    const refused = start({ directory: occupied });

    await expect(refused).rejects.toThrow(`"${occupied}" cannot be opened: `);
    await expect(refused).rejects.not.toBeInstanceOf(DatabaseInUseError);
  });

  it('can be closed twice', async () => {
    const database = await start({});

    await database.close();

    await expect(database.close()).resolves.toBeUndefined();
  });
});

describe('the embedded database in a killed process', () => {
  const startFile = join(__dirname, '../../functions/local/database/start.ts');
  const program = `
    require(${JSON.stringify(startFile)})
      .startDatabase({ directory: process.env.DATABASE_DIRECTORY })
      .then(({ endpoint }) => console.log(endpoint));`;

  async function startProcess(directory: string): Promise<{ child: ChildProcess; endpoint: string }> {
    const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), '--eval', program], {
      env: { ...process.env, DATABASE_DIRECTORY: directory },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanUps.push(() => kill(child));
    const [endpoint] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, endpoint };
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Many parts in one transaction leave a wide gap to be killed in, should they ever be written one by one. */
  const parts = Array.from({ length: 20 }, (_, part) => `part ${part}`);

  /** Writes whole sets until the connection breaks; tells each one that was acknowledged. */
  async function writeSets(
    client: DynamoDBDocumentClient,
    writer: string,
    acknowledge: (sk: string) => void,
  ) {
    for (let count = 0; ; count += 1) {
      const sk = `${writer}-${count}`;
      const items = parts.map((pk) => ({
        Put: { TableName: table, Item: { pk, sk, lane: pk, due: count } },
      }));
      try {
        await client.send(transaction(...items));
      } catch {
        return;
      }
      acknowledge(sk);
    }
  }

  async function setsWith(client: DynamoDBDocumentClient, part: string, index: { IndexName?: string } = {}) {
    const { Items: items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        ...index,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': index.IndexName === undefined ? 'pk' : 'lane' },
        ExpressionAttributeValues: { ':value': part },
      }),
    );
    return items.map(({ sk }) => String(sk)).sort();
  }

  it('holds its directory while it lives', async () => {
    const directory = await aDirectory();
    const { child } = await startProcess(directory);

    await expect(startDatabase({ directory })).rejects.toBeInstanceOf(DatabaseInUseError);
    await expect(startDatabaseInWorker({ directory })).rejects.toBeInstanceOf(DatabaseInUseError);
    await kill(child);

    await aDatabase({ directory });
  });

  it.each([20, 60, 100])(
    'keeps all that was acknowledged, and no half of anything, after %i sets',
    async (limit) => {
      const directory = await aDirectory();
      const { child, endpoint } = await startProcess(directory);
      const client = clientOf(endpoint);
      await createTable(client);
      const acknowledged: string[] = [];
      let killed: Promise<void> | undefined;
      const acknowledge = (sk: string) => {
        acknowledged.push(sk);
        if (acknowledged.length >= limit) killed ??= kill(child);
      };

      await Promise.all(
        Array.from({ length: 8 }, (_, writer) => writeSets(client, String(writer), acknowledge)),
      );
      await killed;
      const survivor = clientOf((await aDatabase({ directory })).endpoint);

      const kept = await setsWith(survivor, 'part 0');
      expect(acknowledged.length).toBeGreaterThanOrEqual(limit);
      expect(kept).toEqual(expect.arrayContaining(acknowledged));
      for (const part of parts) {
        expect(await setsWith(survivor, part)).toEqual(kept);
        expect(await setsWith(survivor, part, { IndexName: 'byLane' })).toEqual(kept);
      }
    },
  );
});

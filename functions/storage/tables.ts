import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database';
import { TABLE_NAMES, TABLES, type TableDefinition, type TableKey } from './table-definitions';

/** Creates the tables that are not there; leaves the others as they are. For embedded and test databases. */
export async function createMissingTables(db: Database): Promise<void> {
  for (const name of TABLE_NAMES) {
    const tableName = db.tables[name];
    if (!(await isCreated(db, toCreateInput(tableName, TABLES[name])))) continue;
    await untilActive(db, tableName);
    const { expiry } = TABLES[name];
    if (expiry === undefined) continue;
    await db.client.send(
      new UpdateTimeToLiveCommand({
        TableName: tableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: expiry },
      }),
    );
  }
}

/** False when the table is there already. */
async function isCreated(db: Database, input: CreateTableCommandInput): Promise<boolean> {
  try {
    await db.client.send(new CreateTableCommand(input));
    return true;
  } catch (error) {
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

/** Engines create a table at once or within seconds. */
async function untilActive(db: Database, tableName: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { Table } = await db.client.send(new DescribeTableCommand({ TableName: tableName }));
    if (Table?.TableStatus === 'ACTIVE') return;
    await sleep(20 + attempt * 10);
  }
  throw new Error(`table ${tableName} does not become active`);
}

function toCreateInput(tableName: string, table: TableDefinition): CreateTableCommandInput {
  const keys = [table.key, ...Object.values(table.indexes)];
  const names = new Set(keys.flatMap((key) => [key.hash, ...(key.range === undefined ? [] : [key.range])]));
  const indexes = Object.entries(table.indexes).map(([IndexName, key]) => ({
    IndexName,
    KeySchema: toKeySchema(key),
    Projection: { ProjectionType: 'ALL' as const },
  }));
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: toKeySchema(table.key),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
  };
}

function toKeySchema(key: TableKey) {
  return [
    { AttributeName: key.hash, KeyType: 'HASH' as const },
    ...(key.range === undefined ? [] : [{ AttributeName: key.range, KeyType: 'RANGE' as const }]),
  ];
}

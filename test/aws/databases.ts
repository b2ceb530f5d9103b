import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { randomBytes } from 'node:crypto';
import { openDatabase, type Database, type TableNames } from '../../functions/storage/database';
import { createMissingTables } from '../../functions/storage/tables';
import { TABLE_NAMES, TABLES } from '../../functions/storage/table-definitions';
import type { TestDatabases } from '../contract/stores/database';

/**
 * One set of tables with names of its own wherever the SDK's variables point to. `empty` gives the same tables again
 * after taking out what is in them: one test at a time.
 */
export async function startEndpointDatabases(): Promise<TestDatabases> {
  const prefix = `zzap-${randomBytes(6).toString('hex')}`;
  const tableNames = Object.fromEntries(TABLE_NAMES.map((name) => [name, `${prefix}-${name}`])) as TableNames;
  const opened: Database[] = [];
  const open = () => {
    const db = openDatabase({ tableNames });
    opened.push(db);
    return db;
  };
  const db = open();
  await createMissingTables(db);

  return {
    async empty() {
      await emptyTables(db);
      return db;
    },
    watched(_, onRequest) {
      const watched = open();
      watched.client.middlewareStack.add(
        (next) => (args) => {
          onRequest();
          return next(args);
        },
        { step: 'initialize', name: 'watch' },
      );
      return watched;
    },
    async close() {
      for (const TableName of Object.values(tableNames)) {
        await db.client.send(new DeleteTableCommand({ TableName })).catch(unlessUnknown);
      }
      for (const one of opened) one.client.destroy();
    },
  };
}

/** Our embedded database deletes no tables: it forgets them all when it ends. */
function unlessUnknown(error: unknown): void {
  if (!(error instanceof Error && error.name === 'UnknownOperationException')) throw error;
}

/** Tests leave a few items at most. */
async function emptyTables(db: Database): Promise<void> {
  for (const name of TABLE_NAMES) {
    const TableName = db.tables[name];
    const { Items = [] } = await db.client.send(new ScanCommand({ TableName, ConsistentRead: true }));
    const { hash, range } = TABLES[name].key;
    const keyOf = (item: Record<string, unknown>) =>
      Object.fromEntries([hash, ...(range === undefined ? [] : [range])].map((key) => [key, item[key]]));
    await Promise.all(
      Items.map((item) => db.client.send(new DeleteCommand({ TableName, Key: keyOf(item) }))),
    );
  }
}

import { startDatabase, type RunningDatabase } from '../../../functions/local/database/start';
import { openDatabase, type Database, type TableNames } from '../../../functions/storage/database';
import { createMissingTables } from '../../../functions/storage/tables';

export interface TestDatabases {
  /** Empty tables of its own for each caller. */
  empty(): Promise<Database>;
  /** The same tables through a client that tells of each request before it is sent; what it throws prevents it. */
  watched(db: Database, onRequest: () => void): Database;
  close(): Promise<void>;
}

/** One embedded engine in memory for a whole test file. */
export async function startTestDatabases(): Promise<TestDatabases> {
  const engine: RunningDatabase = await startDatabase({ ttlSweepMs: 0 });
  const opened: Database[] = [];
  let sets = 0;

  function open(tableNames: TableNames): Database {
    const db = openDatabase({ endpoint: engine.endpoint, tableNames });
    opened.push(db);
    return db;
  }

  return {
    async empty() {
      sets += 1;
      const db = open(tableNamesOf(sets));
      await createMissingTables(db);
      return db;
    },
    watched(db, onRequest) {
      const watched = open(db.tables);
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
      for (const db of opened) db.client.destroy();
      await engine.close();
    },
  };
}

function tableNamesOf(set: number): TableNames {
  return {
    connections: `connections-${set}`,
    mappings: `mappings-${set}`,
    cursors: `cursors-${set}`,
    orders: `orders-${set}`,
    runs: `runs-${set}`,
  };
}

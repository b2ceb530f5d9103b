import { startDatabase } from '../../../functions/local/database/start';
import { createLocalTables } from '../../../functions/local/local-tables';
import { openDatabase, type Database } from '../../../functions/storage/database';
import { TABLE_NAMES } from '../../../functions/storage/table-definitions';

export interface LocalDatabase {
  readonly db: Database;
  /**
   * The same tables through a client of its own. `onCommand` is told each command's name before it is sent; what it
   * throws, or rejects with, prevents it, and a promise holds it back.
   */
  watched(onCommand: (name: string) => void | Promise<void>): Database;
  close(): Promise<void>;
}

const tableNames = Object.fromEntries(TABLE_NAMES.map((name) => [name, name])) as Database['tables'];

/** The embedded database in memory with the tables that only the local run has. */
export async function startLocalDatabase(): Promise<LocalDatabase> {
  const engine = await startDatabase({ ttlSweepMs: 0 });
  const opened: Database[] = [];
  const open = () => {
    const db = openDatabase({ endpoint: engine.endpoint, tableNames });
    opened.push(db);
    return db;
  };
  const db = open();
  await createLocalTables(db);
  return {
    db,
    watched(onCommand) {
      const watched = open();
      watched.client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            await onCommand(String(commandName));
            return next(args);
          },
        { step: 'initialize', name: 'watch' },
      );
      return watched;
    },
    async close() {
      for (const one of opened) one.client.destroy();
      await engine.close();
    },
  };
}

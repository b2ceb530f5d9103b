import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Database } from '../storage/database';
import { SCHEDULES_TABLE } from './local-tables';

/** What survives of the local schedules: items under a connection's id or a key made from it. */
export interface ScheduleTable {
  readAll(): Promise<readonly Record<string, unknown>[]>;
  put(item: { readonly connectionId: string }): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Writes come one after another: what is decided last is what the next process finds. */
export function createScheduleTable({ client }: Database): ScheduleTable {
  let written: Promise<unknown> = Promise.resolve();

  async function inTurn(write: () => Promise<unknown>): Promise<void> {
    const done = written.then(write);
    written = done.catch(() => undefined);
    await done;
  }

  return {
    async readAll() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: SCHEDULES_TABLE }));
      return Items;
    },
    put: (Item) => inTurn(() => client.send(new PutCommand({ TableName: SCHEDULES_TABLE, Item }))),
    remove: (connectionId) =>
      inTurn(() => client.send(new DeleteCommand({ TableName: SCHEDULES_TABLE, Key: { connectionId } }))),
  };
}

import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ModuleStore } from '../ports/module-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

/** Range key under which an installation lies beside its account. */
const MODULE_ITEM = '#module';

const schema = z.object({
  accountId: z.string(),
  version: z.int(),
  clientId: z.object({ digest: z.string(), sealed: z.string() }),
  told: z.object({ active: z.boolean(), baseUrl: z.string() }).nullable(),
  frozen: z.boolean(),
});

export function createModuleStore(db: Database): ModuleStore {
  const TableName = db.tables.connections;
  const keyOf = (accountId: string) => ({ accountId, connectionId: MODULE_ITEM });
  return {
    async find(accountId) {
      const { Item } = await db.client.send(
        new GetCommand({ TableName, Key: keyOf(accountId), ConsistentRead: true }),
      );
      if (Item === undefined) return null;
      return parseStored(schema, Item, { table: 'connections', key: `${MODULE_ITEM} of ${accountId}` });
    },
    save: (module, expectedVersion) =>
      succeeds(
        db.client.send(
          new PutCommand({
            TableName,
            Item: { ...module, ...keyOf(module.accountId), schemaVersion: SCHEMA_VERSION },
            ConditionExpression:
              expectedVersion === 0 ? 'attribute_not_exists(accountId)' : '#version = :expected',
            ...(expectedVersion !== 0 && {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':expected': expectedVersion },
            }),
          }),
        ),
      ),
    async remove(accountId) {
      await db.client.send(new DeleteCommand({ TableName, Key: keyOf(accountId) }));
    },
  };
}

import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { StatusMapping } from '../domain/status-mapping';
import type { MappingStore } from '../ports/mapping-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const schema = z.object({
  connectionId: z.string(),
  version: z.int(),
  pairs: z.array(z.object({ crmStatus: z.string(), zzapStatus: z.int() })),
});

export function readMappingItem(
  connectionId: string,
  item: Readonly<Record<string, unknown>> | undefined,
): StatusMapping {
  if (item === undefined) return { connectionId, version: 0, pairs: [] };
  return parseStored(schema, item, { table: 'mappings', key: connectionId });
}

export function createMappingStore(db: Database): MappingStore {
  const TableName = db.tables.mappings;
  return {
    async read(connectionId) {
      const { Item } = await db.client.send(
        new GetCommand({ TableName, Key: { connectionId }, ConsistentRead: true }),
      );
      return readMappingItem(connectionId, Item);
    },
    save: (mapping, expectedVersion) =>
      succeeds(
        db.client.send(
          new PutCommand({
            TableName,
            Item: { ...mapping, schemaVersion: SCHEMA_VERSION },
            ConditionExpression:
              expectedVersion === 0 ? 'attribute_not_exists(connectionId)' : '#version = :expected',
            ...(expectedVersion !== 0 && {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':expected': expectedVersion },
            }),
          }),
        ),
      ),
  };
}

import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  CONNECTION_STATES,
  INTERVALS_MINUTES,
  ITEM_LINKS,
  STATUS_DIRECTIONS,
  SUSPENSION_REASONS,
  type Connection,
} from '../domain/connection';
import type { ConnectionStore } from '../ports/connection-store';
import { BY_CONNECTION, CONNECTION_ID_PREFIX } from './connection-items';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const schema = z.object({
  accountId: z.string(),
  connectionId: z.string(),
  version: z.int(),
  name: z.string(),
  login: z.string(),
  sealedCredentials: z.string(),
  site: z.string().nullable(),
  intervalMinutes: z.literal(INTERVALS_MINUTES),
  itemLink: z.literal(ITEM_LINKS),
  statusDirection: z.literal(STATUS_DIRECTIONS),
  includeApiChanges: z.boolean(),
  importFromMs: z.number(),
  state: z.literal(CONNECTION_STATES),
  suspension: z.literal(SUSPENSION_REASONS).nullable(),
  orderMethod: z.object({
    code: z.string().nullable(),
    source: z.literal(['existing', 'created', 'default']),
  }),
  hookSecret: z.object({ digest: z.string(), sealed: z.string() }),
  crmToZzapSinceMs: z.number().nullable(),
  createdAtMs: z.number(),
});

export function readConnectionItem(item: Readonly<Record<string, unknown>>): Connection {
  return parseStored(schema, item, { table: 'connections', key: String(item['connectionId']) });
}

/** Sorts behind all of them: a full stop follows a dash. */
const BEHIND_CONNECTION_IDS = 'c.';

export function createConnectionStore(db: Database): ConnectionStore {
  const TableName = db.tables.connections;
  const put = (connection: Connection, condition: string, expected?: number) =>
    db.client.send(
      new PutCommand({
        TableName,
        Item: { ...connection, schemaVersion: SCHEMA_VERSION },
        ConditionExpression: condition,
        ...(expected !== undefined && {
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':expected': expected },
        }),
      }),
    );

  return {
    async create(connection) {
      await put(connection, 'attribute_not_exists(connectionId)');
    },
    async find(connectionId) {
      if (!connectionId.startsWith(CONNECTION_ID_PREFIX)) return null;
      // The index lags behind by moments: it only tells the account, the item itself is read consistently.
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName,
          IndexName: BY_CONNECTION,
          KeyConditionExpression: 'connectionId = :id',
          ExpressionAttributeValues: { ':id': connectionId },
          Limit: 1,
        }),
      );
      const accountId: unknown = Items[0]?.['accountId'];
      if (accountId === undefined) return null;
      const { Item } = await db.client.send(
        new GetCommand({ TableName, Key: { accountId, connectionId }, ConsistentRead: true }),
      );
      return Item === undefined ? null : readConnectionItem(Item);
    },
    async list(accountId, { limit, after }) {
      const connections: Connection[] = [];
      // A caller's `after` may lie anywhere: other items are no connections, and an empty range is refused.
      let from = after !== undefined && after > CONNECTION_ID_PREFIX ? after : CONNECTION_ID_PREFIX;
      while (from < BEHIND_CONNECTION_IDS) {
        const { Items = [], LastEvaluatedKey } = await db.client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'accountId = :account AND connectionId BETWEEN :from AND :to',
            ExpressionAttributeValues: {
              ':account': accountId,
              // The smallest id after the last one.
              ':from': `${from}\u0000`,
              ':to': BEHIND_CONNECTION_IDS,
            },
            ConsistentRead: true,
            Limit: Math.min(100, limit + 20),
          }),
        );
        const page = Items.map(readConnectionItem);
        connections.push(...page.filter((connection) => connection.state !== 'removed'));
        const last = page.at(-1);
        if (connections.length >= limit || LastEvaluatedKey === undefined || !last) {
          return connections.slice(0, limit);
        }
        from = last.connectionId;
      }
      return connections.slice(0, limit);
    },
    save: (connection, expectedVersion) => succeeds(put(connection, '#version = :expected', expectedVersion)),
  };
}

import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ClaimKind, ClaimStore } from '../ports/account-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const schema = z.object({ holder: z.string(), claimedAtMs: z.number() });

export function createClaimStore(db: Database): ClaimStore {
  const TableName = db.tables.connections;
  const keyOf = (accountId: string, what: { kind: ClaimKind; value: string }) => ({
    accountId,
    connectionId: `claim#${what.kind}#${what.value}`,
  });

  return {
    async claim(accountId, what, by, stale) {
      const key = keyOf(accountId, what);
      const free = 'attribute_not_exists(holder) OR holder = :mine';
      const granted = await succeeds(
        db.client.send(
          new PutCommand({
            TableName,
            Item: {
              ...key,
              schemaVersion: SCHEMA_VERSION,
              holder: by.connectionId,
              claimedAtMs: by.claimedAtMs,
            },
            ConditionExpression: stale ? `${free} OR (holder = :stale AND claimedAtMs = :since)` : free,
            ExpressionAttributeValues: {
              ':mine': by.connectionId,
              ...(stale && { ':stale': stale.connectionId, ':since': stale.claimedAtMs }),
            },
          }),
        ),
      );
      if (granted) return { granted };
      const { Item } = await db.client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
      if (Item === undefined) return { granted: false };
      // Without the value: a login is a person's e-mail, and errors are logged.
      const place = { table: 'connections', key: `claim#${what.kind} of ${accountId}` };
      const held = parseStored(schema, Item, place);
      return { granted: false, holder: { connectionId: held.holder, claimedAtMs: held.claimedAtMs } };
    },
    async release(accountId, what, by) {
      await succeeds(
        db.client.send(
          new DeleteCommand({
            TableName,
            Key: keyOf(accountId, what),
            ConditionExpression: 'holder = :mine AND claimedAtMs <= :made',
            ExpressionAttributeValues: { ':mine': by.connectionId, ':made': by.claimedAtMs },
          }),
        ),
      );
    },
  };
}

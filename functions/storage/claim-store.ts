import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Claim } from '../domain/account';
import type { ClaimKind, ClaimStore } from '../ports/account-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const schema = z.object({ holder: z.string(), claimedAtMs: z.number() });

function keyOf(accountId: string, what: { kind: ClaimKind; value: string }) {
  return { accountId, connectionId: `claim#${what.kind}#${what.value}` };
}

/** Who holds a claim; null when it is free. */
export async function findHolder(
  db: Database,
  accountId: string,
  what: { readonly kind: ClaimKind; readonly value: string },
): Promise<Claim | null> {
  const { Item } = await db.client.send(
    new GetCommand({ TableName: db.tables.connections, Key: keyOf(accountId, what), ConsistentRead: true }),
  );
  if (Item === undefined) return null;
  // Without the value: a login is a person's e-mail, and errors are logged.
  const held = parseStored(schema, Item, {
    table: 'connections',
    key: `claim#${what.kind} of ${accountId}`,
  });
  return { connectionId: held.holder, claimedAtMs: held.claimedAtMs };
}

export function createClaimStore(db: Database): ClaimStore {
  const TableName = db.tables.connections;

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
      const holder = await findHolder(db, accountId, what);
      return { granted: false, ...(holder && { holder }) };
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

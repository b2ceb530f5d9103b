import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { REMOTE_ERROR_KINDS, REMOTES } from '../domain/remote-error';
import { newCursor, type SyncCursor } from '../domain/sync-cursor';
import type { CursorStore } from '../ports/cursor-store';
import type { GateSlot } from '../ports/zzap-gate';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';
import { createZzapGate, releaseUpdate } from './zzap-gate';

const digestSchema = z.record(z.string(), z.string());

const schema = z.object({
  connectionId: z.string(),
  version: z.int(),
  pulledToMs: z.number().nullable(),
  lastSyncAtMs: z.number().nullable(),
  /** JSON text: a fraction of the size of a DynamoDB map. */
  digest: z.string().transform((text, context) => {
    try {
      return digestSchema.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'not a digest' });
      return z.NEVER;
    }
  }),
  retryAtMs: z.number().nullable(),
  history: z
    .object({
      sinceMs: z.number(),
      sinceId: z.number().nullable(),
      readAtMs: z.number().nullable(),
    })
    .nullable(),
  pushAtMs: z.number().nullable(),
  verifyAtMs: z.number().nullable(),
  outage: z
    .object({
      remote: z.literal(REMOTES),
      kind: z.literal(REMOTE_ERROR_KINDS),
      sinceMs: z.number(),
      failures: z.int(),
      nextAttemptAtMs: z.number(),
    })
    .nullable(),
  wakeAtMs: z.number().nullable(),
  idle: z
    .object({
      runId: z.string(),
      firstAtMs: z.number(),
      lastAtMs: z.number(),
      runs: z.int(),
      rowsSeen: z.int(),
    })
    .nullable(),
});

export function readCursorItem(
  connectionId: string,
  item: Readonly<Record<string, unknown>> | undefined,
): SyncCursor {
  return item === undefined
    ? newCursor(connectionId)
    : parseStored(schema, item, { table: 'cursors', key: connectionId });
}

export function createCursorStore(db: Database): CursorStore {
  const TableName = db.tables.cursors;
  const gate = createZzapGate(db);

  function putOver(cursor: SyncCursor, expectedVersion: number) {
    return {
      TableName,
      Item: { ...cursor, digest: JSON.stringify(cursor.digest), schemaVersion: SCHEMA_VERSION },
      ConditionExpression:
        expectedVersion === 0 ? 'attribute_not_exists(connectionId)' : '#version = :expected',
      ...(expectedVersion !== 0 && {
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':expected': expectedVersion },
      }),
    };
  }

  /** Both or, when the slot has passed on or somebody writes at the same moment, the cursor first. */
  async function putAndRelease(next: SyncCursor, expectedVersion: number, slot: GateSlot): Promise<boolean> {
    try {
      const Put = putOver(next, expectedVersion);
      const Update = releaseUpdate(db, slot);
      await db.client.send(new TransactWriteCommand({ TransactItems: [{ Put }, { Update }] }));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const written = await succeeds(db.client.send(new PutCommand(putOver(next, expectedVersion))));
      await gate.release(slot);
      return written;
    }
  }

  return {
    async read(connectionId) {
      const { Item } = await db.client.send(
        new GetCommand({ TableName, Key: { connectionId }, ConsistentRead: true }),
      );
      return readCursorItem(connectionId, Item);
    },
    async advance(cursor, slot) {
      const next = { ...cursor, version: cursor.version + 1 };
      const written = slot
        ? await putAndRelease(next, cursor.version, slot)
        : await succeeds(db.client.send(new PutCommand(putOver(next, cursor.version))));
      return written ? next : null;
    },
    async remove(connectionId) {
      await db.client.send(new DeleteCommand({ TableName, Key: { connectionId } }));
    },
  };
}

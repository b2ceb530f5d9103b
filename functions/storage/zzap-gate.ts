import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { GateSlot, ZzapGate } from '../ports/zzap-gate';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const stateSchema = z.object({
  holder: z.string().optional(),
  leaseUntilMs: z.number().optional(),
  nextFreeAtMs: z.number().optional(),
});

const PAUSE_OVER = '(attribute_not_exists(nextFreeAtMs) OR nextFreeAtMs <= :now)';
const NOBODY_HOLDS = '(attribute_not_exists(holder) OR holder = :holder OR leaseUntilMs <= :now)';

/** The release as a conditional update, so that it can also travel in one transaction with the cursor. */
export function releaseUpdate(db: Database, slot: GateSlot) {
  return {
    TableName: db.tables.cursors,
    Key: { connectionId: `gate#${slot.keyTag}` },
    UpdateExpression: 'SET nextFreeAtMs = :free REMOVE holder, leaseUntilMs',
    ConditionExpression: 'holder = :holder',
    ExpressionAttributeValues: { ':free': slot.nextFreeAtMs, ':holder': slot.holder },
  };
}

export function createZzapGate(db: Database): ZzapGate {
  return {
    async acquire({ keyTag, holder, nowMs, leaseUntilMs }) {
      try {
        await db.client.send(
          new UpdateCommand({
            TableName: db.tables.cursors,
            Key: { connectionId: `gate#${keyTag}` },
            UpdateExpression: 'SET holder = :holder, leaseUntilMs = :lease, schemaVersion = :schema',
            ConditionExpression: `${PAUSE_OVER} AND ${NOBODY_HOLDS}`,
            ExpressionAttributeValues: {
              ':holder': holder,
              ':lease': leaseUntilMs,
              ':now': nowMs,
              ':schema': SCHEMA_VERSION,
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { kind: 'granted' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const item = error.Item ? unmarshall(error.Item) : { schemaVersion: SCHEMA_VERSION };
        const state = parseStored(stateSchema, item, { table: 'cursors', key: `gate#${keyTag}` });
        return { kind: 'taken', untilMs: freeAgainAtMs(state, holder, nowMs) };
      }
    },
    async release(slot) {
      await succeeds(db.client.send(new UpdateCommand(releaseUpdate(db, slot))));
    },
  };
}

function freeAgainAtMs(state: z.infer<typeof stateSchema>, holder: string, nowMs: number): number {
  const held = state.holder !== undefined && state.holder !== holder ? (state.leaseUntilMs ?? 0) : 0;
  return Math.max(held, state.nextFreeAtMs ?? 0, nowMs + 1);
}

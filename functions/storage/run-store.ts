import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { QUARANTINE_REASONS } from '../domain/order-link';
import { SKIP_REASONS } from '../domain/order-decision';
import { RUN_RETENTION_DAYS, RUN_STAGES, RUN_STATES, TRIGGERS, type RunRecord } from '../domain/run-record';
import type { RunStore } from '../ports/run-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION } from './stored-document';

const reason = z.literal(QUARANTINE_REASONS);

const schema = z.object({
  connectionId: z.string(),
  runId: z.string(),
  trigger: z.literal(TRIGGERS),
  state: z.literal(RUN_STATES),
  requestedAtMs: z.number(),
  startedAtMs: z.number().nullable(),
  finishedAtMs: z.number().nullable(),
  runs: z.int(),
  stage: z.literal(RUN_STAGES).nullable(),
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
  waiting: z.object({ remote: z.literal(['zzap', 'retailcrm']), untilMs: z.number() }).nullable(),
  counts: z.object({
    found: z.int(),
    created: z.int(),
    adopted: z.int(),
    updated: z.int(),
    pushed: z.int(),
    unchanged: z.int(),
    skipped: z.partialRecord(z.literal(SKIP_REASONS), z.int()),
    failed: z.partialRecord(reason, z.int()),
  }),
  calls: z.object({ zzap: z.int(), crm: z.int() }),
  problems: z.array(z.object({ zzapOrderCode: z.string().nullable(), reason, detail: z.string() })),
  overfullFromMs: z.number().nullable(),
  failure: z
    .object({
      kind: z.literal([
        'auth',
        'rate-limited',
        'invalid',
        'not-found',
        'unavailable',
        'unexpected-body',
        'overtaken',
        'internal',
      ]),
      detail: z.string(),
    })
    .nullable(),
});

function readItem(item: Readonly<Record<string, unknown>>): RunRecord {
  return parseStored(schema, item, { table: 'runs', key: String(item['runId']) });
}

const DAY_SECONDS = 86_400;

export function createRunStore(db: Database): RunStore {
  const TableName = db.tables.runs;
  return {
    async put(record) {
      const expiresAt = Math.floor(record.requestedAtMs / 1000) + RUN_RETENTION_DAYS * DAY_SECONDS;
      const Item = { ...record, schemaVersion: SCHEMA_VERSION, expiresAt };
      await db.client.send(new PutCommand({ TableName, Item }));
    },
    async find(connectionId, runId) {
      const { Item } = await db.client.send(
        new GetCommand({ TableName, Key: { connectionId, runId }, ConsistentRead: true }),
      );
      return Item === undefined ? null : readItem(Item);
    },
    async list(connectionId, { limit, before }) {
      const records: RunRecord[] = [];
      // One answer holds at most a megabyte: long records come in several.
      let from = before ?? '\uffff';
      for (;;) {
        const { Items = [], LastEvaluatedKey } = await db.client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: 'connectionId = :connection AND runId < :before',
            ExpressionAttributeValues: { ':connection': connectionId, ':before': from },
            ScanIndexForward: false,
            ConsistentRead: true,
            Limit: limit - records.length,
          }),
        );
        records.push(...Items.map(readItem));
        const last = records.at(-1);
        if (LastEvaluatedKey === undefined || !last || records.length >= limit) return records;
        from = last.runId;
      }
    },
  };
}

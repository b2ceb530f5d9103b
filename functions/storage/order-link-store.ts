import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import {
  LINK_STATES,
  PUSH_STATES,
  QUARANTINE_REASONS,
  type OrderLink,
  type PendingPush,
} from '../domain/order-link';
import { TRACE_EVENTS } from '../domain/trace';
import type { OrderLinkStore } from '../ports/order-link-store';
import { readBatch } from './batch-read';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

const schema = z.object({
  connectionId: z.string(),
  zzapOrderCode: z.string(),
  version: z.int(),
  state: z.literal(LINK_STATES),
  fingerprint: z.string(),
  zzapStatus: z.number().nullable(),
  crmOrderId: z.number().nullable(),
  /** Absent instead of null: it is an index key. */
  crmNumber: z
    .string()
    .optional()
    .transform((number) => number ?? null),
  crmStatus: z.string().nullable(),
  crmGone: z.boolean(),
  push: z
    .object({
      zzapStatus: z.int(),
      crmStatus: z.string(),
      urgent: z.boolean(),
      sinceMs: z.number(),
      state: z.literal(PUSH_STATES),
      attempts: z.int(),
      sentAtMs: z.number().nullable(),
    })
    .nullable(),
  pushed: z.array(
    z.object({ zzapStatus: z.int(), previous: z.int().nullable(), atMs: z.number(), sure: z.boolean() }),
  ),
  firstSeenAtMs: z.number(),
  changedAtMs: z.number(),
  quarantine: z
    .object({
      reason: z.literal(QUARANTINE_REASONS),
      detail: z.string(),
      sinceMs: z.number(),
      attempts: z.int(),
      retryAtMs: z.number().nullable(),
    })
    .nullable(),
  sealedRow: z.string().nullable(),
  trace: z.array(
    z.object({
      atMs: z.number(),
      event: z.literal(TRACE_EVENTS),
      details: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
    }),
  ),
});

function readItem(item: Readonly<Record<string, unknown>>): OrderLink {
  return parseStored(schema, item, { table: 'orders', key: String(item['zzapOrderCode']) });
}

function toItem(link: OrderLink) {
  const { crmNumber, ...rest } = link;
  return {
    ...rest,
    schemaVersion: SCHEMA_VERSION,
    ...(crmNumber !== null && { crmNumber }),
    ...(link.push && link.push.state !== 'rejected' && { pushOrder: pushOrderOf(link, link.push) }),
    ...(link.quarantine && {
      attentionSince: `${String(link.quarantine.sinceMs).padStart(15, '0')}#${link.zzapOrderCode}`,
    }),
  };
}

/** Cancellations first, then by the time of the wish; the code keeps keys apart. */
function pushOrderOf(link: OrderLink, push: PendingPush): string {
  return `${push.urgent ? 0 : 1}#${String(push.sinceMs).padStart(15, '0')}#${link.zzapOrderCode}`;
}

/** DynamoDB reads at most this many items in one batch. */
const BATCH_MAX = 100;

/** DynamoDB takes 100 items in a transaction; half of that stays far below its 4 MB. */
const TRANSACTION_MAX = 50;

function putOver(db: Database, next: OrderLink, expectedVersion: number) {
  return {
    TableName: db.tables.orders,
    Item: toItem(next),
    ConditionExpression:
      expectedVersion === 0 ? 'attribute_not_exists(connectionId)' : '#version = :expected',
    ...(expectedVersion !== 0 && {
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':expected': expectedVersion },
    }),
  };
}

async function save(db: Database, link: OrderLink): Promise<OrderLink | null> {
  const next = { ...link, version: link.version + 1 };
  const written = await succeeds(db.client.send(new PutCommand(putOver(db, next, link.version))));
  return written ? next : null;
}

/** One request for all; when a single one is refused, each is tried alone and its own answer is known. */
async function saveTogether(db: Database, links: readonly OrderLink[]): Promise<(OrderLink | null)[]> {
  const nexts = links.map((link) => ({ ...link, version: link.version + 1 }));
  try {
    const TransactItems = nexts.map((next, index) => ({
      Put: putOver(db, next, links[index]?.version ?? 0),
    }));
    await db.client.send(new TransactWriteCommand({ TransactItems }));
    return nexts;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return Promise.all(links.map((link) => save(db, link)));
  }
}

/** One page of links in the order of a range key. */
async function queryPage(
  db: Database,
  connectionId: string,
  page: { readonly limit: number; readonly after?: string; readonly newestFirst?: boolean },
  range: { readonly index?: string; readonly name: string },
) {
  const downwards = page.newestFirst === true;
  const { Items = [], LastEvaluatedKey } = await db.client.send(
    new QueryCommand({
      TableName: db.tables.orders,
      ScanIndexForward: !downwards,
      ...(range.index !== undefined && { IndexName: range.index }),
      KeyConditionExpression: `connectionId = :connection AND #range ${downwards ? '<' : '>'} :after`,
      ExpressionAttributeNames: { '#range': range.name },
      ExpressionAttributeValues: {
        ':connection': connectionId,
        ':after': page.after ?? (downwards ? '~' : ' '),
      },
      Limit: page.limit,
    }),
  );
  const last: unknown = Items.at(-1)?.[range.name];
  return {
    links: Items.map(readItem),
    next: LastEvaluatedKey !== undefined && typeof last === 'string' ? last : null,
  };
}

export function createOrderLinkStore(db: Database): OrderLinkStore {
  const TableName = db.tables.orders;

  return {
    async findMany(connectionId, zzapOrderCodes) {
      const links = new Map<string, OrderLink>();
      const codes = [...new Set(zzapOrderCodes)];
      for (let at = 0; at < codes.length; at += BATCH_MAX) {
        const keys = codes
          .slice(at, at + BATCH_MAX)
          .map((zzapOrderCode) => ({ connectionId, zzapOrderCode }));
        const found = await readBatch(db, { [TableName]: keys });
        for (const item of found.get(TableName) ?? [])
          links.set(String(item['zzapOrderCode']), readItem(item));
      }
      return links;
    },
    async findByCrmNumber(connectionId, crmNumber) {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byCrmNumber',
          KeyConditionExpression: 'connectionId = :connection AND crmNumber = :number',
          ExpressionAttributeValues: { ':connection': connectionId, ':number': crmNumber },
          Limit: BATCH_MAX,
        }),
      );
      return Items.map(readItem);
    },
    save: (link) => save(db, link),
    async saveMany(links) {
      const saved: (OrderLink | null)[] = [];
      for (let at = 0; at < links.length; at += TRANSACTION_MAX) {
        saved.push(...(await saveTogether(db, links.slice(at, at + TRANSACTION_MAX))));
      }
      return saved;
    },
    listAttention: (connectionId, page) =>
      queryPage(db, connectionId, page, { index: 'byAttention', name: 'attentionSince' }),
    listPushes: (connectionId, page) =>
      queryPage(db, connectionId, page, { index: 'byPush', name: 'pushOrder' }),
    list: (connectionId, page) => queryPage(db, connectionId, page, { name: 'zzapOrderCode' }),
  };
}

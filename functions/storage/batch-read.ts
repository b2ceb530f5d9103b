import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { Database } from './database';

type Item = Record<string, unknown>;

/** DynamoDB may leave keys of a batch unread under load; it is asked for them again this many times. */
const ATTEMPTS_MAX = 5;

/** Consistent read of up to 100 keys over several tables; gives the items that exist, by table. */
export async function readBatch(
  db: Database,
  keys: Readonly<Record<string, readonly Item[]>>,
): Promise<Map<string, Item[]>> {
  const found = new Map<string, Item[]>();
  let request: BatchGetCommandInput['RequestItems'] = Object.fromEntries(
    Object.entries(keys).map(([table, Keys]) => [table, { Keys: [...Keys], ConsistentRead: true }]),
  );
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const answer: BatchGetCommandOutput = await db.client.send(
      new BatchGetCommand({ RequestItems: request }),
    );
    for (const [table, items] of Object.entries(answer.Responses ?? {})) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
    request = answer.UnprocessedKeys ?? {};
    if (Object.keys(request).length === 0) return found;
  }
  throw new Error('the database keeps leaving a batch read unanswered');
}

import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DictionaryMemory, RememberedDictionary } from '../ports/dictionary-memory';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION } from './stored-document';

const crmDictionary = z.object({
  readAtMs: z.number(),
  statuses: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      group: z.string(),
      groupName: z.string(),
      active: z.boolean(),
    }),
  ),
});
const zzapDictionary = z.object({
  readAtMs: z.number(),
  statuses: z.array(z.object({ code: z.int(), name: z.string() })),
});

/** A side as the JSON text it is kept in; absent when that remote was never read. */
const kept = <Dictionary>(dictionary: z.ZodType<Dictionary>) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return dictionary.parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'not a dictionary' });
        return z.NEVER;
      }
    })
    .optional()
    .transform((side) => side ?? null);

const schema = z.object({ crm: kept(crmDictionary), zzap: kept(zzapDictionary) });

/** An item may have 400 KB and holds two sides; a usual side has 5. */
const SIDE_BYTES_MAX = 180_000;

/** The sides that are given and small enough, as what is stored. */
function textsOf(
  read: Readonly<Record<string, RememberedDictionary<unknown> | null | undefined>>,
): [name: string, text: string][] {
  return Object.entries(read)
    .filter(([, side]) => side)
    .map(([name, side]): [string, string] => [name, JSON.stringify(side)])
    .filter(([, text]) => Buffer.byteLength(text) <= SIDE_BYTES_MAX);
}

export function createDictionaryMemory(db: Database): DictionaryMemory {
  const TableName = db.tables.mappings;
  const keyOf = (connectionId: string) => ({ connectionId: `dictionaries#${connectionId}` });
  return {
    async recall(connectionId) {
      const Key = keyOf(connectionId);
      const { Item } = await db.client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      if (Item === undefined) return null;
      return parseStored(schema, Item, { table: 'mappings', key: Key.connectionId });
    },
    async remember(connectionId, { crm, zzap }) {
      const texts = textsOf({ crm, zzap });
      if (texts.length === 0) return;
      // Each side alone: the two remotes answer at different moments and must not overwrite each other.
      await db.client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(connectionId),
          UpdateExpression: `SET schemaVersion = :schema, ${texts.map(([name]) => `${name} = :${name}`).join(', ')}`,
          ExpressionAttributeValues: {
            ':schema': SCHEMA_VERSION,
            ...Object.fromEntries(texts.map(([name, text]) => [`:${name}`, text])),
          },
        }),
      );
    },
  };
}

import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OfferMemory, RememberedOffer } from '../ports/offer-memory';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION } from './stored-document';

const offers = z.array(
  z.object({
    key: z.string(),
    offerId: z.number().nullable(),
    several: z.boolean(),
    lookedUpAtMs: z.number(),
  }),
);

const schema = z.object({
  offers: z.string().transform((text, context) => {
    try {
      return offers.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: 'custom', message: 'not a list of offers' });
      return z.NEVER;
    }
  }),
});

/** Finds kept per connection. */
const OFFERS_MAX = 1_000;
/** An item may have 400 KB; usual finds are about 100 bytes each. */
const BYTES_MAX = 300_000;

/** The newest finds that fit, as JSON. */
function toText(remembered: Iterable<RememberedOffer>): string {
  const newest = [...remembered].sort((a, b) => b.lookedUpAtMs - a.lookedUpAtMs).slice(0, OFFERS_MAX);
  const kept: string[] = [];
  let bytes = 0;
  for (const offer of newest) {
    const text = JSON.stringify(offer);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > BYTES_MAX) break;
    kept.push(text);
  }
  return `[${kept.join(',')}]`;
}

export function createOfferMemory(db: Database): OfferMemory {
  const TableName = db.tables.cursors;
  const keyOf = (connectionId: string) => ({ connectionId: `offers#${connectionId}` });
  return {
    async recall(connectionId) {
      const Key = keyOf(connectionId);
      const { Item } = await db.client.send(new GetCommand({ TableName, Key }));
      if (Item === undefined) return new Map();
      const stored = parseStored(schema, Item, { table: 'cursors', key: Key.connectionId });
      return new Map(stored.offers.map((offer) => [offer.key, offer]));
    },
    async remember(connectionId, remembered) {
      const Item = {
        ...keyOf(connectionId),
        schemaVersion: SCHEMA_VERSION,
        offers: toText(remembered.values()),
      };
      await db.client.send(new PutCommand({ TableName, Item }));
    },
  };
}

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type * as z from 'zod';

/** Version of the shape in which documents are written now. */
export const SCHEMA_VERSION = 1;

/** A stored item that is not what the module wrote. Names the place, never the values. */
export class StoredDocumentError extends Error {
  override readonly name = 'StoredDocumentError';
}

/** Reads an item through its schema. Unknown attributes are ignored; anything else wrong is an error. */
export function parseStored<Document>(
  schema: z.ZodType<Document>,
  item: Readonly<Record<string, unknown>>,
  place: { readonly table: string; readonly key: string },
): Document {
  const where = `${place.table} ${place.key}`;
  if (item['schemaVersion'] !== SCHEMA_VERSION) {
    throw new StoredDocumentError(`${where}: written by another version of the module`);
  }
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new StoredDocumentError(
    `${where}: field ${parsed.error.issues[0]?.path.join('.') ?? '?'} is unreadable`,
  );
}

/** Runs a conditional write: false when its condition did not hold. */
export async function succeeds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

import { Readable } from 'node:stream';
import { types } from 'node:util';
import { Catalogue } from './catalogue';
import type { KeyRange, Level } from './dynalite';
import { rules } from './dynalite';
import { asError, codeOf } from './thrown';

/** Thrown when another process already holds the directory; message tells what to do. */
export class DatabaseInUseError extends Error {
  constructor(directory: string) {
    super(
      `The data directory "${directory}" is in use by another running copy. ` +
        'Stop that copy first, or choose another data directory for this one.',
    );
    this.name = 'DatabaseInUseError';
  }
}

/** What is to be written under each full key; undefined deletes. */
export type Writes = ReadonlyMap<string, string | undefined>;

/** Entries fetched from LevelDB at a time: one hop to its thread pool serves this many. */
const entriesPerFetch = 200;

/** The LevelDB directory (or its in-memory twin): values are JSON texts, reads are synchronous, writes are batches. */
export class LevelStore {
  readonly catalogue = new Catalogue();
  readonly #level: Level;

  private constructor(level: Level) {
    this.#level = level;
  }

  static async open(directory: string | undefined): Promise<LevelStore> {
    const { db } = rules.create(directory === undefined ? {} : { path: directory });
    try {
      await db.open();
    } catch (error) {
      throw directory === undefined ? error : openingError(directory, asError(error));
    }
    const store = new LevelStore(db);
    await store.#loadCatalogue();
    return store;
  }

  get(key: string): string | undefined {
    return this.#level.getSync(key, { valueEncoding: 'utf8' });
  }

  values(range: KeyRange): Readable {
    const cursor = this.#level.values(range);
    return new Readable({
      objectMode: true,
      highWaterMark: entriesPerFetch,
      read() {
        cursor.nextv(entriesPerFetch).then(
          (values) => {
            for (const value of values) this.push(value);
            if (values.length === 0) this.push(null);
          },
          (error: unknown) => this.destroy(asError(error)),
        );
      },
      destroy(error, done) {
        cursor.close().then(() => done(error), done);
      },
    });
  }

  /** All or nothing: LevelDB logs a batch as one record, and drops a record that was cut short by a crash. */
  async commit(writes: Writes): Promise<void> {
    if (writes.size === 0) return;
    await this.#level.batch(
      Array.from(writes, ([key, value]) =>
        value === undefined ? { type: 'del', key } : { type: 'put', key, value, valueEncoding: 'utf8' },
      ),
    );
    this.catalogue.absorb(writes);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #loadCatalogue(): Promise<void> {
    for (const range of Catalogue.ranges) {
      const cursor = this.#level.iterator(range);
      for (;;) {
        const entries = await cursor.nextv(entriesPerFetch);
        if (entries.length === 0) break;
        this.catalogue.absorb(new Map(entries.map(([key, value]) => [key, JSON.stringify(value)])));
      }
      await cursor.close();
    }
  }
}

/** LevelDB's own words are in the cause; the outer error only says that opening failed. */
function openingError(directory: string, error: Error): Error {
  const reason = types.isNativeError(error.cause) ? error.cause : error;
  if (codeOf(reason) === 'LEVEL_LOCKED') return new DatabaseInUseError(directory);
  return new Error(`The data directory "${directory}" cannot be opened: ${reason.message}`, { cause: error });
}

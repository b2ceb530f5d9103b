import type { Readable } from 'node:stream';
import { tableKey } from './catalogue';
import type { ItemStores, Table } from './dynalite';
import { itemStoresOver, type KeyValues } from './item-stores';
import type { LevelStore, Writes } from './level-store';

/**
 * Records writes instead of making them, and lets later operations of the same group read them.
 * Values are kept as JSON texts, so whatever happens to an object after it was put cannot reach the store.
 */
export class StagedWrites implements KeyValues {
  /** The same, as dynalite's actions want to see it. */
  readonly itemStores: ItemStores = itemStoresOver(this);
  readonly #store: LevelStore;
  #kept = new Map<string, string | undefined>();
  #attempted = new Map<string, string | undefined>();

  constructor(store: LevelStore) {
    this.#store = store;
  }

  /** Runs one operation; when it throws, none of its writes remain. */
  attempt<T>(operation: () => T): T {
    this.#attempted.clear();
    const result = operation();
    for (const [key, value] of this.#attempted) this.#kept.set(key, value);
    this.#attempted.clear();
    return result;
  }

  /** Hands over everything kept so far and starts anew. */
  take(): Writes {
    const writes = this.#kept;
    this.#kept = new Map();
    return writes;
  }

  get(key: string): string | undefined {
    if (this.#attempted.has(key)) return this.#attempted.get(key);
    if (this.#kept.has(key)) return this.#kept.get(key);
    return this.#store.get(key);
  }

  set(key: string, value: string | undefined): void {
    this.#attempted.set(key, value);
  }

  table(name: string): Table | undefined {
    const key = tableKey(name);
    const staged = this.#attempted.get(key) ?? this.#kept.get(key);
    return staged === undefined ? this.#store.catalogue.table(name) : (JSON.parse(staged) as Table);
  }

  values(): Readable {
    throw new Error('A write operation never reads a range.');
  }
}

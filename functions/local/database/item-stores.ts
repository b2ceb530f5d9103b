import type { Readable } from 'node:stream';
import type { Item, ItemStore, ItemStores, KeyRange, Table } from './dynalite';
import { limits } from './dynalite';
import { resourceError } from './service-error';

/** Synchronous key-value access: dynalite's actions then finish within the call, and nothing can come in between. */
export interface KeyValues {
  get(key: string): string | undefined;
  set(key: string, value: string | undefined): void;
  table(name: string): Table | undefined;
  values(range: KeyRange): Readable;
}

/** Shows key-values to dynalite's actions in the shape they expect. Key layout is dynalite's own. */
export function itemStoresOver(source: KeyValues): ItemStores {
  const known = new Map<string, ItemStore>();
  const under = (prefix: string): ItemStore => {
    const existing = known.get(prefix);
    if (existing !== undefined) return existing;
    const created = itemStoreUnder(prefix, source);
    known.set(prefix, created);
    return created;
  };
  return {
    ...limits,
    getTable: (name, checkStatus, callback) => {
      const answer = typeof checkStatus === 'function' ? checkStatus : callback;
      const table = source.table(name);
      if (table === undefined) answer?.(resourceError('NotFound', 'Requested resource not found'));
      else answer?.(null, table);
    },
    getItemDb: (tableName) => under(itemPrefix(tableName)),
    getIndexDb: (kind, tableName, indexName) =>
      under(`index-${kind.toLowerCase()}~${tableName}~${indexName}~`),
  };
}

export function itemPrefix(tableName: string): string {
  return `item-${tableName}~`;
}

/** The stored text of an item, parsed. */
export function parseItem(text: string): Item {
  // Written by this program only, from a checked request.
  return JSON.parse(text) as Item;
}

function itemStoreUnder(prefix: string, source: KeyValues): ItemStore {
  return {
    // Writes already run one after the other, so a lock per key has nothing to add.
    lock: (_key, run) => run((callback) => callback),
    get: (key, callback) => {
      const text = source.get(prefix + key);
      callback(null, text === undefined ? undefined : parseItem(text));
    },
    put: (key, item, callback) => {
      source.set(prefix + key, JSON.stringify(item));
      callback(null);
    },
    del: (key, callback) => {
      source.set(prefix + key, undefined);
      callback(null);
    },
    createValueStream: (range) => source.values(rangeUnder(prefix, range)),
  };
}

/** The range of full keys for a range within a prefix. */
export function rangeUnder(
  prefix: string,
  { gt, gte, lt, lte, reverse = false, limit = -1 }: KeyRange,
): KeyRange {
  // Keys are printable ASCII after the prefix.
  const from = gt === undefined ? { gte: prefix + (gte ?? '') } : { gt: prefix + gt };
  const to = lte === undefined ? { lt: prefix + (lt ?? '\xff') } : { lte: prefix + lte };
  return { ...from, ...to, reverse, limit };
}

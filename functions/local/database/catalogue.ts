import type { KeyRange, Table } from './dynalite';

export interface TimeToLive {
  readonly Enabled: boolean;
  readonly AttributeName: string;
}

const tablePrefix = 'table~';
const timeToLivePrefix = 'ttl~';

export function tableKey(name: string): string {
  return tablePrefix + name;
}

export function timeToLiveKey(tableName: string): string {
  return timeToLivePrefix + tableName;
}

/** What is stored about tables, held in memory because every operation asks for it. Follows the committed writes. */
export class Catalogue {
  static readonly ranges: readonly KeyRange[] = [tablePrefix, timeToLivePrefix].map((prefix) => ({
    gte: prefix,
    lt: `${prefix}\xff`,
  }));

  readonly #tables = new Map<string, Table>();
  readonly #timesToLive = new Map<string, TimeToLive>();

  table(name: string): Table | undefined {
    return this.#tables.get(name);
  }

  tableNames(): string[] {
    return [...this.#tables.keys()].sort();
  }

  timeToLive(tableName: string): TimeToLive | undefined {
    return this.#timesToLive.get(tableName);
  }

  absorb(writes: ReadonlyMap<string, string | undefined>): void {
    for (const [key, value] of writes) {
      if (key.startsWith(tablePrefix)) follow(this.#tables, key.slice(tablePrefix.length), value);
      else if (key.startsWith(timeToLivePrefix))
        follow(this.#timesToLive, key.slice(timeToLivePrefix.length), value);
    }
  }
}

function follow<T>(entries: Map<string, T>, name: string, text: string | undefined): void {
  if (text === undefined) entries.delete(name);
  // Written by this program only, from values of this very type.
  else entries.set(name, JSON.parse(text) as T);
}

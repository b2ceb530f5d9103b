import { timeToLiveKey, type TimeToLive } from './catalogue';
import { actions } from './dynalite';
import { runNow, storedItem, tableOf } from './item-operations';
import type { Item, Table } from './dynalite';
import { itemPrefix, rangeUnder } from './item-stores';
import type { LevelStore } from './level-store';
import { isRecord, validationError } from './service-error';
import type { StagedWrites } from './staged-writes';
import type { WriteQueue } from './write-queue';

/** DynamoDB leaves items alone whose time is further back: such a number is taken for a mistake. */
const expiredAtMostSeconds = 5 * 365 * 24 * 3600;
/** Items looked at between two turns in the write queue. */
const itemsPerRound = 500;

export function updateTimeToLive(staged: StagedWrites, raw: unknown): unknown {
  const { tableName, setting } = parseSetting(raw);
  tableOf(staged, tableName);
  staged.set(timeToLiveKey(tableName), JSON.stringify(setting));
  return { TimeToLiveSpecification: setting };
}

export function describeTimeToLive(setting: TimeToLive | undefined): unknown {
  const description = setting?.Enabled
    ? { TimeToLiveStatus: 'ENABLED', AttributeName: setting.AttributeName }
    : { TimeToLiveStatus: 'DISABLED' };
  return { TimeToLiveDescription: description };
}

/** Deletes what has expired in every table, until told to stop. An item renewed since it was read stays. */
export async function deleteExpired(
  store: LevelStore,
  queue: WriteQueue,
  nowMs: number,
  stop: AbortSignal,
): Promise<void> {
  const nowSeconds = Math.floor(nowMs / 1000);
  for (const tableName of store.catalogue.tableNames()) {
    const setting = store.catalogue.timeToLive(tableName);
    const table = store.catalogue.table(tableName);
    if (table === undefined || !setting?.Enabled) continue;
    const isExpired = (item: Item) => hasExpired(item[setting.AttributeName], nowSeconds);
    for await (const keys of expiredKeys(store, table, isExpired)) {
      if (stop.aborted) return;
      await queue.run((staged) => deleteItems(staged, tableName, keys, isExpired));
    }
  }
}

function parseSetting(raw: unknown): { tableName: string; setting: TimeToLive } {
  if (isRecord(raw) && typeof raw['TableName'] === 'string' && isRecord(raw['TimeToLiveSpecification'])) {
    const { AttributeName: attributeName, Enabled: isEnabled } = raw['TimeToLiveSpecification'];
    if (typeof attributeName === 'string' && attributeName !== '' && typeof isEnabled === 'boolean')
      return { tableName: raw['TableName'], setting: { Enabled: isEnabled, AttributeName: attributeName } };
  }
  throw validationError('TableName and TimeToLiveSpecification with Enabled and AttributeName are required');
}

/** Yields now and then without a key, so that whoever reads can stop. */
async function* expiredKeys(
  store: LevelStore,
  table: Table,
  isExpired: (item: Item) => boolean,
): AsyncGenerator<readonly Item[]> {
  let keys: Item[] = [];
  let seen = 0;
  for await (const item of itemsOf(store, table)) {
    if (isExpired(item)) keys.push(keyOf(item, table));
    seen += 1;
    if (seen % itemsPerRound !== 0) continue;
    yield keys;
    keys = [];
  }
  yield keys;
}

function itemsOf(store: LevelStore, { TableName: name }: Table): AsyncIterable<Item> {
  // Written by this program only, from checked requests.
  return store.values(rangeUnder(itemPrefix(name), {})) as AsyncIterable<Item>;
}

function hasExpired(attribute: Item[string] | undefined, nowSeconds: number): boolean {
  const expiresAt = Number(attribute?.['N'] ?? Number.NaN);
  return expiresAt < nowSeconds && expiresAt > nowSeconds - expiredAtMostSeconds;
}

function keyOf(item: Item, table: Table): Item {
  return Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, item[name] ?? {}]));
}

function deleteItems(
  staged: StagedWrites,
  tableName: string,
  keys: readonly Item[],
  isExpired: (item: Item) => boolean,
): void {
  for (const key of keys) {
    const request = { TableName: tableName, Key: key };
    const item = storedItem(staged, request);
    if (item !== undefined && isExpired(item)) runNow(actions.DeleteItem, staged.itemStores, request);
  }
}

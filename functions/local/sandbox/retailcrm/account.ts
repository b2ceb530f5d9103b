import * as z from 'zod';
import type { Journal } from '../journal';
import { FIRST_ID } from './assumptions';
import { accountTime } from './account-time';
import { createCatalogue, type Catalogue, type Product } from './catalogue';
import type { Dictionaries, DictionaryName, Dictionary } from './dictionaries';
import { createHistoryLog, type HistoryLog, type HistoryRecord } from './history-log';
import { createCustomerBook, createOrderBook, type CustomerBook, type OrderBook } from './order-book';
import type { Customer, Order } from './order';
import type { Settings } from './settings';

export interface ApiKey {
  readonly key: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Stores the key may touch; absent = all. */
  readonly sites?: readonly string[];
  readonly revoked?: boolean;
}

export type IntegrationModules = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type IdKind = keyof typeof FIRST_ID;
type Counters = Record<IdKind, number>;

/** What one request changed: lists are upserts, the changed books travel whole. */
export interface Change {
  readonly orders?: readonly Order[];
  readonly deletedOrders?: readonly number[];
  readonly customers?: readonly Customer[];
  readonly history?: readonly HistoryRecord[];
  readonly products?: readonly Product[];
  readonly dictionaries?: Dictionaries;
  readonly settings?: Settings;
  readonly keys?: readonly ApiKey[];
  readonly modules?: IntegrationModules;
  readonly counters?: Readonly<Counters>;
}

/** One line of the journal. Only this program writes it, so the version is all that is checked. */
const LINE_VERSION = 1;
const lineSchema = z.object({ v: z.literal(LINE_VERSION), changes: z.array(z.custom<Change>()) });

export interface AccountSeed {
  readonly dictionaries: Dictionaries;
  readonly products: readonly Product[];
  readonly settings: Settings;
  readonly keys: readonly ApiKey[];
}

/** The whole state of one RetailCRM account. Changed only through `record`, made durable by `flush`. */
export interface Account {
  readonly orders: OrderBook;
  readonly customers: CustomerBook;
  readonly history: HistoryLog;
  readonly catalogue: Catalogue;
  settings(): Settings;
  keys(): readonly ApiKey[];
  modules(): IntegrationModules;
  dictionary(name: DictionaryName): Dictionary;
  siteCodes(): string[];
  nowMs(): number;
  /** Now, on the account's clock. */
  now(): string;
  nextId(kind: IdKind): number;
  record(change: Change): void;
  replaceDictionary(name: DictionaryName, dictionary: Dictionary): void;
  /** Writes everything recorded since the last call as one line; call it before answering. */
  flush(): void;
}

/** What was changed since the account was opened for the first time; the rest is as the seed has it. */
interface Changed {
  dictionaries?: Dictionaries;
  settings?: Settings;
  keys?: readonly ApiKey[];
  modules?: IntegrationModules;
  counters: Counters;
}

/** Replays the journal over the seed, compacts it, and hands out the account. */
export function openAccount(seed: AccountSeed, journal: Journal, clock: () => number): Account {
  const books = {
    orders: createOrderBook(),
    customers: createCustomerBook(),
    history: createHistoryLog(),
    catalogue: createCatalogue(),
  };
  const changed: Changed = { counters: { ...FIRST_ID } };
  const apply = (change: Change): void => {
    applySmall(changed, change);
    applyBooks(books, change);
  };
  apply({ products: seed.products });
  for (const line of journal.replay()) lineSchema.parse(line).changes.forEach(apply);
  journal.compact(wholeState(changed, books, seed).map((change) => ({ v: LINE_VERSION, changes: [change] })));

  const settings = (): Settings => changed.settings ?? seed.settings;
  const dictionaries = (): Dictionaries => changed.dictionaries ?? seed.dictionaries;
  let pending: Change[] = [];
  const record = (change: Change): void => {
    apply(change);
    pending.push(change);
  };
  return {
    ...books,
    settings,
    keys: () => changed.keys ?? seed.keys,
    modules: () => changed.modules ?? {},
    dictionary: (name) => dictionaries()[name],
    siteCodes: () => Object.keys(dictionaries().sites),
    nowMs: clock,
    now: () => accountTime(clock(), settings().timeZone),
    nextId: (kind) => changed.counters[kind]++,
    record,
    replaceDictionary: (name, dictionary) =>
      record({ dictionaries: { ...dictionaries(), [name]: dictionary } }),
    flush() {
      if (pending.length === 0) return;
      journal.append({ v: LINE_VERSION, changes: [...pending, { counters: changed.counters }] });
      pending = [];
    },
  };
}

function applySmall(changed: Changed, change: Change): void {
  if (change.dictionaries) changed.dictionaries = change.dictionaries;
  if (change.settings) changed.settings = change.settings;
  if (change.keys) changed.keys = change.keys;
  if (change.modules) changed.modules = change.modules;
  if (change.counters) changed.counters = { ...change.counters };
}

type Books = Pick<Account, 'orders' | 'customers' | 'history' | 'catalogue'>;

function applyBooks(books: Books, change: Change): void {
  change.orders?.forEach((order) => books.orders.put(order));
  change.deletedOrders?.forEach((id) => books.orders.remove(id));
  change.customers?.forEach((customer) => books.customers.put(customer));
  change.history?.forEach((record) => books.history.add(record));
  change.products?.forEach((product) => books.catalogue.put(product));
}

/** The state as changes, one per entity, so that no line of the journal grows without bound. */
function wholeState(changed: Changed, books: Books, seed: AccountSeed): Change[] {
  const seeded = new Set(seed.products.map((product) => product.id));
  const added = books.catalogue.products().filter((product) => !seeded.has(product.id));
  const orders = books.orders.newestFirst().reverse();
  return [
    { ...changed },
    ...added.map((product) => ({ products: [product] })),
    ...books.customers.all().map((customer) => ({ customers: [customer] })),
    ...orders.map((order) => ({ orders: [order] })),
    ...books.history.all().map((record) => ({ history: [record] })),
  ];
}

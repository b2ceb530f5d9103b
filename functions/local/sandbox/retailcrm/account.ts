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

/** What one request changed: lists are upserts, the small books travel whole. */
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

interface Small {
  dictionaries: Dictionaries;
  settings: Settings;
  keys: readonly ApiKey[];
  modules: IntegrationModules;
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
  const small: Small = {
    dictionaries: seed.dictionaries,
    settings: seed.settings,
    keys: seed.keys,
    modules: {},
    counters: { ...FIRST_ID, product: FIRST_ID.product + 1000, offer: FIRST_ID.offer + 1000 },
  };
  const apply = (change: Change): void => {
    applySmall(small, change);
    applyBooks(books, change);
  };
  apply({ products: seed.products });
  for (const line of journal.replay()) lineSchema.parse(line).changes.forEach(apply);
  journal.compact(wholeState(small, books).map((change) => ({ v: LINE_VERSION, changes: [change] })));

  let pending: Change[] = [];
  const record = (change: Change): void => {
    apply(change);
    pending.push(change);
  };
  return {
    ...books,
    settings: () => small.settings,
    keys: () => small.keys,
    modules: () => small.modules,
    dictionary: (name) => small.dictionaries[name],
    siteCodes: () => Object.keys(small.dictionaries.sites),
    nowMs: clock,
    now: () => accountTime(clock(), small.settings.timeZone),
    nextId: (kind) => small.counters[kind]++,
    record,
    replaceDictionary: (name, dictionary) =>
      record({ dictionaries: { ...small.dictionaries, [name]: dictionary } }),
    flush() {
      if (pending.length === 0) return;
      journal.append({ v: LINE_VERSION, changes: [...pending, { counters: small.counters }] });
      pending = [];
    },
  };
}

function applySmall(small: Small, change: Change): void {
  if (change.dictionaries) small.dictionaries = change.dictionaries;
  if (change.settings) small.settings = change.settings;
  if (change.keys) small.keys = change.keys;
  if (change.modules) small.modules = change.modules;
  if (change.counters) small.counters = { ...change.counters };
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
function wholeState(small: Small, books: Books): Change[] {
  const orders = books.orders.newestFirst().reverse();
  return [
    { ...small },
    ...books.catalogue.products().map((product) => ({ products: [product] })),
    ...books.customers.all().map((customer) => ({ customers: [customer] })),
    ...orders.map((order) => ({ orders: [order] })),
    ...books.history.all().map((record) => ({ history: [record] })),
  ];
}

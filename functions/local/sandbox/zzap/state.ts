import { z } from 'zod';
import type { Journal } from '../journal';
import { accountSchema, type Account } from './accounts';
import { FIRST_ORDER_CODE, settingsSchema, type Settings, type SettingsChange } from './assumptions';
import { demoRow } from './demo-orders';
import { changeOrder, type OrderChange, type RawRow, type SandboxOrder } from './orders';

export interface NewOrder {
  account: string;
  createdAtMs: number;
  visibleAtMs: number;
  status?: number | undefined;
  /** Row fields that replace those of the demo row. */
  row: RawRow;
}

/** What the service remembers. Every change is in the journal before the method returns. */
export interface SandboxState {
  settings(): Settings;
  changeSettings(changes: SettingsChange): Settings;
  accounts(): Account[];
  account(login: string): Account | undefined;
  /** Adds a cabinet, or replaces the one with the same login. */
  saveAccount(account: Account): void;
  /** Every order of the cabinet (of all cabinets without a login), oldest number first. */
  orders(login?: string): SandboxOrder[];
  order(code: number): SandboxOrder | undefined;
  addOrders(orders: readonly NewOrder[]): SandboxOrder[];
  changeOrder(order: SandboxOrder, change: OrderChange): SandboxOrder;
}

const rowSchema = z.record(z.string(), z.unknown());
const momentSchema = { status: z.number(), response: z.string() };
const orderSchema = z.object({
  account: z.string(),
  code: z.int(),
  createdAtMs: z.number(),
  versions: z
    .array(z.object({ eventAtMs: z.number(), visibleAtMs: z.number(), ...momentSchema, row: rowSchema }))
    .min(1),
  events: z.array(z.object({ atMs: z.number(), by: z.enum(['seller', 'buyer']), ...momentSchema })),
});

/** Each record carries whole things, so replaying one twice changes nothing. */
const recordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('orders'), orders: z.array(orderSchema) }),
  z.object({ kind: z.literal('account'), account: accountSchema }),
  z.object({ kind: z.literal('settings'), changed: z.record(z.string(), z.unknown()) }),
]);
type JournalRecord = z.infer<typeof recordSchema>;

/** Keeps a line of a compacted journal at about a megabyte. */
const ORDERS_PER_RECORD = 1_000;

export interface StateOptions {
  journal: Journal;
  /** In force until somebody changes them through the control API; what was changed there outlives a restart. */
  initialSettings: Settings;
  /** Added unless the journal already knows their logins. */
  initialAccounts: readonly Account[];
}

export function createState({ journal, initialSettings, initialAccounts }: StateOptions): SandboxState {
  const memory = recall(journal, initialAccounts);
  const settingsNow = (): Settings => settingsSchema.parse({ ...initialSettings, ...memory.changedSettings });
  let settings = settingsNow();

  const record = (entry: JournalRecord): void => {
    journal.append(entry);
    remember(memory, entry);
  };

  return {
    settings: () => settings,
    changeSettings(changes) {
      record({ kind: 'settings', changed: { ...memory.changedSettings, ...changes } });
      settings = settingsNow();
      return settings;
    },
    accounts: () => [...memory.accounts.values()],
    account: (login) => memory.accounts.get(login),
    saveAccount: (account) => record({ kind: 'account', account }),
    orders: (login) => {
      const all = [...memory.orders.values()];
      return login === undefined ? all : all.filter((order) => order.account === login);
    },
    order: (code) => memory.orders.get(code),
    addOrders(news) {
      const firstStatus = settings.dictionary[0]?.code ?? 0;
      const orders = news.map((order, index) => openOrder(order, memory.nextCode + index, firstStatus));
      record({ kind: 'orders', orders });
      return orders;
    },
    changeOrder(order, change) {
      const changed = changeOrder(order, change);
      record({ kind: 'orders', orders: [changed] });
      return changed;
    },
  };
}

function openOrder(order: NewOrder, code: number, firstStatus: number): SandboxOrder {
  const { account, createdAtMs, visibleAtMs, status = firstStatus } = order;
  const row = { ...demoRow(code - FIRST_ORDER_CODE), ...order.row };
  return {
    account,
    code,
    createdAtMs,
    versions: [{ eventAtMs: createdAtMs, visibleAtMs, status, response: '', row }],
    events: [{ atMs: createdAtMs, by: 'buyer', status, response: '' }],
  };
}

interface Memory {
  orders: Map<number, SandboxOrder>;
  accounts: Map<string, Account>;
  changedSettings: Record<string, unknown>;
  nextCode: number;
}

function recall(journal: Journal, initialAccounts: readonly Account[]): Memory {
  const memory: Memory = {
    orders: new Map(),
    accounts: new Map(initialAccounts.map((account) => [account.login, account])),
    changedSettings: {},
    nextCode: FIRST_ORDER_CODE,
  };
  for (const entry of journal.replay()) remember(memory, recordSchema.parse(entry));
  journal.compact(everything(memory));
  return memory;
}

function remember(memory: Memory, entry: JournalRecord): void {
  if (entry.kind === 'account') memory.accounts.set(entry.account.login, entry.account);
  else if (entry.kind === 'settings') memory.changedSettings = entry.changed;
  else {
    for (const order of entry.orders) {
      memory.orders.set(order.code, order);
      memory.nextCode = Math.max(memory.nextCode, order.code + 1);
    }
  }
}

function everything(memory: Memory): JournalRecord[] {
  const orders = [...memory.orders.values()];
  const pages = Array.from({ length: Math.ceil(orders.length / ORDERS_PER_RECORD) }, (_, page) =>
    orders.slice(page * ORDERS_PER_RECORD, (page + 1) * ORDERS_PER_RECORD),
  );
  return [
    { kind: 'settings', changed: memory.changedSettings },
    ...[...memory.accounts.values()].map((account) => ({ kind: 'account' as const, account })),
    ...pages.map((page) => ({ kind: 'orders' as const, orders: page })),
  ];
}

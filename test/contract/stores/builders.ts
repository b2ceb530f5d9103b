import type { Account } from '../../../functions/domain/account';
import type { Connection } from '../../../functions/domain/connection';
import type { OrderLink, Quarantine } from '../../../functions/domain/order-link';
import { queuedRun, type RunRecord } from '../../../functions/domain/run-record';
import type { SyncCursor } from '../../../functions/domain/sync-cursor';

/** 23 September 2024, 18:00 in Moscow. */
export const NOON_MS = 1_727_103_600_000;

export function anAccount(facts: Partial<Account> = {}): Account {
  return {
    accountId: 'a-1',
    version: 1,
    name: 'Автозапчасти «Колесо» 🚗',
    crmUrl: 'https://koleso.retailcrm.ru',
    sealedApiKey: 'sealed-key',
    scopes: ['order_read', 'order_write', 'reference_read'],
    timeZone: 'Europe/Moscow',
    createdAtMs: NOON_MS,
    ...facts,
  };
}

export function aConnection(facts: Partial<Connection> = {}): Connection {
  return {
    accountId: 'a-1',
    connectionId: 'c-1',
    version: 1,
    name: 'Заказ с ZZap',
    login: 'seller@example.com',
    sealedCredentials: 'sealed-credentials',
    site: 'koleso-moscow',
    intervalMinutes: 5,
    itemLink: 'article',
    statusDirection: 'crmToZzap',
    includeApiChanges: false,
    importFromMs: NOON_MS,
    state: 'active',
    suspension: null,
    orderMethod: { code: 'zakaz-s-zzap', source: 'created' },
    hookSecret: { digest: 'digest-of-a-secret', sealed: 'sealed-secret' },
    crmToZzapSinceMs: NOON_MS,
    createdAtMs: NOON_MS,
    ...facts,
  };
}

export function aCursor(facts: Partial<SyncCursor> = {}): SyncCursor {
  return {
    connectionId: 'c-1',
    version: 0,
    pulledToMs: NOON_MS,
    lastSyncAtMs: NOON_MS,
    digest: { '100500': 'fingerprint-1', '100501': 'fingerprint-2' },
    retryAtMs: NOON_MS + 60_000,
    history: { sinceMs: NOON_MS - 1, sinceId: 7_044, readAtMs: NOON_MS },
    pushAtMs: NOON_MS + 3_000,
    verifyAtMs: null,
    outage: {
      remote: 'zzap',
      kind: 'unavailable',
      sinceMs: NOON_MS - 90_000,
      failures: 2,
      nextAttemptAtMs: NOON_MS + 60_000,
    },
    wakeAtMs: NOON_MS + 60_000,
    idle: { runId: 'r-1', firstAtMs: NOON_MS - 300_000, lastAtMs: NOON_MS, runs: 2, rowsSeen: 14 },
    ...facts,
  };
}

/** A link that was never saved. */
export function aLink(facts: Partial<OrderLink> = {}): OrderLink {
  return {
    connectionId: 'c-1',
    zzapOrderCode: '100500',
    version: 0,
    state: 'linked',
    fingerprint: 'fingerprint-1',
    zzapStatus: 10,
    crmOrderId: 77,
    crmNumber: '77C',
    crmStatus: 'new',
    crmGone: false,
    push: null,
    pushed: [{ zzapStatus: 10, previous: null, atMs: NOON_MS, sure: true }],
    firstSeenAtMs: NOON_MS,
    changedAtMs: NOON_MS,
    quarantine: null,
    sealedRow: null,
    trace: [
      { atMs: NOON_MS, event: 'claimed' },
      { atMs: NOON_MS + 1_000, event: 'created', details: { crmOrderId: 77, number: '77C' } },
    ],
    ...facts,
  };
}

/** An order that RetailCRM refused. */
export function aSetAsideLink(
  facts: Partial<OrderLink> = {},
  quarantine: Partial<Quarantine> = {},
): OrderLink {
  return aLink({
    state: 'attention',
    crmOrderId: null,
    crmNumber: null,
    crmStatus: null,
    quarantine: {
      reason: 'refused-by-crm',
      detail: 'Поле «Телефон»: неверный формат 📵',
      sinceMs: NOON_MS,
      attempts: 1,
      retryAtMs: NOON_MS + 600_000,
      ...quarantine,
    },
    sealedRow: 'sealed-row',
    ...facts,
  });
}

export function aRun(facts: Partial<RunRecord> = {}): RunRecord {
  return { ...queuedRun('c-1', 'r-1', 'tick', NOON_MS), ...facts };
}

/** The numbers 0 to `count` - 1 as texts that sort like the numbers. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index).padStart(5, '0'));
}

/** Walks a listing to its end, bounded so that a listing that repeats itself fails instead of hanging. */
export async function allPages<Item>(
  readPage: (
    after: string | undefined,
  ) => Promise<{ readonly links: readonly Item[]; readonly next: string | null }>,
): Promise<(readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let after: string | undefined;
  for (let page = 0; page < 100; page += 1) {
    const { links, next } = await readPage(after);
    pages.push(links);
    if (next === null) return pages;
    after = next;
  }
  throw new Error('The listing has no end.');
}

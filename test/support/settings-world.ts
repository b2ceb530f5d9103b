import type { ZzapCredentials } from '../../functions/domain/connection';
import type { StoredCrmOrder } from '../../functions/domain/crm-order-draft';
import type { Window } from '../../functions/domain/cursor-window';
import { normalizeArticle, type OfferCandidate } from '../../functions/domain/offer-match';
import { RemoteError, type RemoteErrorFacts } from '../../functions/domain/remote-error';
import { startOfDay } from '../../functions/http/times';
import type { Clock } from '../../functions/ports/clock';
import type {
  CrmDoor,
  CrmModuleCard,
  CrmOrderMethod,
  CrmSite,
  CrmStatus,
  CrmSystem,
  OpenCrmSystem,
} from '../../functions/ports/crm-system';
import type { Ids } from '../../functions/ports/ids';
import type { Secrets } from '../../functions/ports/secrets';
import type { ListedOrders, OpenZzapCabinet, ZzapStatus } from '../../functions/ports/zzap-cabinet';
import type { GateSlot, ZzapGate } from '../../functions/ports/zzap-gate';
import type { SettingsPorts } from '../../functions/settings/settings-ports';
import { createPatience } from '../../functions/wiring/patience';
import { createMemoryAccountStore } from './memory/account-store';
import { createMemoryClaimStore } from './memory/claim-store';
import { createMemoryConnectionStore } from './memory/connection-store';
import { createMemoryCursorStore } from './memory/cursor-store';
import { createMemoryLane, type MemoryLane } from './memory/lane';
import { createMemoryLog, type MemoryLog } from './memory/log';
import { createMemoryDictionaryMemory } from './memory/dictionary-memory';
import { createMemoryMappingStore } from './memory/mapping-store';
import { createMemoryModuleStore } from './memory/module-store';
import { createMemoryOrderLinkStore } from './memory/order-link-store';
import { createMemoryRunStore } from './memory/run-store';
import { createMemorySchedules, type MemorySchedules } from './memory/schedules';
import { createMemoryVault } from './memory/vault';
import { createMemoryZzapGate } from './memory/zzap-gate';

/** 23 November 2026, 01:30 in Moscow and still the 22nd in UTC. */
export const NIGHT_MS = Date.UTC(2026, 10, 22, 22, 30);

export const REQUIRED = ['order_read', 'order_write', 'reference_read'];
export const PUBLIC_URL = 'https://module.example';
export const MODULE_SECRET = 'module-secret-Rt54Rt54';
export const CRM_URL = 'https://koleso.retailcrm.ru';
export const CRM_KEY = 'crm-key-Zq81Zq81Zq81';
export const PASSWORD = 'password-Wx72Wx72';
export const ZZAP_KEY = 'zzap-key-Vy63Vy63Vy63';

type CrmMethod =
  | 'readAccess'
  | 'readTimeZone'
  | 'listSites'
  | 'listStatuses'
  | 'listOrderMethods'
  | 'ensureOrderMethod'
  | 'install'
  | 'findByExternalIds'
  | 'searchOffers'
  | 'findOffersByExternalIds';

/** A RetailCRM whose answers a test sets. */
export interface FakeCrm {
  scopes: string[];
  allowedSites: string[] | null;
  timeZone: string | null;
  sites: CrmSite[];
  statuses: CrmStatus[];
  orderMethods: CrmOrderMethod[];
  /** Every description of the module it was given. */
  readonly installed: CrmModuleCard[];
  /** External ids of the orders it has. */
  orders: string[];
  /** Every list of external ids that it was asked for. */
  readonly lookedFor: (readonly string[])[];
  offers: OfferCandidate[];
  /** What a method throws instead of answering. */
  readonly broken: Map<CrmMethod, Error>;
  /** Every door it was opened through. */
  readonly doors: CrmDoor[];
  readonly calls: CrmMethod[];
}

/** A ZZap whose answers a test sets. */
export interface FakeZzap {
  statuses: ZzapStatus[];
  /** What it says to these credentials; null: they are right. */
  judge: (credentials: ZzapCredentials) => Error | null;
  /** What it lists, whatever the window. */
  orders: Omit<ListedOrders, 'askedAtMs'>;
  /** Every window it was asked for. */
  readonly windows: Window[];
  /** Credentials in the order they were tried. */
  readonly tried: ZzapCredentials[];
  /** Runs while ZZap is being asked: what somebody else does meanwhile. */
  meanwhile: () => Promise<void>;
}

export interface World {
  readonly ports: SettingsPorts & {
    readonly lane: MemoryLane;
    readonly schedules: MemorySchedules;
    readonly log: MemoryLog;
  };
  readonly clock: Clock & { nowMs: () => number; pass(ms: number): void };
  readonly crm: FakeCrm;
  readonly zzap: FakeZzap;
  /** Slots given back at the gate. */
  readonly released: GateSlot[];
}

export function remoteError(facts: Partial<RemoteErrorFacts> = {}): RemoteError {
  return new RemoteError({
    remote: 'zzap',
    kind: 'unavailable',
    detail: 'HTTP 502',
    effectUnknown: false,
    ...facts,
  });
}

export function createWorld(changes: Partial<SettingsPorts> = {}): World {
  const clock = createClock();
  const crm = createFakeCrm();
  const zzap: FakeZzap = {
    statuses: [
      { code: 10, name: 'Новый' },
      { code: 20, name: 'В работе' },
      { code: 30, name: 'Отказ' },
    ],
    orders: { rows: [], full: false },
    windows: [],
    judge: () => null,
    tried: [],
    meanwhile: () => Promise.resolve(),
  };
  const released: GateSlot[] = [];
  const gate = watchedGate(released);
  const ports = {
    accounts: createMemoryAccountStore(),
    claims: createMemoryClaimStore(),
    modules: createMemoryModuleStore(),
    connections: createMemoryConnectionStore(),
    mappings: createMemoryMappingStore(),
    dictionaries: createMemoryDictionaryMemory(),
    cursors: createMemoryCursorStore(gate),
    links: createMemoryOrderLinkStore(),
    runs: createMemoryRunStore(),
    gate,
    openZzap: openerOf(zzap),
    openCrm: openerOfCrm(crm),
    vault: createMemoryVault(),
    clock,
    // What is ready answers within one turn of the event loop: the rest is late.
    patience: createPatience(() => ({
      over: new Promise((resolve) => setImmediate(() => resolve(null))),
      stop: () => undefined,
    })),
    ids: countingIds(),
    secrets: countingSecrets(),
    startOfDay,
    zzapMinIntervalMs: 3_000,
    crmAllowedHosts: [],
    publicUrl: () => PUBLIC_URL,
    moduleSecret: MODULE_SECRET,
    ...changes,
    lane: createMemoryLane(clock.nowMs),
    schedules: createMemorySchedules(clock.nowMs),
    log: createMemoryLog(),
  };
  return { ports, clock, crm, zzap, released };
}

function createClock() {
  let nowMs = NIGHT_MS;
  return {
    nowMs: () => nowMs,
    pass: (ms: number) => void (nowMs += ms),
    sleep: (ms: number) => {
      nowMs += Math.max(0, ms);
      return Promise.resolve();
    },
    random: () => 0.5,
  };
}

function countingSecrets(): Secrets {
  let count = 0;
  return { newSecret: () => `secret-${(count += 1)}`, digest: (secret) => `digest of ${secret}` };
}

function countingIds(): Ids {
  let count = 0;
  const next = () => String((count += 1)).padStart(4, '0');
  return { newId: next, newRunId: (nowMs) => nowMs.toString(16).padStart(12, '0') + next() };
}

function watchedGate(released: GateSlot[]): ZzapGate {
  const gate = createMemoryZzapGate();
  return {
    acquire: (request) => gate.acquire(request),
    release: (slot) => {
      released.push(slot);
      return gate.release(slot);
    },
  };
}

function openerOf(zzap: FakeZzap): OpenZzapCabinet {
  return (credentials) => {
    let slot: GateSlot | null = null;
    const unexpected = () =>
      Promise.reject(new Error('the form asks ZZap for nothing but statuses and orders'));
    const asked = async <Answer>(answer: () => Answer): Promise<Answer> => {
      zzap.tried.push(credentials);
      slot = { keyTag: 'tag', holder: `holder-${zzap.tried.length}`, nextFreeAtMs: NIGHT_MS };
      await zzap.meanwhile();
      const refusal = zzap.judge(credentials);
      if (refusal) throw refusal;
      return answer();
    };
    return {
      listChangedOrders: (window) => {
        zzap.windows.push(window);
        return asked(() => ({ ...zzap.orders, askedAtMs: NIGHT_MS }));
      },
      setStatus: unexpected,
      readRow: () => {
        throw new Error('the form reads no rows');
      },
      listStatuses: () => asked(() => zzap.statuses),
      takeSlot() {
        const taken = slot;
        slot = null;
        return taken;
      },
    };
  };
}

function createFakeCrm(): FakeCrm {
  const status = (code: string, name: string) => ({
    code,
    name,
    group: 'new',
    groupName: 'Новый',
    active: true,
  });
  return {
    scopes: [...REQUIRED, 'reference_write', 'store_read', 'integration_read', 'integration_write'],
    allowedSites: null,
    timeZone: 'Europe/Moscow',
    sites: [
      { code: 'moscow', name: 'Москва' },
      { code: 'kazan', name: 'Казань' },
    ],
    statuses: [status('new', 'Новый'), status('work', 'В работе'), status('cancel', 'Отменён')],
    orderMethods: [{ code: 'phone', name: 'По телефону', active: true, defaultForApi: true }],
    installed: [],
    orders: [],
    lookedFor: [],
    offers: [],
    broken: new Map(),
    doors: [],
    calls: [],
  };
}

function openerOfCrm(crm: FakeCrm): OpenCrmSystem {
  const answering = <Args extends unknown[], Answer>(
    method: CrmMethod,
    answer: (...args: Args) => Answer,
  ) => {
    return (...args: Args): Promise<Answer> => {
      crm.calls.push(method);
      const error = crm.broken.get(method);
      return error ? Promise.reject(error) : Promise.resolve(answer(...args));
    };
  };
  const system: CrmSystem = {
    access: {
      readAccess: answering('readAccess', () => ({ scopes: crm.scopes, sites: crm.allowedSites })),
      readTimeZone: answering('readTimeZone', () => crm.timeZone),
    },
    directories: {
      listSites: answering('listSites', () => crm.sites),
      listStatuses: answering('listStatuses', () => crm.statuses),
      listOrderMethods: answering('listOrderMethods', () => crm.orderMethods),
      ensureOrderMethod: answering('ensureOrderMethod', (code: string, name: string) => {
        const others = crm.orderMethods.filter((method) => method.code !== code);
        crm.orderMethods = [...others, { code, name, active: true, defaultForApi: false }];
      }),
    },
    modules: {
      install: answering('install', (card: CrmModuleCard) => void crm.installed.push(card)),
    },
    orders: {
      ...writesNothing(),
      findByExternalIds: answering('findByExternalIds', (_site: string, ids: readonly string[]) => {
        crm.lookedFor.push(ids);
        return crm.orders.filter((id) => ids.includes(id)).map(aStoredOrder);
      }),
    },
    catalogue: {
      searchOffers: answering('searchOffers', (_site: string, article: string) =>
        crm.offers.filter(({ articles }) =>
          articles.some((one) => normalizeArticle(one) === normalizeArticle(article)),
        ),
      ),
      findOffersByExternalIds: answering('findOffersByExternalIds', (_site: string, ids: readonly string[]) =>
        crm.offers.filter(({ externalId }) => ids.includes(externalId ?? '')),
      ),
    },
    ...partsTheFormNeverUses(),
  };
  return (door) => {
    crm.doors.push(door);
    return system;
  };
}

function aStoredOrder(externalId: string): StoredCrmOrder {
  return { crmOrderId: 7, externalId, number: '7C', status: 'new', sumKopecks: null };
}

function writesNothing(): Pick<CrmSystem['orders'], 'upload' | 'create'> {
  const unexpected = () => Promise.reject(new Error('the form creates no orders'));
  return { upload: unexpected, create: unexpected };
}

function partsTheFormNeverUses(): Pick<CrmSystem, 'ownedFields' | 'statuses' | 'history'> {
  const unexpected = () => Promise.reject(new Error('the form has no business with orders'));
  return {
    ownedFields: { read: unexpected, listTouched: unexpected, write: unexpected },
    statuses: { read: unexpected, readMany: unexpected, change: unexpected },
    history: { listChanges: unexpected },
  };
}

/** Credentials of the form as a person types them. */
export function typed(changes: { login?: string; password?: string; zzapApiKey?: string } = {}) {
  return {
    name: 'Заказ с ZZap',
    login: 'seller@example.com',
    password: PASSWORD,
    zzapApiKey: ZZAP_KEY,
    ...changes,
  };
}

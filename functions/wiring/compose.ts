import { randomUUID } from 'node:crypto';
import { startOfDay } from '../http/times';
import type { Clock } from '../ports/clock';
import type { HookedConnections } from '../ports/hooked-connections';
import type { Ids } from '../ports/ids';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { Schedules } from '../ports/schedules';
import type { Vault } from '../ports/vault';
import { createRetailCrm } from '../retailcrm/client';
import type { SettingsPorts } from '../settings/settings-ports';
import { createAccountStore } from '../storage/account-store';
import { createClaimStore } from '../storage/claim-store';
import { createConnectionStore } from '../storage/connection-store';
import { createCursorStore } from '../storage/cursor-store';
import type { Database } from '../storage/database';
import { createDictionaryMemory } from '../storage/dictionary-memory';
import { createHookedConnections } from '../storage/hooked-connections';
import { createMappingStore } from '../storage/mapping-store';
import { createModuleStore } from '../storage/module-store';
import { createOfferMemory } from '../storage/offer-memory';
import { createOrderLinkStore } from '../storage/order-link-store';
import { createRequestBudget } from '../storage/request-budget';
import { createRunStore } from '../storage/run-store';
import { createSnapshotReader } from '../storage/snapshot-reader';
import { createZzapGate } from '../storage/zzap-gate';
import type { SyncPorts } from '../sync/sync-ports';
import { createZzap } from '../zzap/client';
import { createPatience } from './patience';
import { randomSecrets } from './system';

/** What differs between the cloud and the local run. */
export interface Surroundings {
  readonly db: Database;
  readonly vault: Vault;
  readonly lane: Lane;
  readonly schedules: Schedules;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly zzapBaseUrl: string;
  readonly zzapMinIntervalMs: number;
  readonly crmRequestsPerSecond: number;
  readonly crmAllowedHosts: readonly string[];
  readonly publicUrl: () => string;
  /** Absent where RetailCRM's marketplace does not know this deployment. */
  readonly moduleSecret?: string;
  /** Longest that each remote system is waited for where somebody waits for an answer; absent in runs. */
  readonly patienceMs?: number;
}

/** What all use cases and hooks need. */
export type Composition = SettingsPorts & SyncPorts & { readonly hooked: HookedConnections };

/** Everything wired once: the same composition for every shell. */
export function compose(around: Surroundings): Composition {
  const { db, clock } = around;
  const patience = around.patienceMs === undefined ? {} : { patienceMs: around.patienceMs };
  const gate = createZzapGate(db);
  const openZzap = createZzap({
    baseUrl: around.zzapBaseUrl,
    minIntervalMs: around.zzapMinIntervalMs,
    gate,
    clock,
    newHolder: randomUUID,
    ...patience,
  });
  const openCrm = createRetailCrm({
    budget: createRequestBudget(db),
    clock,
    requestsPerSecond: around.crmRequestsPerSecond,
    ...patience,
  });
  return {
    accounts: createAccountStore(db),
    claims: createClaimStore(db),
    modules: createModuleStore(db),
    connections: createConnectionStore(db),
    hooked: createHookedConnections({ client: db.client, table: db.tables.connections }),
    mappings: createMappingStore(db),
    dictionaries: createDictionaryMemory(db),
    cursors: createCursorStore(db),
    links: createOrderLinkStore(db),
    runs: createRunStore(db),
    offers: createOfferMemory(db),
    readSnapshot: createSnapshotReader(db),
    gate,
    openZzap,
    openCrm,
    vault: around.vault,
    lane: around.lane,
    schedules: around.schedules,
    clock,
    patience: createPatience(),
    ids: around.ids,
    secrets: randomSecrets,
    log: around.log,
    startOfDay,
    crmAllowedHosts: around.crmAllowedHosts,
    publicUrl: around.publicUrl,
    moduleSecret: around.moduleSecret ?? null,
    zzapMinIntervalMs: around.zzapMinIntervalMs,
  };
}

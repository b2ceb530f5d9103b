import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { createSettingsApp, type HandleRequest } from '../http/app';
import { openForm } from '../http/assets';
import { HOOKS_PREFIX } from '../http/hook-paths';
import { createHooksApp } from '../http/hooks-app';
import { describeAsJson } from '../http/openapi';
import { MODULE_PREFIX } from '../http/module-routes';
import type { Log } from '../ports/log';
import { REQUESTS_PER_SECOND } from '../retailcrm/assumptions';
import { reconcileSchedules } from '../settings/reconcile-schedules';
import { openDatabase, type Database } from '../storage/database';
import { TABLE_NAMES } from '../storage/table-definitions';
import { createMissingTables } from '../storage/tables';
import { syncConnection } from '../sync/sync-connection';
import { compose } from '../wiring/compose';
import { randomIds, systemClock } from '../wiring/system';
import { startDatabaseInWorker } from './database/start-in-worker';
import { openKeyFileVault } from './key-file-vault';
import { createLocalLane } from './lane';
import { createLocalTables } from './local-tables';
import { guardLoopback } from './loopback-guard';
import { createLocalSchedules } from './schedules';

export interface ProductOptions {
  readonly storage: Storage;
  readonly port: number;
  readonly dataDir: string;
  readonly zzapBaseUrl: string;
  readonly zzapMinIntervalMs: number;
  readonly crmAllowedHosts: readonly string[];
  readonly crmRequestsPerSecond?: number;
  readonly publicUrl: string | null;
  /** Absent: RetailCRM's marketplace does not know this run. */
  readonly moduleSecret?: string | null;
  readonly log: Log;
  /** Longest a run takes before the rest goes on in another one. */
  readonly runMsMax?: number;
}

export interface Product {
  readonly url: string;
  close(): Promise<void>;
}

/** Where the form is built to. */
const FORM = join(__dirname, '../../dist/form');
const TICK_EVERY_MS = 1_000;
const RUN_MS_MAX = 14 * 60_000;
/** What is under way when somebody stops the product; the rest is taken up by the next start. */
const STOP_PATIENCE_MS = 5_000;

const tableNames = Object.fromEntries(TABLE_NAMES.map((name) => [name, name])) as Record<
  (typeof TABLE_NAMES)[number],
  string
>;

export interface Storage {
  readonly db: Database;
  close(): Promise<void>;
}

/**
 * The database on disk, in a thread of its own. Fails with DatabaseInUseError when another process holds the
 * folder, so it is opened before anything else in it is touched.
 */
export async function openStorage(dataDir: string): Promise<Storage> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = await startDatabaseInWorker({ directory: join(dataDir, 'database') });
  const db = openDatabase({ endpoint: database.endpoint, tableNames });
  await createMissingTables(db);
  await createLocalTables(db);
  return {
    db,
    async close() {
      db.client.destroy();
      await database.close();
    },
  };
}

/** The whole product in one process: settings API, lane, schedules and database, on loopback only. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { log } = options;
  const { db } = options.storage;
  const clock = systemClock;
  const lane = createLocalLane({ db, clock, log });
  const schedules = createLocalSchedules({ db, lane, clock, log });
  // Known when the server listens: port 0 means any.
  let localUrl = '';
  const ports = compose({
    db,
    vault: openKeyFileVault(join(options.dataDir, 'vault.key')),
    lane,
    schedules,
    clock,
    ids: randomIds,
    log,
    zzapBaseUrl: options.zzapBaseUrl,
    zzapMinIntervalMs: options.zzapMinIntervalMs,
    crmRequestsPerSecond: options.crmRequestsPerSecond ?? REQUESTS_PER_SECOND,
    crmAllowedHosts: options.crmAllowedHosts,
    publicUrl: () => options.publicUrl ?? localUrl,
    ...(options.moduleSecret && { moduleSecret: options.moduleSecret }),
  });
  await schedules.load();
  await lane.start((message) =>
    syncConnection(ports, message, clock.nowMs() + (options.runMsMax ?? RUN_MS_MAX)),
  );
  await reconcileSchedules(ports);
  const settings = createSettingsApp(ports, { serveForm: openForm(FORM), describe: describeAsJson });
  const handle = beside(createHooksApp(ports), settings, guardLoopback(settings, options.publicUrl));
  const server = createAdaptorServer({ fetch: (request) => handle(request) }) as Server;
  localUrl = `http://127.0.0.1:${await listen(server, options.port)}`;
  const ticker = setInterval(() => void schedules.tick(), TICK_EVERY_MS);
  return {
    url: localUrl,
    async close() {
      clearInterval(ticker);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lane.stop(STOP_PATIENCE_MS);
    },
  };
}

/**
 * Hooks, and what RetailCRM asks of a module, are called by other machines, through a tunnel with another host, and
 * from RetailCRM's pages: their secrets are their guard.
 */
function beside(hooks: HandleRequest, settings: HandleRequest, guarded: HandleRequest): HandleRequest {
  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(HOOKS_PREFIX)) return hooks(request);
    return pathname.startsWith(MODULE_PREFIX) ? settings(request) : guarded(request);
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKeyFileVault } from '../../functions/local/key-file-vault';
import { openStorage } from '../../functions/local/product';
import { startSandbox } from '../../functions/local/sandbox-thread';
import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET } from '../../functions/local/sandbox/zzap/start';
import { createAccount } from '../../functions/settings/save-account';
import { createConnection } from '../../functions/settings/create-connection';
import { syncConnection } from '../../functions/sync/sync-connection';
import { compose } from '../../functions/wiring/compose';
import { createJsonLog } from '../../functions/wiring/json-log';
import { randomIds, systemClock } from '../../functions/wiring/system';

export interface IdleFigures {
  readonly zzapCalls: number;
  readonly crmCalls: number;
  readonly databaseCalls: readonly string[];
}

interface Countable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: unknown) => Promise<unknown>,
        context: { readonly commandName?: string },
      ) => (args: unknown) => Promise<unknown>,
      options: { readonly step: 'initialize' },
    ): void;
  };
}

const nothing = () => Promise.resolve();

/** A tick that finds what the one before it found. */
export async function measureIdleTick(): Promise<IdleFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const sandbox = await startSandbox({ zzap: { minIntervalMs: 0 }, crm: {} });
  const storage = await openStorage(dataDir);
  try {
    const ports = compose({
      db: storage.db,
      vault: openKeyFileVault(join(dataDir, 'vault.key')),
      lane: { send: nothing },
      schedules: {
        ensure: () => Promise.resolve(false),
        remove: nothing,
        wakeAt: nothing,
        list: () => Promise.resolve([]),
      },
      clock: systemClock,
      ids: randomIds,
      log: createJsonLog('warn'),
      zzapBaseUrl: sandbox.zzapUrl,
      zzapMinIntervalMs: 0,
      crmRequestsPerSecond: 9,
      crmAllowedHosts: ['127.0.0.1'],
      publicUrl: () => 'http://127.0.0.1',
    });
    await post(`${sandbox.zzapUrl}/sandbox/orders`, { count: 100 });
    const account = await createAccount(ports, {
      name: 'bench',
      crmUrl: sandbox.crmUrl,
      apiKey: DEMO_API_KEY,
    });
    const { accountId, connectionId } = await createConnection(ports, account.accountId, {
      name: 'bench',
      login: DEMO_CABINET.login,
      password: DEMO_CABINET.password,
      zzapApiKey: DEMO_CABINET.apiKey,
      site: 'auto',
    });
    const tick = () =>
      syncConnection(
        ports,
        { accountId, connectionId, trigger: 'tick', atMs: Date.now() },
        Date.now() + 60_000,
      );
    await tick();
    const calls = { zzap: await callsOf(sandbox.zzapUrl), crm: await callsOf(sandbox.crmUrl) };
    const databaseCalls: string[] = [];
    (storage.db.client as unknown as Countable).middlewareStack.add(
      (next, context) => (args) => {
        databaseCalls.push((context.commandName ?? '').replace(/Command$/, ''));
        return next(args);
      },
      { step: 'initialize' },
    );
    await tick();
    return {
      zzapCalls: (await callsOf(sandbox.zzapUrl)) - calls.zzap,
      crmCalls: (await callsOf(sandbox.crmUrl)) - calls.crm,
      databaseCalls,
    };
  } finally {
    await storage.close();
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function post(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function callsOf(url: string): Promise<number> {
  const { calls } = (await (await fetch(`${url}/sandbox/calls?limit=1000`)).json()) as { calls: unknown[] };
  return calls.length;
}

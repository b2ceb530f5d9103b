import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, startProduct } from '../../functions/local/product';
import { startSandbox } from '../../functions/local/sandbox-thread';
import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET } from '../../functions/local/sandbox/zzap/start';
import { createJsonLog } from '../../functions/wiring/json-log';
import { json } from './json';

export interface ImportFigures {
  readonly orders: number;
  readonly seconds: number;
  /** What the remotes' limits alone dictate for the calls that are needed. */
  readonly limitSeconds: number;
  readonly zzapCalls: number;
  readonly crmCalls: number;
  readonly violations: number;
}

const CRM_REQUESTS_PER_SECOND = 10;
const ZZAP_INTERVAL_S = 3;
const UPLOAD_MAX = 50;

interface Run {
  readonly runId: string;
  readonly state: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly created: number;
  readonly calls: { zzap: number; crm: number };
}

/** First import of one window against the sandbox with the real limits on. */
export async function measureImport(orders: number): Promise<ImportFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const sandbox = await startSandbox({
    zzap: { minIntervalMs: ZZAP_INTERVAL_S * 1000 },
    crm: { requestsPerSecond: CRM_REQUESTS_PER_SECOND },
  });
  const storage = await openStorage(dataDir);
  const product = await startProduct({
    storage,
    port: 0,
    dataDir,
    zzapBaseUrl: sandbox.zzapUrl,
    zzapMinIntervalMs: ZZAP_INTERVAL_S * 1000,
    crmAllowedHosts: ['127.0.0.1'],
    publicUrl: null,
    log: createJsonLog('warn'),
  });
  try {
    await json(`${sandbox.zzapUrl}/sandbox/orders`, 'POST', { count: orders, spreadMinutes: 60 });
    const account = await json<{ accountId: string }>(`${product.url}/api/accounts`, 'POST', {
      name: 'bench',
      crmUrl: sandbox.crmUrl,
      apiKey: DEMO_API_KEY,
    });
    const connection = await json<{ connectionId: string }>(
      `${product.url}/api/accounts/${account.accountId}/connections`,
      'POST',
      {
        name: 'bench',
        login: DEMO_CABINET.login,
        password: DEMO_CABINET.password,
        zzapApiKey: DEMO_CABINET.apiKey,
        site: 'auto',
        intervalMinutes: 1440,
        itemLink: 'none',
        importFrom: '2020-01-01',
        active: false,
      },
    );
    // The pause after the credentials check belongs to the check, not to the import.
    await new Promise((resolve) => setTimeout(resolve, ZZAP_INTERVAL_S * 1000));
    const api = `${product.url}/api/connections/${connection.connectionId}`;
    await json(api, 'PATCH', { active: true });
    const first = await finishedRun(api, (runs) => runs.at(-1));
    const { violations } = await json<{ violations: number }>(`${sandbox.zzapUrl}/sandbox/calls?limit=1`);
    const crmCalls = await json<{ violations: number }>(`${sandbox.crmUrl}/sandbox/calls?newest=1`);
    return {
      orders: first.created,
      seconds: (Date.parse(first.finishedAt ?? '') - Date.parse(first.startedAt)) / 1000,
      limitSeconds: Math.max(
        Math.ceil(orders / UPLOAD_MAX) / CRM_REQUESTS_PER_SECOND,
        first.calls.zzap * ZZAP_INTERVAL_S,
      ),
      zzapCalls: first.calls.zzap,
      crmCalls: first.calls.crm,
      violations: violations + crmCalls.violations,
    };
  } finally {
    await product.close();
    await storage.close();
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function finishedRun(api: string, pick: (runs: Run[]) => Run | undefined): Promise<Run> {
  for (;;) {
    const { items } = await json<{ items: Run[] }>(`${api}/runs`);
    const run = pick(items);
    if (run && run.finishedAt !== null) {
      if (run.state !== 'done') throw new Error(`the run ended ${run.state}`);
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

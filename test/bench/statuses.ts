import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, startProduct } from '../../functions/local/product';
import { startSandbox } from '../../functions/local/sandbox-thread';
import { letSandboxesKnock, seedDemo } from '../../functions/local/seed-demo';
import { createJsonLog } from '../../functions/wiring/json-log';
import { json } from './json';

export interface StatusFigures {
  /** Milliseconds from the change in RetailCRM to the status at ZZap, sorted. */
  readonly travelMs: readonly number[];
  readonly hintsPerSecond: number;
  readonly pushesPerMinute: number;
  readonly violations: number;
}

const ZZAP_INTERVAL_MS = 3_000;
const JOURNEYS = 15;
const HINTS = 2_000;
const HINTS_AT_ONCE = 20;
const QUEUE = 20;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

interface Stage {
  readonly zzapUrl: string;
  readonly crmUrl: string;
  readonly api: string;
}

const statusAtZzap = async ({ zzapUrl }: Stage, code: string) =>
  (await json<{ status: number }>(`${zzapUrl}/sandbox/orders/${code}`)).status;

const setInCrm = ({ crmUrl }: Stage, code: string, status: string) =>
  json(`${crmUrl}/sandbox/orders/zzap-${code}?by=externalId`, 'PATCH', { as: 'user', status });

/** Statuses on their way to ZZap with its real pace on: one at a time, a storm of hints, and a queue. */
export async function measureStatuses(): Promise<StatusFigures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const sandbox = await startSandbox({ zzap: { minIntervalMs: ZZAP_INTERVAL_MS }, crm: {} });
  const storage = await openStorage(dataDir);
  const product = await startProduct({
    storage,
    port: 0,
    dataDir,
    zzapBaseUrl: sandbox.zzapUrl,
    zzapMinIntervalMs: ZZAP_INTERVAL_MS,
    crmAllowedHosts: ['127.0.0.1'],
    publicUrl: null,
    log: createJsonLog('error'),
  });
  try {
    const added = { count: QUEUE, spreadMinutes: 60 };
    const { codes } = await json<{ codes: number[] }>(`${sandbox.zzapUrl}/sandbox/orders`, 'POST', added);
    const connectionId = await seedDemo(product.url, sandbox.crmUrl);
    const stage = { ...sandbox, api: `${product.url}/api/connections/${connectionId ?? ''}` };
    await json(stage.api, 'PATCH', { intervalMinutes: 1440 });
    await letSandboxesKnock(product.url, sandbox);
    const orders = codes.map(String);
    await until(async () => {
      const { orderCount } = await json<{ orderCount: number }>(`${sandbox.crmUrl}/sandbox/state?limit=1`);
      return orderCount >= QUEUE;
    });
    const travelMs = await measureJourneys(stage, orders[0] ?? '');
    const hintsPerSecond = await measureHints(stage);
    const pushesPerMinute = await measureQueue(stage, orders);
    const { violations } = await json<{ violations: number }>(`${sandbox.zzapUrl}/sandbox/calls?limit=1`);
    return { travelMs, hintsPerSecond, pushesPerMinute, violations };
  } finally {
    await product.close();
    await storage.close();
    await sandbox.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureJourneys(stage: Stage, code: string): Promise<number[]> {
  const times: number[] = [];
  for (let journey = 0; journey < JOURNEYS; journey += 1) {
    const [crmStatus, zzapStatus] = journey % 2 === 0 ? ['client-confirmed', 20] : ['delivering', 50];
    await sleep(ZZAP_INTERVAL_MS + 500);
    const startedAtMs = performance.now();
    await setInCrm(stage, code, crmStatus);
    await until(async () => (await statusAtZzap(stage, code)) === zzapStatus);
    times.push(performance.now() - startedAtMs);
  }
  return times.sort((a, b) => a - b);
}

async function measureHints(stage: Stage): Promise<number> {
  const { hooks } = await json<{ hooks: { retailcrm: string } }>(stage.api);
  const startedAtMs = performance.now();
  let sent = 0;
  const knock = async () => {
    while (sent < HINTS) {
      sent += 1;
      const { status } = await fetch(hooks.retailcrm, { method: 'POST' });
      if (status !== 202) throw new Error(`a hint was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: HINTS_AT_ONCE }, knock));
  return HINTS / ((performance.now() - startedAtMs) / 1000);
}

async function measureQueue(stage: Stage, orders: readonly string[]): Promise<number> {
  const startedAtMs = performance.now();
  for (const code of orders) await setInCrm(stage, code, 'complete');
  await until(async () => {
    const statuses = await Promise.all(orders.map((code) => statusAtZzap(stage, code)));
    return statuses.every((status) => status === 60);
  });
  return orders.length / ((performance.now() - startedAtMs) / 60_000);
}

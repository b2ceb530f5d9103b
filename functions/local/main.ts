import { join, resolve } from 'node:path';
import { createJsonLog } from '../wiring/json-log';
import { tell } from './announce';
import {
  LOOPBACK_HOSTS,
  readLocalEnvironment,
  ZZAP_DEFAULT_BASE_URL,
  type LocalEnvironment,
} from './environment';
import { openStorage, startProduct } from './product';
import { startSandbox } from './sandbox-thread';
import type { SandboxOptions } from './sandbox/worker';
import { letSandboxesKnock, seedDemo } from './seed-demo';

/** A new order in the sandbox this often. */
const DEMO_ORDER_EVERY_MS = 20_000;

type Closing = () => Promise<void>;

/** The two remote systems, each on a port of its own beside the product's. */
function sandboxOptions(
  { PORT: port, ZZAP_MIN_INTERVAL_MS }: LocalEnvironment,
  dataDir: string,
): SandboxOptions {
  return {
    zzap: {
      port: port === 0 ? 0 : port + 1,
      dataFile: join(dataDir, 'sandbox-zzap.jsonl'),
      minIntervalMs: ZZAP_MIN_INTERVAL_MS,
      demoOrderEveryMs: DEMO_ORDER_EVERY_MS,
    },
    crm: {
      port: port === 0 ? 0 : port + 2,
      dataFile: join(dataDir, 'sandbox-retailcrm.jsonl'),
    },
  };
}

async function start(closings: Closing[]): Promise<void> {
  const environment = readLocalEnvironment(process.env);
  const dataDir = resolve(environment.DATA_DIR);
  const storage = await openStorage(dataDir);
  closings.unshift(() => storage.close());
  const sandbox =
    environment.SANDBOX === 'on' ? await startSandbox(sandboxOptions(environment, dataDir)) : null;
  if (sandbox) closings.unshift(() => sandbox.close());
  const zzapBaseUrl = environment.ZZAP_BASE_URL ?? sandbox?.zzapUrl ?? ZZAP_DEFAULT_BASE_URL;
  const product = await startProduct({
    storage,
    port: environment.PORT,
    dataDir,
    zzapBaseUrl,
    zzapMinIntervalMs: environment.ZZAP_MIN_INTERVAL_MS,
    crmAllowedHosts: [...LOOPBACK_HOSTS, ...environment.CRM_ALLOWED_HOSTS],
    crmRequestsPerSecond: environment.CRM_REQUESTS_PER_SECOND,
    publicUrl: environment.PUBLIC_URL ?? null,
    moduleSecret: environment.RETAILCRM_MODULE_SECRET ?? null,
    log: createJsonLog(environment.LOG_LEVEL),
  });
  closings.unshift(() => product.close());
  tell.started({ productUrl: product.url, zzapBaseUrl, dataDir, sandbox });
  if (!sandbox || zzapBaseUrl !== sandbox.zzapUrl) return;
  const connectionId = await seedDemo(product.url, sandbox.crmUrl);
  await letSandboxesKnock(product.url, sandbox);
  tell.seeded(product.url, connectionId);
}

async function main(): Promise<void> {
  // The SDK announces the end of Node 20 at every start; `engines` says what is supported.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const closings: Closing[] = [];
  const stop = async (code: number) => {
    for (const close of closings.splice(0)) await close().catch(() => undefined);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      tell.stopping();
      void stop(0);
    });
  }
  try {
    await start(closings);
  } catch (error) {
    tell.failed(error);
    await stop(1);
  }
}

void main();

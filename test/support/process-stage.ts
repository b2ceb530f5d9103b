import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from './product-harness';
import { startProductProcess, type ProductProcess } from './product-process';
import { startRemotesApart, type Remotes } from './sandbox-hands';

/** The product as a process of its own beside both sandboxes, to be killed and started again on what it stored. */
export interface ProcessStage extends Omit<Remotes, 'close'> {
  readonly api: Api;
  /** Another one after each start. */
  url(): string;
  start(): Promise<void>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** @param options.runMsMax longest run; absent: as `npm start` has it, longer than any test */
export async function setProcessStage(options: {
  readonly zzapMinIntervalMs: number;
  readonly runMsMax?: number;
}): Promise<ProcessStage> {
  const { zzapMinIntervalMs, runMsMax } = options;
  const remotes = await startRemotesApart({ zzapMinIntervalMs, replicaLagMs: 0 });
  const dataDir = mkdtempSync(join(tmpdir(), 'zzap-retailcrm-'));
  const environment = {
    DATA_DIR: dataDir,
    ZZAP_BASE_URL: remotes.zzap.url,
    ZZAP_MIN_INTERVAL_MS: String(zzapMinIntervalMs),
  };
  let product: ProductProcess;
  let url = '';

  async function start(): Promise<void> {
    product =
      runMsMax === undefined
        ? startProductProcess(environment)
        : startProductProcess({ ...environment, RUN_MS_MAX: String(runMsMax) }, 'test/support/short-runs.ts');
    url = await product.url();
  }

  async function kill(): Promise<void> {
    product.signal('SIGKILL');
    const exitCode = await product.exit();
    if (exitCode !== null) throw new Error(`the product had ended by itself with ${exitCode}`);
  }

  await start();
  return {
    zzap: remotes.zzap,
    crm: remotes.crm,
    api: new Api(() => url),
    url: () => url,
    start,
    kill,
    async close() {
      product.signal('SIGKILL');
      await product.exit();
      await remotes.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

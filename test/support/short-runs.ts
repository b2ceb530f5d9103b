import { createJsonLog } from '../../functions/wiring/json-log';
import { openStorage, startProduct } from '../../functions/local/product';

/**
 * The product as a process whose runs are short, so that a queue needs several. `npm start` has no such setting:
 * a run there may take a quarter of an hour.
 */
async function start(): Promise<void> {
  const { DATA_DIR = '', ZZAP_BASE_URL = '', ZZAP_MIN_INTERVAL_MS, RUN_MS_MAX } = process.env;
  const product = await startProduct({
    storage: await openStorage(DATA_DIR),
    port: 0,
    dataDir: DATA_DIR,
    zzapBaseUrl: ZZAP_BASE_URL,
    zzapMinIntervalMs: Number(ZZAP_MIN_INTERVAL_MS),
    crmAllowedHosts: ['127.0.0.1'],
    crmRequestsPerSecond: 500,
    publicUrl: null,
    log: createJsonLog('warn'),
    runMsMax: Number(RUN_MS_MAX),
  });
  process.stdout.write(`API  ${product.url}/openapi.json\n`);
}

void start();

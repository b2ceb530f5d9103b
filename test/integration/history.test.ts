import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, until, type Connection } from '../support/product-harness';
import { startProductProcess, type ProductProcess } from '../support/product-process';
import { startRemotesApart, type CrmCall, type Remotes } from '../support/sandbox-hands';

const ORDERS = 100;
const CHANGES_EACH = 10;
const PAGE = 100;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
];

let remotes: Remotes;
let dataDir: string;
let product: ProductProcess;
let url: string;
let connection: Connection;
const api = new Api(() => url);

beforeEach(async () => {
  remotes = await startRemotesApart({ zzapMinIntervalMs: 30, replicaLagMs: 0 });
  dataDir = mkdtempSync(join(tmpdir(), 'zzap-retailcrm-'));
  await start();
});

afterEach(async () => {
  product.signal('SIGKILL');
  await product.exit();
  await remotes.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  product = startProductProcess({
    DATA_DIR: dataDir,
    ZZAP_BASE_URL: remotes.zzap.url,
    ZZAP_MIN_INTERVAL_MS: '30',
  });
  url = await product.url();
}

const knock = () => fetch(connection.hooks.retailcrm, { method: 'POST' });
const sets = () => remotes.zzap.calls('SetOrderStatusV3');

/** Pages of the history as they were answered, each by its first record. An answer nobody waited for counts. */
async function pages(): Promise<number[]> {
  const calls = await remotes.crm.calls('/v5/orders/history');
  return calls.map(firstRecord).filter((id) => id !== null);
}

function firstRecord({ answer }: CrmCall): number | null {
  const [, id] = /"history":\[\{"id":(\d+)/.exec(answer) ?? [];
  return id === undefined ? null : Number(id);
}

const stepsOf = (ids: readonly number[]) => ids.slice(1).map((id, index) => id - (ids[index] ?? 0));

describe('a history of 1,000 records in pages of 100', () => {
  it('read by a process that is killed in the middle brings every wish, none twice, and does not begin anew', async () => {
    const codes = await remotes.zzap.addOrders({ count: ORDERS, spreadMinutes: 1 });
    const { accountId } = await api.addAccount(remotes.crm);
    connection = await api.addConnection(accountId);
    const { connectionId: id } = connection;
    await api.saveMapping(id, PAIRS);
    await until('all orders', async () => ((await remotes.crm.orderCount()) === ORDERS ? true : undefined));
    await api.change(id, { statusDirection: 'crmToZzap' });
    await api.sync(id);
    const before = await remotes.crm.lastHistoryId();
    // One order after another: a page that is lost takes its orders' wishes with it.
    for (const code of codes) {
      for (let change = 1; change <= CHANGES_EACH; change += 1) {
        const status = change === CHANGES_EACH ? 'delivering' : change % 2 === 0 ? 'new' : 'assembling';
        await remotes.crm.patch(`/orders/zzap-${code}?by=externalId`, { status });
      }
    }
    expect((await remotes.crm.lastHistoryId()) - before).toBe(ORDERS * CHANGES_EACH);
    const read = (await pages()).length;
    await remotes.crm.fault({ path: '/api/v5/orders/history', kind: 'slow', delayMs: 250, times: 100 });

    await knock();
    await until('the fourth page', async () => ((await pages()).length >= read + 4 ? true : undefined));
    product.signal('SIGKILL');
    await product.exit();
    const killedAt = await pages();
    expect(await sets()).toEqual([]);
    await remotes.crm.heal();
    await start();
    await until('all statuses', async () => ((await sets()).length >= ORDERS ? true : undefined), 30_000);
    await api.sync(id);

    const walked = (await pages()).slice(read);
    const walkedBefore = killedAt.slice(read);
    expect(walkedBefore.length).toBeLessThan((ORDERS * CHANGES_EACH) / PAGE);
    // Only the page in hand is read again, and the request that the kill cut off may be answered to nobody.
    expect(walked[walkedBefore.length]).toBeGreaterThanOrEqual(walkedBefore.at(-1)!);
    expect(walked.length - new Set(walked).size).toBeLessThanOrEqual(2);
    expect(stepsOf(walked).filter((step) => step < 0 || step > PAGE)).toEqual([]);
    expect((await sets()).map(({ params }) => [params['code_order'], params['code_track']]).sort()).toEqual(
      codes.map((code) => [code, '50']).sort(),
    );
    expect((await api.orders(id)).filter(({ push, zzapStatus }) => push || zzapStatus !== 50)).toEqual([]);
    expect(await remotes.zzap.violations()).toBe(0);
  }, 60_000);
});

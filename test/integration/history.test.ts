import { setProcessStage, type ProcessStage } from '../support/process-stage';
import { until, type Connection } from '../support/product-harness';
import type { CrmCall } from '../support/sandbox-hands';

const ORDERS = 100;
const CHANGES_EACH = 10;
const PAGE = 100;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
];

let stage: ProcessStage;
let connection: Connection;

beforeEach(async () => {
  stage = await setProcessStage({ zzapMinIntervalMs: 30 });
});
afterEach(() => stage.close());

const knock = () => fetch(connection.hooks.retailcrm, { method: 'POST' });
const sets = () => stage.zzap.calls('SetOrderStatusV3');

/** Pages of the history as they were answered, each by its first record. An answer nobody waited for counts. */
async function pages(): Promise<number[]> {
  const calls = await stage.crm.calls('/v5/orders/history');
  return calls.map(firstRecord).filter((id) => id !== null);
}

function firstRecord({ answer }: CrmCall): number | null {
  const [, id] = /"history":\[\{"id":(\d+)/.exec(answer) ?? [];
  return id === undefined ? null : Number(id);
}

const stepsOf = (ids: readonly number[]) => ids.slice(1).map((id, index) => id - (ids[index] ?? 0));

describe('a history of 1,000 records in pages of 100', () => {
  it('read by a process that is killed in the middle brings every wish, none twice, and does not begin anew', async () => {
    const codes = await stage.zzap.addOrders({ count: ORDERS, spreadMinutes: 1 });
    const { accountId } = await stage.api.addAccount(stage.crm);
    connection = await stage.api.addConnection(accountId);
    const { connectionId: id } = connection;
    await stage.api.saveMapping(id, PAIRS);
    await until('all orders', async () => ((await stage.crm.orderCount()) === ORDERS ? true : undefined));
    await stage.api.change(id, { statusDirection: 'crmToZzap' });
    await stage.api.sync(id);
    const before = await stage.crm.lastHistoryId();
    // One order after another: a page that is lost takes its orders' wishes with it.
    for (const code of codes) {
      for (let change = 1; change <= CHANGES_EACH; change += 1) {
        const status = change === CHANGES_EACH ? 'delivering' : change % 2 === 0 ? 'new' : 'assembling';
        await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { status });
      }
    }
    expect((await stage.crm.lastHistoryId()) - before).toBe(ORDERS * CHANGES_EACH);
    const read = (await pages()).length;
    await stage.crm.fault({ path: '/api/v5/orders/history', kind: 'slow', delayMs: 250, times: 100 });

    await knock();
    await until('the fourth page', async () => ((await pages()).length >= read + 4 ? true : undefined));
    await stage.kill();
    const killedAt = await pages();
    expect(await sets()).toEqual([]);
    await stage.crm.heal();
    await stage.start();
    await until('all statuses', async () => ((await sets()).length >= ORDERS ? true : undefined), 30_000);
    await stage.api.sync(id);

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
    expect((await stage.api.orders(id)).filter(({ push, zzapStatus }) => push || zzapStatus !== 50)).toEqual(
      [],
    );
    expect(await stage.zzap.violations()).toBe(0);
  }, 60_000);
});

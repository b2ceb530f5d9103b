import { setTimeout as wait } from 'node:timers/promises';
import { setStage, type Connection, type Stage } from '../support/product-harness';
import { laneEntries, untilEmpty } from '../support/ticking-stage';

const HINTS = 1_000;
const STORM_MS = 9_500;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
];

let stage: Stage;
let connection: Connection;

afterEach(async () => {
  await stage.close();
});

const knock = async (url: string) => (await fetch(url, { method: 'POST' })).status;
const secondOf = (ms: number) => Math.floor(ms / 1_000);

/** Spread evenly over the time of the storm, RetailCRM and ZZap in turn. */
async function storm(): Promise<number[]> {
  const { retailcrm, zzap } = connection.hooks;
  return Promise.all(
    Array.from({ length: HINTS }, async (_, index) => {
      await wait((index * STORM_MS) / HINTS);
      return knock(index % 2 === 0 ? retailcrm : zzap);
    }),
  );
}

describe('1,000 hints in ten seconds', () => {
  it('cost one message a second and system, at most 11 each, and as many ZZap calls as messages of ZZap, due ticks and statuses', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    connection = await stage.api.addConnection(accountId);
    const { connectionId: id } = connection;
    await stage.api.saveMapping(id, PAIRS);
    const codes = await stage.zzap.addOrders({ count: 5 });
    await stage.api.change(id, { statusDirection: 'crmToZzap' });
    await stage.api.sync(id);
    for (const code of codes) {
      await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { status: 'assembling' });
    }
    const entries = laneEntries(stage.storage());
    const before = (await stage.zzap.calls()).length;
    const historyBefore = (await stage.crm.calls('/v5/orders/history')).length;
    const startedAtMs = Date.now();

    const answers = await storm();

    const seconds = secondOf(Date.now()) - secondOf(startedAtMs) + 1;
    await untilEmpty(stage.storage());
    expect(answers).toEqual(answers.map(() => 202));
    const messages = (trigger: string) => entries.filter((entry) => entry.trigger === trigger).length;
    const [fromCrm, fromZzap] = [messages('crm-hint'), messages('zzap-hint')];
    expect(seconds).toBeLessThanOrEqual(11);
    expect(Math.max(fromCrm, fromZzap)).toBeLessThanOrEqual(seconds);
    expect(Math.min(fromCrm, fromZzap)).toBeGreaterThan(0);
    // The interval is a day: no tick is due.
    expect(messages('tick')).toBe(0);
    const calls = (await stage.zzap.calls()).slice(before);
    const sets = calls.filter(({ method }) => method === 'SetOrderStatusV3');
    expect(sets).toHaveLength(codes.length);
    expect(calls.length - sets.length).toBeLessThanOrEqual(fromZzap);
    const histories = (await stage.crm.calls('/v5/orders/history')).length - historyBefore;
    expect(histories).toBeLessThanOrEqual(fromCrm + fromZzap);
    expect(await stage.zzap.violations()).toBe(0);
  }, 60_000);
});

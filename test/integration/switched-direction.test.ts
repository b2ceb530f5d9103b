import { until, type Connection, type Order } from '../support/product-harness';
import { setTickingStage, type TickingStage } from '../support/ticking-stage';

const COUNT = 140;
const PACE_MS = 30;
const MINUTE_MS = 60_000;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
];

let stage: TickingStage;
let connection: Connection;
let id: string;
let codes: string[];

beforeEach(async () => {
  stage = await setTickingStage({ zzapMinIntervalMs: PACE_MS, runMsMax: 1_000 });
  await stage.zzap.set({ replicaLagMs: 0 });
  const { accountId } = await stage.api.addAccount(stage.crm);
  connection = await stage.api.addConnection(accountId, { intervalMinutes: 1 });
  id = connection.connectionId;
  await stage.api.saveMapping(id, PAIRS);
  codes = await stage.zzap.addOrders({ count: COUNT, spreadMinutes: 1 });
  await stage.api.change(id, { statusDirection: 'crmToZzap', includeApiChanges: true });
  await stage.api.sync(id);
  await stage.empty();
});

afterEach(async () => {
  await stage.close();
});

const sets = () => stage.zzap.calls('SetOrderStatusV3');
const pending = () => stage.api.orders(id, { state: 'pending' });
const knock = () => fetch(connection.hooks.retailcrm, { method: 'POST' });

async function setInCrm(chosen: readonly string[], change: object): Promise<void> {
  for (const code of chosen) await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, change);
}

/** The queue is being sent and most of it still waits. */
async function pushing(change: object, chosen = codes): Promise<void> {
  await setInCrm(chosen, change);
  await knock();
  await until('some pushes', async () => ((await sets()).length >= 5 ? true : undefined));
}

/** The schedule's next slot, and whatever that leads to. */
async function tick(): Promise<void> {
  stage.skip(MINUTE_MS);
  await stage.tick();
  await stage.empty();
}

/** Both systems' own counters of changes, whoever made them. */
async function changes() {
  const events = (await stage.zzap.orders()).map((order) => order.events.length);
  return { crm: await stage.crm.lastHistoryId(), zzap: events.reduce((sum, count) => sum + count, 0) };
}

const told = ({ trace }: Order, event: string) => trace.some((entry) => entry.event === event);

describe.each(['none', 'zzapToCrm'])(
  '120 statuses on their way when the direction becomes %s',
  (direction) => {
    it('are dropped where they wait, every order says so, and nothing is sent afterwards', async () => {
      await pushing({ status: 'assembling' });

      await stage.api.change(id, { statusDirection: direction });
      const atSwitch = (await sets()).length;
      await stage.empty();
      const sent = (await sets()).map(({ params }) => params['code_order'] ?? '');
      const settled = await changes();
      for (let round = 0; round < 3; round += 1) await tick();

      // One request may have been on its way.
      expect(sent.length).toBeLessThanOrEqual(atSwitch + 1);
      expect(new Set(sent).size).toBe(sent.length);
      const orders = await stage.api.orders(id);
      const dropped = orders.filter((order) => told(order, 'push-dropped'));
      expect(dropped.length).toBeGreaterThanOrEqual(100);
      expect(dropped.map(({ zzapOrderCode }) => zzapOrderCode).sort()).toEqual(
        codes.filter((code) => !sent.includes(code)).sort(),
      );
      expect(orders.filter(({ push, attention }) => push !== null || attention !== null)).toEqual([]);
      expect(await pending()).toEqual([]);
      expect(await sets()).toHaveLength(sent.length);
      expect(await changes()).toEqual(settled);
      expect(await stage.zzap.violations()).toBe(0);
    }, 60_000);
  },
);

describe('the direction switched to and fro with ticks in between', () => {
  it('turns nothing back in either system, and a status set afterwards travels', async () => {
    await pushing({ status: 'assembling' });
    await stage.api.change(id, { statusDirection: 'zzapToCrm' });
    await stage.empty();
    const settled = await changes();

    for (const direction of ['crmToZzap', 'zzapToCrm', 'none', 'crmToZzap', 'zzapToCrm', 'crmToZzap']) {
      await tick();
      await stage.api.change(id, { statusDirection: direction });
      await tick();
      await tick();
    }

    expect(await changes()).toEqual(settled);
    expect(await pending()).toEqual([]);
    const before = (await sets()).length;
    await setInCrm(codes.slice(-3), { status: 'delivering' });
    await tick();
    const after = (await sets()).slice(before);
    expect(after.map(({ params }) => [params['code_order'], params['code_track']]).sort()).toEqual(
      codes.slice(-3).map((code) => [code, '50']),
    );
    expect(await changes()).toEqual({ crm: settled.crm + 3, zzap: settled.zzap + 3 });
  }, 60_000);
});

describe('flag 3 switched off while statuses that other services set are on their way', () => {
  const foreign = (status: string) => ({ as: 'api', key: 'warehouse', status });

  it('lets those travel that wait already, and none that is set afterwards', async () => {
    const waiting = codes.slice(0, 40);
    await pushing(foreign('assembling'), waiting);

    await stage.api.change(id, { includeApiChanges: false });
    await setInCrm(codes.slice(40, 50), foreign('delivering'));
    await stage.empty();
    for (let round = 0; round < 2; round += 1) await tick();

    const sent = (await sets()).map(({ params }) => [params['code_order'], params['code_track']]);
    expect(sent.sort()).toEqual(waiting.map((code) => [code, '20']));
    expect(await pending()).toEqual([]);
    expect(await stage.zzap.violations()).toBe(0);
  }, 60_000);
});

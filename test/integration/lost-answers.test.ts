import type { Connection } from '../support/product-harness';
import { setTickingStage, type TickingStage } from '../support/ticking-stage';

const MINUTE_MS = 60_000;
/** Less than the module grants ZZap’s replicas. */
const LAG_MS = 10_000;
/** After this long a pull shows what became of the request. */
const LOOKED_AFTER_MS = 15_000;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
];

let stage: TickingStage;
let connection: Connection;
let id: string;
let code: string;

beforeEach(async () => {
  stage = await setTickingStage({ zzapMinIntervalMs: 30 });
  await stage.zzap.set({ replicaLagMs: LAG_MS });
  const { accountId } = await stage.api.addAccount(stage.crm);
  connection = await stage.api.addConnection(accountId, { intervalMinutes: 1 });
  id = connection.connectionId;
  await stage.api.saveMapping(id, PAIRS);
  code = await stage.zzap.addOrder();
  await stage.api.change(id, { statusDirection: 'crmToZzap', includeApiChanges: true });
  await stage.api.sync(id);
});

afterEach(async () => {
  await stage.close();
});

const sets = () => stage.zzap.calls('SetOrderStatusV3');
const traced = async () => (await stage.api.order(id, code)).trace.map(({ event }) => event);

async function tick(): Promise<void> {
  stage.skip(MINUTE_MS);
  await stage.tick();
  await stage.empty();
}

describe.each(['drop-after', 'truncated-body', 'malformed-json'])(
  'an answer lost after SetOrderStatusV3 (%s) while the replicas lag',
  (kind) => {
    it('leaves one change at ZZap and no echo, whatever is asked meanwhile', async () => {
      const historyBefore = await stage.crm.lastHistoryId();
      await stage.zzap.fault({ method: 'SetOrderStatusV3', kind });
      await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { status: 'assembling' });

      await fetch(connection.hooks.retailcrm, { method: 'POST' });
      // Behind the hint and before anything that the lost answer leads to: a pull that comes too early.
      const early = await stage.api.requestSync(id);
      await stage.api.settled(id, early);
      const { status, shownStatus } = await stage.zzap.order(code);
      expect([status, shownStatus]).toEqual([20, 10]);
      const [lost] = await sets();
      const pull = (await stage.zzap.calls('GetSellerOrdersV3')).at(-1);
      expect(pull?.startedAtMs).toBeGreaterThan(lost?.startedAtMs ?? Infinity);
      expect(await traced()).toContain('push-unanswered');
      expect((await stage.api.order(id, code)).push).toMatchObject({ state: 'sent' });

      stage.skip(LOOKED_AFTER_MS);
      await stage.tick();
      await stage.empty();
      for (let round = 0; round < 3; round += 1) await tick();

      expect(await sets()).toHaveLength(1);
      expect((await traced()).filter((event) => event === 'push-confirmed')).toHaveLength(1);
      const { events } = await stage.zzap.order(code);
      expect(events.map((event) => [event.by, event.status])).toEqual([
        ['buyer', 10],
        ['seller', 20],
      ]);
      expect(await stage.crm.lastHistoryId()).toBe(historyBefore + 1);
      expect((await stage.crm.order(code)).status).toBe('assembling');
      expect(await stage.api.order(id, code)).toMatchObject({ zzapStatus: 20, push: null, attention: null });
      expect(await stage.zzap.violations()).toBe(0);
    }, 60_000);
  },
);

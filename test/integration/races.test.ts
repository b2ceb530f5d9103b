import type { Connection } from '../support/product-harness';
import { setTickingStage, type TickingStage } from '../support/ticking-stage';

const REPETITIONS = 50;
const PACE_MS = 30;
const MINUTE_MS = 60_000;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
];

let stage: TickingStage;
let connection: Connection;
let id: string;

beforeEach(async () => {
  stage = await setTickingStage({ zzapMinIntervalMs: PACE_MS });
  await stage.zzap.set({ replicaLagMs: 0 });
  const { accountId } = await stage.api.addAccount(stage.crm);
  connection = await stage.api.addConnection(accountId, { intervalMinutes: 1 });
  id = connection.connectionId;
  await stage.api.saveMapping(id, PAIRS);
  await stage.api.change(id, { statusDirection: 'crmToZzap' });
  await stage.empty();
});

afterEach(async () => {
  await stage.close();
});

/** On to the next slot of the schedule and to the end of a second: hints of a second wait for its end. */
function skipToNextSlot(): void {
  const endOfSecondMs = 950;
  stage.skip(MINUTE_MS + ((endOfSecondMs - (stage.nowMs() % 1_000) + 1_000) % 1_000));
}

const hint = async (url: string) => (await fetch(url, { method: 'POST' })).status;

describe('a tick, a webhook of each system and two manual syncs at the same moment', () => {
  it(`${REPETITIONS} times: one ZZap call at a time, at its pace, each order and each status once`, async () => {
    const codes: string[] = [await stage.zzap.addOrder()];
    const watched: string[] = [];
    await stage.api.sync(id);
    for (let round = 0; round < REPETITIONS; round += 1) {
      codes.push(await stage.zzap.addOrder());
      await stage.crm.patch(`/orders/zzap-${codes[round]}?by=externalId`, { status: 'assembling' });
      skipToNextSlot();

      const [first, second, ...hints] = await Promise.all([
        stage.api.requestSync(id),
        stage.api.requestSync(id),
        hint(connection.hooks.retailcrm),
        hint(connection.hooks.zzap),
        stage.tick(),
      ]);

      watched.push(first, second);
      expect(hints.slice(0, 2)).toEqual([202, 202]);
      await stage.empty();
    }

    const ticks = stage.lane.filter(({ trigger }) => trigger === 'tick');
    expect(ticks).toHaveLength(REPETITIONS);
    const states = await Promise.all(watched.map(async (runId) => (await stage.api.run(id, runId)).state));
    expect(states.filter((state) => state !== 'done' && state !== 'answered')).toEqual([]);
    const created = (await stage.crm.orders()).map(({ externalId }) => externalId);
    expect(created.sort()).toEqual(codes.map((code) => `zzap-${code}`).sort());
    const sets = await stage.zzap.calls('SetOrderStatusV3');
    expect(sets.map(({ params }) => params['code_order'])).toEqual(codes.slice(0, REPETITIONS));
    const calls = await stage.zzap.calls();
    for (const [index, call] of calls.slice(1).entries()) {
      expect(call.startedAtMs - (calls[index]?.endedAtMs ?? Infinity)).toBeGreaterThanOrEqual(PACE_MS);
    }
    expect(await stage.zzap.violations()).toBe(0);
  }, 90_000);
});

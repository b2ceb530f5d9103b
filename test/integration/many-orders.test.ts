import { setStage, until, type Run, type Stage } from '../support/product-harness';

/** More than the 10,000 rows that ZZap puts into one answer. */
const ORDERS = 10_050;
const TIME_LIMIT_MS = 120_000;

let stage: Stage;

beforeAll(async () => {
  // The pace is no subject here: a sandbox in the same thread notices late that a long answer has left.
  stage = await setStage({ crmRequestsPerSecond: 1_000, zzapMinIntervalMs: 0 });
});

afterAll(async () => {
  await stage.close();
});

/** Looks at the connection's newest run as it goes on, until it has ended. */
async function watched(connectionId: string): Promise<Run[]> {
  const seen: Run[] = [];
  const look = async () => {
    const [run] = await stage.api.runs(connectionId);
    if (run) seen.push(run);
    return run && run.state !== 'running' ? run : undefined;
  };
  await until('the end of the import', look, TIME_LIMIT_MS);
  return seen;
}

describe('more orders than one answer of ZZap holds', () => {
  it(
    'arrive all, each once, although ZZap breaks off in the middle, and the run can be watched',
    async () => {
      const { api, zzap, crm } = stage;
      const codes = await zzap.addOrders({ count: ORDERS, spreadMinutes: 20 * 60 });
      const { accountId } = await api.addAccount(crm);
      // The whole window is answered in full, so it is asked again in halves: the second half comes broken.
      const fault = { method: 'GetSellerOrdersV3', kind: 'malformed-json', afterCalls: 2, times: 2 };
      await zzap.fault(fault);

      const { connectionId: id } = await api.startConnection(accountId);
      const first = await watched(id);
      await stage.restart();
      const second = await until('the run after it', async () => {
        const [run] = await api.runs(id);
        return run?.state === 'done' ? run : undefined;
      });

      const failed = first.at(-1);
      expect(failed).toMatchObject({ state: 'failed', failure: { kind: 'unexpected-body' }, failed: {} });
      expect(second).toMatchObject({ adopted: 0, failed: {}, overfullFrom: null });
      expect((failed?.created ?? 0) + second.created).toBe(ORDERS);
      const stored = await crm.orders();
      expect(stored.map(({ externalId }) => externalId).sort()).toEqual(
        codes.map((code) => `zzap-${code}`).sort(),
      );

      const pulls = await zzap.calls('GetSellerOrdersV3');
      expect(pulls[0]?.rows).toBe(10_000);
      const [whole, firstHalf, secondHalf] = pulls.map(({ params }) => params);
      expect(firstHalf?.['date_from']).toBe(whole?.['date_from']);
      expect(secondHalf?.['date_to']).toBe(whole?.['date_to']);

      const running = first.filter(({ state }) => state === 'running');
      expect(running.map(({ stage: doing }) => doing)).toContain('creating-orders');
      const far = running.map(({ progress }) => progress?.done ?? 0);
      expect(new Set(far).size).toBeGreaterThan(2);
      expect(Math.max(...far)).toBeLessThanOrEqual(10_000);
      expect(running.some(({ progress }) => progress?.total === 10_000)).toBe(true);

      const again = await api.sync(id, 30_000);
      expect(again).toMatchObject({ state: 'done', created: 0, adopted: 0 });
      expect(await crm.orderCount()).toBe(ORDERS);
    },
    TIME_LIMIT_MS,
  );
});

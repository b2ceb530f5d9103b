import { setStage, type Stage } from '../support/product-harness';
import { startRemotes, type Remotes } from '../support/sandbox-hands';

const SHARED_KEY = 'one/key+of+two+cabinets==';
const SITES = ['auto', 'moto', 'third'];

let stage: Stage;
let elsewhere: Remotes;

afterEach(async () => {
  await stage.close();
  await elsewhere.close();
});

describe('connections that share a ZZap key, and people who try it in the form meanwhile', () => {
  it('never ask ZZap or RetailCRM faster than allowed', async () => {
    stage = await setStage({ zzapMinIntervalMs: 150, crmLimit: 10, crmRequestsPerSecond: 9 });
    elsewhere = await startRemotes({ crmLimit: 10 });
    const { api, zzap, crm } = stage;
    const here = await api.addAccount(crm);
    const there = await api.addAccount(elsewhere.crm, { name: 'Другой магазин' });
    await crm.put('/sites', { code: 'third', name: 'third' });
    const cabinets = await Promise.all(
      ['one', 'two', 'three'].map((name) => zzap.addCabinet(name, SHARED_KEY)),
    );
    for (const { login } of cabinets) await zzap.addOrders({ account: login, count: 60 });

    const started = await Promise.all(
      cabinets.map((cabinet, index) => {
        const account = index === 0 ? there : here;
        return api.startConnection(account.accountId, { ...cabinet, site: SITES[index] });
      }),
    );
    const form = cabinets.flatMap(({ login, password, zzapApiKey }) => [
      api.call('POST', '/api/connections/check', { login, password, zzapApiKey }),
      api.call('GET', `/api/accounts/${here.accountId}/directories`),
      api.call('GET', `/api/accounts/${there.accountId}/directories`),
    ]);
    const runs = await Promise.all(started.map(({ connectionId }) => api.sync(connectionId)));
    const answers = await Promise.all(form);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(runs.map(({ failure }) => failure)).toEqual([null, null, null]);
    expect(await crm.orderCount()).toBe(120);
    expect(await elsewhere.crm.orderCount()).toBe(60);
    expect(await zzap.violations()).toBe(0);
    expect(await crm.violations()).toBe(0);
    expect(await elsewhere.crm.violations()).toBe(0);
    const calls = await zzap.calls();
    expect(calls.length).toBeGreaterThan(8);
    expect(calls.filter(({ answer }) => answer !== 'ok')).toEqual([]);
  });
});

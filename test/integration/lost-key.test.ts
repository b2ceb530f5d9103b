import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET } from '../../functions/local/sandbox/zzap/start';
import { connectionOut } from '../../functions/http/schemas';
import { setStage, until, type Stage } from '../support/product-harness';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const now = async (id: string) =>
  connectionOut.parse(JSON.parse((await stage.api.call('GET', `/api/connections/${id}`)).text));

describe('an installation that lost its encryption key', () => {
  it('suspends its connection, tells why, and loses no order once the secrets are entered anew', async () => {
    const { accountId } = await stage.api.addAccount(stage.crm);
    const { connectionId: id } = await stage.api.addConnection(accountId);
    const [bad = '', ...good] = await stage.zzap.addOrders({ count: 3 });
    const rule = { externalIdMatches: `^zzap-${bad}$`, errors: { firstName: 'Нельзя' } };
    await stage.crm.set({ rejectOrders: [rule] });
    await stage.api.sync(id);
    await stage.restart((_, dataDir) => rm(join(dataDir, 'vault.key')));

    const failed = await stage.api.sync(id);
    const suspended = await now(id);
    await stage.crm.set({ rejectOrders: [] });
    await stage.api.call('PATCH', `/api/accounts/${accountId}`, { apiKey: DEMO_API_KEY });
    const { password, apiKey: zzapApiKey } = DEMO_CABINET;
    await stage.api.call('PATCH', `/api/connections/${id}`, { password, zzapApiKey });
    await stage.api.call('POST', `/api/connections/${id}/hooks/rotate`);
    const resumed = await stage.api.connection(id);
    await stage.api.replay(id, bad);
    await stage.api.sync(id);

    expect(failed).toMatchObject({
      state: 'failed',
      failure: { kind: 'auth' },
    });
    expect(failed.summary).toContain('The run stopped: the stored password or key cannot be read');
    expect(suspended).toMatchObject({ state: 'suspended', hooks: null, hookInstructions: null });
    expect(resumed).toMatchObject({ state: 'active', suspension: null });
    await until('all orders', async () => ((await stage.crm.orderCount()) === 3 ? true : undefined));
    const externalIds = (await stage.crm.orders()).map(({ externalId }) => externalId);
    expect(externalIds.sort()).toEqual([bad, ...good].map((code) => `zzap-${code}`).sort());
    expect(await stage.api.orders(id, { state: 'attention' })).toEqual([]);
  });
});

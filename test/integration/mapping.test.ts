import * as schemas from '../../functions/http/schemas';
import { setStage, type Language, type Stage } from '../support/product-harness';
import type * as z from 'zod';

type Mapping = z.output<typeof schemas.mappingOut>;
type Pair = Mapping['pairs'][number];

let stage: Stage;
let id: string;

beforeEach(async () => {
  stage = await setStage();
  const { accountId } = await stage.api.addAccount(stage.crm);
  ({ connectionId: id } = await stage.api.addConnection(accountId, { statusDirection: 'zzapToCrm' }));
});

afterEach(async () => {
  await stage.close();
});

async function read(query = '', language?: Language): Promise<Mapping> {
  const { status, text } = await stage.api.call('GET', `${path()}${query}`, undefined, language);
  expect(status).toBe(200);
  return schemas.mappingOut.parse(JSON.parse(text));
}

const path = () => `/api/connections/${id}/mapping`;
const refresh = () => read('?refresh=true');
const refusal = (version: number, pairs: readonly Pair[]) =>
  stage.api.refusal('PUT', path(), { version, pairs });
const found = ({ findings }: Mapping, ...kinds: readonly string[]) =>
  findings.filter(({ kind }) => kinds.includes(kind));

const PAIRS: Pair[] = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 30 },
];

describe('the mapping beside both systems', () => {
  it('shows both dictionaries, active and switched-off statuses with their groups', async () => {
    const { dictionaries, dictionaryState, pairs } = await read();

    expect(pairs).toEqual([]);
    expect(dictionaries.crm).toContainEqual({
      code: 'waiting-for-call',
      name: 'Ждёт звонка',
      group: 'approval',
      groupName: 'Согласование',
      active: false,
    });
    expect(dictionaries.zzap.map(({ code }) => code)).toEqual(expect.arrayContaining([10, 20, 30]));
    for (const state of Object.values(dictionaryState)) {
      expect(state).toMatchObject({ stale: false, problem: null });
      expect(Math.abs(Date.now() - Date.parse(state.readAt ?? ''))).toBeLessThan(60_000);
    }
  });

  it('asks neither system again until a person wants it', async () => {
    await read();
    const asked = async () => ({
      zzap: (await stage.zzap.calls('GetCodesTrack')).length,
      crm: (await stage.crm.calls('/v5/reference/statuses')).length,
    });
    const before = await asked();

    await read();
    await stage.api.saveMapping(id, PAIRS);
    expect(await asked()).toEqual(before);

    await refresh();
    expect(await asked()).toEqual({ zzap: before.zzap + 1, crm: before.crm + 1 });
  });

  it('survives a restart with what it remembers', async () => {
    const before = await read();

    await stage.restart();

    const after = await read();
    expect(after).toEqual(before);
  });

  it('says which mapped statuses vanished, were switched off or renamed', async () => {
    await stage.api.saveMapping(id, [...PAIRS, { crmStatus: 'no-call', zzapStatus: 20 }]);
    await stage.crm.remove('/statuses/assembling');
    await stage.crm.patch('/statuses/no-call', { active: false });
    await stage.crm.patch('/statuses/new', { name: 'Совсем новый' });
    expect(found(await read(), 'vanished', 'inactive')).toEqual([]);

    const view = await refresh();

    expect(found(view, 'vanished', 'inactive')).toMatchObject([
      { kind: 'vanished', side: 'crm', code: 'assembling' },
      { kind: 'inactive', side: 'crm', code: 'no-call', name: 'Недозвон' },
    ]);
    expect(view.dictionaries.crm.find(({ code }) => code === 'new')?.name).toBe('Совсем новый');
    expect(view.pairs).toHaveLength(3);
  });

  it('says which statuses of real orders are not mapped', async () => {
    await stage.api.saveMapping(id, PAIRS);
    await stage.zzap.addOrders({ count: 2, status: 20 });
    await stage.zzap.addOrder({ status: 10 });
    await stage.api.sync(id);

    const [finding, ...others] = found(await read('', 'ru'), 'unmapped-in-use');

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ side: 'zzap', code: 20, count: 2 });
    expect(finding?.text).toContain('есть у заказов (2)');
  });

  it('refuses what the systems do not have, in the words of the reader, and accepts what they just got', async () => {
    await read();
    await stage.crm.put('/statuses', { code: 'brand-new', name: 'Самый новый', group: 'approval' });

    const problem = await refusal(0, [
      { crmStatus: 'nowhere', zzapStatus: 10 },
      { crmStatus: 'waiting-for-call', zzapStatus: 30 },
      { crmStatus: 'new', zzapStatus: 12_345 },
    ]);

    expect(problem).toMatchObject({ status: 422, code: 'mapping-refused' });
    expect(problem.errors?.map((error) => `${error.path}: ${error.code}`)).toEqual([
      'pairs.0.crmStatus: status-unknown',
      'pairs.1.crmStatus: status-inactive',
      'pairs.2.zzapStatus: status-unknown',
    ]);
    await stage.api.saveMapping(id, [{ crmStatus: 'brand-new', zzapStatus: 10 }]);
    expect(await refusal(0, PAIRS)).toMatchObject({ status: 409, code: 'stale-version' });
  });
});

describe('the mapping while a system is down', () => {
  it('opens with the last known RetailCRM statuses, their age and the reason', async () => {
    const before = await read();
    await stage.crm.fault({ path: '/api/v5/reference', kind: 'html', times: 1_000, status: 503 });

    const startedAtMs = Date.now();
    const view = await refresh();

    expect(Date.now() - startedAtMs).toBeLessThan(10_000);
    expect(view.dictionaries).toEqual(before.dictionaries);
    expect(view.dictionaryState.crm).toMatchObject({
      readAt: before.dictionaryState.crm.readAt,
      stale: true,
    });
    expect(view.dictionaryState.crm.problem).toContain('RetailCRM');
    expect(view.dictionaryState.zzap).toMatchObject({ stale: false, problem: null });
    expect((await refusal(0, [{ crmStatus: 'nowhere', zzapStatus: 10 }])).errors).toMatchObject([
      { path: 'pairs.0.crmStatus', code: 'status-unknown' },
    ]);
    await stage.api.saveMapping(id, PAIRS);

    await stage.crm.heal();
    expect((await refresh()).dictionaryState.crm).toMatchObject({ stale: false, problem: null });
  });

  it('opens while ZZap does not answer at all', async () => {
    await stage.zzap.fault({ method: 'GetCodesTrack', kind: 'slow', delayMs: 20_000, times: 10 });

    const startedAtMs = Date.now();
    const view = await read('', 'ru');

    expect(Date.now() - startedAtMs).toBeLessThan(10_000);
    expect(view.dictionaries.zzap).toEqual([]);
    expect(view.dictionaryState.zzap).toMatchObject({ readAt: null, stale: true });
    expect(view.dictionaryState.zzap.problem).toMatch(/^ZZap занят/);
    expect(view.dictionaries.crm.length).toBeGreaterThan(10);
  });

  it('opens with credentials that ZZap refuses, and tells nothing secret', async () => {
    const before = await read();
    const { login } = await stage.api.connection(id);
    await stage.zzap.changeCabinet(login, { password: 'another-password' });

    const view = await refresh();

    expect(view.dictionaries).toEqual(before.dictionaries);
    expect(view.dictionaryState.zzap.problem).toMatch(/^ZZap does not accept the key or password/);
    expect(JSON.stringify(view)).not.toContain('password-');
  });
});

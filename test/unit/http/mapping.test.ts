import { DICTIONARY_FRESH_MS } from '../../../functions/settings/read-dictionaries';
import * as schemas from '../../../functions/http/schemas';
import { aLink } from '../../contract/stores/builders';
import { NIGHT_MS, remoteError } from '../../support/settings-world';
import { addAccount, addConnection, expectProblem, expectShape, openApi, type Answer, type Api } from './api';

let api: Api;
let path: string;
let connectionId: string;

beforeEach(async () => {
  api = openApi();
  connectionId = await addConnection(api, await addAccount(api));
  path = `/api/connections/${connectionId}/mapping`;
});

async function get(query = '', language = 'ru'): Promise<Answer> {
  const answer = await api.call('GET', `${path}${query}`, { headers: { 'accept-language': language } });
  expect(answer.status).toBe(200);
  expectShape(schemas.mappingOut, answer.json);
  return answer;
}

const put = (version: number, pairs: readonly object[], language = 'ru') =>
  api.call('PUT', path, { body: { version, pairs }, headers: { 'accept-language': language } });

const AS_OF_NOW = { readAt: new Date(NIGHT_MS).toISOString(), stale: false, problem: null };
const NO_MORE = { side: null, code: null, name: null, count: null, suggestion: null };

describe('a mapping over HTTP', () => {
  it('comes with both dictionaries, when they were read, and the findings', async () => {
    const { json } = await get();

    expect(json).toMatchObject({
      version: 0,
      pairs: [],
      dictionaries: { crm: api.world.crm.statuses, zzap: api.world.zzap.statuses },
      dictionaryState: { crm: AS_OF_NOW, zzap: AS_OF_NOW },
    });
    expect(json['findings']).toContainEqual({
      ...NO_MORE,
      kind: 'similar',
      suggestion: { crmStatus: 'new', zzapStatus: 10 },
      text: 'Названия похожи: «Новый» в RetailCRM и «Новый» в ZZap. Возможно, это одна пара.',
    });
  });

  it('shows the last known dictionary with its age and the reason, in the reader’s language', async () => {
    await get();
    api.world.clock.pass(DICTIONARY_FRESH_MS);
    api.world.zzap.judge = () => remoteError({ kind: 'auth', detail: '[102]' });
    api.world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm' }));

    const [ru, en] = [await get(), await get('', 'en')];

    expect(ru.json['dictionaries']).toEqual({
      crm: api.world.crm.statuses,
      zzap: api.world.zzap.statuses,
    });
    const { readAt } = AS_OF_NOW;
    expect(ru.json['dictionaryState']).toEqual({
      crm: { readAt, stale: true, problem: 'RetailCRM сейчас не отвечает (HTTP 502).' },
      zzap: { readAt, stale: true, problem: 'ZZap не принимает ключ или пароль подключения: [102]' },
    });
    expect(en.json['dictionaryState']).toMatchObject({
      crm: { problem: 'RetailCRM does not answer now (HTTP 502).' },
      zzap: { problem: 'ZZap does not accept the key or password of the connection: [102]' },
    });
  });

  it('has empty dictionaries when they were never read', async () => {
    api.world.zzap.judge = () => remoteError();

    const { json } = await get();

    expect(json).toMatchObject({
      dictionaries: { zzap: [] },
      dictionaryState: { zzap: { readAt: null, stale: true }, crm: AS_OF_NOW },
    });
  });

  it.each([
    ['', 1],
    ['?refresh=false', 1],
    ['?refresh=true', 2],
  ])('asks the remotes again with %j: %d', async (query, asked) => {
    await get();
    api.world.crm.calls.length = 0;
    await get(query);

    expect(api.world.crm.calls.length + 1).toBe(asked);
  });

  it('refuses another wish to refresh', async () => {
    expectProblem(await api.call('GET', `${path}?refresh=1`), 422, 'body-invalid');
  });

  it('tells each finding in both languages, each with every field', async () => {
    await put(0, [
      { crmStatus: 'new', zzapStatus: 10 },
      { crmStatus: 'work', zzapStatus: 30 },
    ]);
    await api.world.ports.links.save(aLink({ connectionId, zzapStatus: 20, crmStatus: 'cancel' }));
    const [fresh, , cancel] = api.world.crm.statuses;
    api.world.crm.statuses = [
      { ...fresh!, active: false },
      { ...cancel!, name: 'В работе!' },
    ];

    const never = await get('?refresh=true', 'en');
    await api.call('PATCH', `/api/connections/${connectionId}`, { body: { statusDirection: 'zzapToCrm' } });
    const [ru, en] = [await get(), await get('', 'en')];

    expect(ru.json['findings']).toEqual([
      {
        ...NO_MORE,
        kind: 'vanished',
        side: 'crm',
        code: 'work',
        text: 'Сопоставленного статуса «work» в RetailCRM больше нет. Удалите строку или выберите другой статус.',
      },
      {
        ...NO_MORE,
        kind: 'unmapped-in-use',
        side: 'zzap',
        code: 20,
        name: 'В работе',
        count: 1,
        text: 'Статус ZZap «В работе» есть у заказов (1), но ни с чем не сопоставлен и не передаётся.',
      },
      {
        ...NO_MORE,
        kind: 'inactive',
        side: 'crm',
        code: 'new',
        name: 'Новый',
        text: 'Сопоставленный статус «Новый» выключен в RetailCRM.',
      },
      {
        ...NO_MORE,
        kind: 'similar',
        suggestion: { crmStatus: 'cancel', zzapStatus: 20 },
        text: 'Названия похожи: «В работе!» в RetailCRM и «В работе» в ZZap. Возможно, это одна пара.',
      },
    ]);
    const textsOf = ({ json }: Answer) => (json['findings'] as { text: string }[]).map(({ text }) => text);
    expect(textsOf(en)).toEqual([
      'RetailCRM does not have the mapped status “work” any more. Remove the row or choose another status.',
      'Orders (1) have the ZZap status “В работе”, but it is not mapped and does not travel.',
      'The mapped status “Новый” is switched off in RetailCRM.',
      'The names are alike: “В работе!” in RetailCRM and “В работе” at ZZap. They may be a pair.',
    ]);
    expect(textsOf(never)).toContain(
      'Statuses are mapped, but no direction is chosen: the mapping is not used.',
    );
  });

  it('answers a save as it answers a reading', async () => {
    const saved = await put(0, [{ crmStatus: 'new', zzapStatus: 10 }]);

    expect(saved.status).toBe(200);
    expectShape(schemas.mappingOut, saved.json);
    expect((await get()).json).toEqual(saved.json);
  });

  it('names a status that is switched off, with its name', async () => {
    api.world.crm.statuses = api.world.crm.statuses.map((status) => ({ ...status, active: false }));

    const answer = await put(0, [{ crmStatus: 'new', zzapStatus: 10 }]);

    expectProblem(answer, 422, 'mapping-refused');
    expect(answer.json['errors']).toEqual([
      {
        path: 'pairs.0.crmStatus',
        code: 'status-inactive',
        detail: 'Статус «Новый» выключен в RetailCRM. Включите его или выберите другой.',
      },
    ]);
  });

  it('is answered 409 for a stale version', async () => {
    await put(0, [{ crmStatus: 'new', zzapStatus: 10 }]);

    expectProblem(await put(0, [{ crmStatus: 'gone', zzapStatus: 99 }]), 409, 'stale-version');
  });
});

import { queuedRun } from '../../../functions/domain/run-record';
import { TRACE_EVENTS } from '../../../functions/domain/trace';
import * as schemas from '../../../functions/http/schemas';
import { VERSION } from '../../../functions/version';
import { CRM_KEY, NIGHT_MS, PASSWORD, remoteError, typed, ZZAP_KEY } from '../../support/settings-world';
import { aLink, aSetAsideLink } from '../../contract/stores/builders';
import {
  accountBody,
  addAccount,
  addConnection,
  apiRoutes,
  expectProblem,
  expectShape,
  openApi,
  type Answer,
  type Api,
  type Json,
} from './api';

let api: Api;
let accountId: string;
let connectionId: string;

beforeEach(async () => {
  api = openApi();
  accountId = await addAccount(api);
  connectionId = await addConnection(api, accountId);
});

const RUN_ID = '0000000000f1';

/** Runs and orders of every kind that a sync leaves. */
async function withHistory(): Promise<void> {
  const { runs, links, cursors } = api.world.ports;
  const full = {
    ...queuedRun(connectionId, RUN_ID, 'tick', NIGHT_MS),
    state: 'running' as const,
    startedAtMs: NIGHT_MS,
    stage: 'creating-orders' as const,
    progress: { done: 50, total: 1_000 },
    waiting: { remote: 'zzap' as const, untilMs: NIGHT_MS + 3_000 },
    problems: [{ zzapOrderCode: null, reason: 'unreadable-row' as const, detail: 'price' }],
    overfullFromMs: NIGHT_MS,
  };
  await runs.put(full);
  await runs.put({
    ...full,
    runId: '0000000000f2',
    state: 'failed',
    finishedAtMs: NIGHT_MS + 5_000,
    failure: { kind: 'unavailable', detail: 'zzap: HTTP 502' },
    counts: { ...full.counts, skipped: { 'changed-at-zzap': 2 }, failed: { 'refused-by-crm': 1 } },
  });
  const cursor = await cursors.read(connectionId);
  const idle = { runId: '0000000000f3', firstAtMs: NIGHT_MS, lastAtMs: NIGHT_MS, runs: 2, rowsSeen: 3 };
  await cursors.advance({ ...cursor, lastSyncAtMs: NIGHT_MS, idle });
  const trace = TRACE_EVENTS.map((event) => ({
    atMs: NIGHT_MS,
    event,
    details: { why: 'none', parts: 'phone' },
  }));
  await links.save(aLink({ connectionId, trace: [...trace, { atMs: NIGHT_MS, event: 'claimed' }] }));
  await links.save(aSetAsideLink({ connectionId, zzapOrderCode: '100501' }, { retryAtMs: null }));
}

/** A good request for each route of the contract, in an order in which all of them succeed. */
function goodRequests(): readonly (readonly [string, string, Json?])[] {
  const connection = `/api/connections/${connectionId}`;
  const { name, ...credentials } = typed();
  const another = { ...credentials, login: 'other@example.com', name, importFrom: '2026-11-01' };
  return [
    ['GET', '/healthz'],
    ['GET', '/api/accounts?limit=1'],
    ['POST', '/api/accounts', { ...accountBody, crmUrl: 'https://second.retailcrm.ru' }],
    ['GET', `/api/accounts/${accountId}`],
    ['PATCH', `/api/accounts/${accountId}`, { name: 'Новое имя', apiKey: '', version: 1 }],
    ['GET', `/api/accounts/${accountId}/directories`],
    ['GET', `/api/accounts/${accountId}/connections`],
    ['POST', `/api/accounts/${accountId}/connections`, another],
    ['GET', connection],
    ['PATCH', connection, { intervalMinutes: 30, password: '', zzapApiKey: '', version: 1 }],
    ['POST', '/api/connections/check', credentials],
    ['GET', `${connection}/preview`],
    ['GET', `${connection}/mapping`],
    ['PUT', `${connection}/mapping`, { version: 0, pairs: [{ crmStatus: 'new', zzapStatus: 10 }] }],
    ['POST', `${connection}/hooks/rotate`],
    ['POST', `${connection}/sync`],
    ['GET', `${connection}/runs`],
    ['GET', `${connection}/runs/${RUN_ID}`],
    ['GET', `${connection}/orders`],
    ['POST', `${connection}/orders/100501/replay`],
    ['DELETE', connection],
    ['DELETE', '/api/accounts/a-0003'],
  ];
}

async function callAll(): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  for (const [method, path, body] of goodRequests()) {
    answers.set(`${method} ${path}`, await api.call(method, path, body === undefined ? {} : { body }));
  }
  return answers;
}

const pattern = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/?]+')}(\\?.*)?$`);

describe('every route', () => {
  it('answers a good request as its own schema says, with nothing besides', async () => {
    await withHistory();

    const answers = await callAll();

    for (const route of apiRoutes(api.world)) {
      const name = `${route.method.toUpperCase()} ${route.path}`;
      const matching = [...answers].filter(([call]) => {
        const [method, path = ''] = call.split(' ');
        return method === route.method.toUpperCase() && pattern(route.path).test(path);
      });
      // `/api/connections/check` fits `/api/connections/{connectionId}` too, but with another method.
      expect([name, matching.length]).toEqual([name, 1]);
      const [, answer] = matching[0]!;
      expect([name, answer.status]).toEqual([name, route.status]);
      if (route.answer) expectShape(route.answer, answer.json);
      else expect([name, answer.text]).toEqual([name, '']);
    }
  });

  it('is asked for by a good request of this test: none is left out', () => {
    expect(goodRequests()).toHaveLength(apiRoutes(api.world).length + 1);
  });

  it('answers JSON that nobody may keep', async () => {
    await withHistory();

    for (const [call, answer] of await callAll()) {
      if (answer.status === 204) continue;
      expect([call, answer.headers.get('content-type')]).toEqual([call, 'application/json; charset=utf-8']);
      expect([call, answer.headers.get('cache-control')]).toEqual([call, 'no-store']);
    }
  });

  it('never answers a secret, plain or sealed', async () => {
    await withHistory();
    const account = await api.world.ports.accounts.find(accountId);
    const connection = await api.world.ports.connections.find(connectionId);
    const refusing = openApi();
    refusing.world.zzap.judge = ({ password }) =>
      remoteError({ kind: 'auth', detail: `отказ ${password.length}` });

    await callAll();
    const refusingId = await addAccount(refusing);
    await addConnection(refusing, refusingId);

    const secrets = [
      CRM_KEY,
      PASSWORD,
      ZZAP_KEY,
      account!.sealedApiKey,
      connection!.sealedCredentials,
      connection!.hookSecret.sealed,
      connection!.hookSecret.digest,
      'sealed',
    ];
    const told = [...api.answers, ...refusing.answers, JSON.stringify(api.world.ports.log.lines())].join(
      '\n',
    );
    for (const secret of secrets) expect(told).not.toContain(secret);
    for (const secret of secrets) expect(told).not.toContain(Buffer.from(secret).toString('base64url'));
  });
});

describe('health', () => {
  it('tells the version', async () => {
    const { status, json } = await api.call('GET', '/healthz');

    expect([status, json]).toEqual([200, { status: 'ok', version: VERSION }]);
    expectShape(schemas.healthOut, json);
  });
});

describe('an account', () => {
  it('shows what its key may not do', async () => {
    api = openApi();
    api.world.crm.scopes = ['order_read', 'order_write', 'reference_read', 'store_read'];

    const { json } = await api.call('POST', '/api/accounts', { body: accountBody });

    expect(json).toEqual({
      accountId: 'a-0001',
      version: 1,
      name: 'Колесо',
      crmUrl: 'https://koleso.retailcrm.ru',
      timeZone: 'Europe/Moscow',
      scopes: ['order_read', 'order_write', 'reference_read', 'store_read'],
      missingScopes: ['reference_write', 'integration_write'],
      createdAt: '2026-11-22T22:30:00.000Z',
    });
  });
});

describe('a connection', () => {
  it('shows its settings, its state and when ZZap was last asked', async () => {
    const cursor = await api.world.ports.cursors.read(connectionId);
    await api.world.ports.cursors.advance({ ...cursor, lastSyncAtMs: NIGHT_MS });

    const { json } = await api.call('GET', `/api/connections/${connectionId}`);

    expect(json).toEqual({
      connectionId,
      accountId,
      version: 1,
      name: 'Заказ с ZZap',
      login: 'seller@example.com',
      site: 'moscow',
      intervalMinutes: 15,
      itemLink: 'none',
      statusDirection: 'none',
      includeApiChanges: false,
      importFrom: '2026-11-23T00:00:00.000+03:00',
      active: true,
      state: 'active',
      suspension: null,
      outage: null,
      orderMethod: { code: 'zzap-c0002', source: 'created' },
      lastSyncAt: '2026-11-22T22:30:00.000Z',
      lastSyncLabel: '23-11-2026 01:30',
      createdAt: '2026-11-22T22:30:00.000Z',
      hooks: {
        retailcrm: `https://module.example/hooks/retailcrm/${connectionId}/secret-2`,
        zzap: `https://module.example/hooks/zzap/${connectionId}/secret-2`,
      },
      hookInstructions: { retailcrm: expect.any(String) as string, zzap: expect.any(String) as string },
    });
  });

  it('has no last synchronisation before the first one', async () => {
    const { json } = await api.call('GET', `/api/connections/${connectionId}`);

    expect(json).toMatchObject({ lastSyncAt: null, lastSyncLabel: null });
  });

  it.each([
    ['2026-11-01', '2026-11-01T00:00:00.000+03:00'],
    ['2026-11-01T10:00:00Z', '2026-11-01T13:00:00.000+03:00'],
    ['2026-11-01T10:00+05:00', '2026-11-01T08:00:00.000+03:00'],
  ])('imports from %s', async (importFrom, shown) => {
    const changed = await api.call('PATCH', `/api/connections/${connectionId}`, { body: { importFrom } });

    expect(changed.json['importFrom']).toBe(shown);
  });

  it('takes back the day it shows as the day it is', async () => {
    const { json } = await api.call('GET', `/api/connections/${connectionId}`);

    const changed = await api.call('PATCH', `/api/connections/${connectionId}`, {
      body: { importFrom: json['importFrom'] },
    });

    expect(changed.json['importFrom']).toBe(json['importFrom']);
  });

  it('is listed with the others of its account, page by page', async () => {
    await addConnection(api, accountId, { site: 'kazan', login: 'b@example.com' });
    await addConnection(api, accountId, { site: null, login: 'c@example.com' });
    const path = `/api/accounts/${accountId}/connections?limit=2`;

    const first = await api.call('GET', path);
    const second = await api.call('GET', `${path}&cursor=${String(first.json['nextCursor'])}`);

    expect((first.json['items'] as Json[]).map(({ site }) => site)).toEqual(['moscow', 'kazan']);
    expect((second.json['items'] as Json[]).map(({ site }) => site)).toEqual([null]);
    expect(second.json).not.toHaveProperty('nextCursor');
  });
});

describe('accounts', () => {
  it('are listed page by page', async () => {
    const urls = ['https://b.retailcrm.ru', 'https://c.retailcrm.ru'];
    for (const crmUrl of urls) await api.call('POST', '/api/accounts', { body: { ...accountBody, crmUrl } });

    const first = await api.call('GET', '/api/accounts?limit=2');
    const second = await api.call('GET', `/api/accounts?limit=2&cursor=${String(first.json['nextCursor'])}`);

    const shown = [first, second].map(({ json }) => (json['items'] as Json[]).map(({ crmUrl }) => crmUrl));
    expect(shown).toEqual([['https://koleso.retailcrm.ru', urls[0]], [urls[1]]]);
    expect(second.json).not.toHaveProperty('nextCursor');
  });
});

describe('a use case that refuses', () => {
  it.each<readonly [string, () => void, Json, number, string, string[]]>([
    [
      'a password that ZZap rejects',
      () =>
        (api.world.zzap.judge = () => remoteError({ kind: 'auth', credential: 'password', detail: 'нет' })),
      {},
      422,
      'check-failed',
      ['ZZap rejected the password: нет'],
    ],
    [
      'ZZap that does not answer',
      () => (api.world.zzap.judge = () => remoteError()),
      {},
      502,
      'zzap-unavailable',
      [],
    ],
    [
      'a login that is taken',
      () => undefined,
      { login: 'seller@example.com' },
      409,
      'login-taken',
      [
        'The ZZap account “seller@example.com” is already connected in “Заказ с ZZap”: one ZZap account, one store.',
      ],
    ],
    [
      'a store that RetailCRM does not have',
      () => undefined,
      { site: 'omsk' },
      422,
      'check-failed',
      ['RetailCRM has no store “omsk”.'],
    ],
  ])('is answered in a sentence: %s', async (_, breakIt, changes, status, code, details) => {
    breakIt();

    const answer = await api.call('POST', `/api/accounts/${accountId}/connections`, {
      body: { ...typed(), login: 'other@example.com', ...changes },
      headers: { 'accept-language': 'en' },
    });

    expectProblem(answer, status, code);
    const errors = (answer.json['errors'] ?? []) as { detail: string }[];
    expect(errors.map(({ detail }) => detail)).toEqual(details);
  });

  it('names every duplicate of a mapping', async () => {
    const answer = await api.call('PUT', `/api/connections/${connectionId}/mapping`, {
      body: {
        version: 0,
        pairs: [
          { crmStatus: 'new', zzapStatus: 10 },
          { crmStatus: 'new', zzapStatus: 10 },
        ],
      },
    });

    expectProblem(answer, 422, 'mapping-refused');
    expect(answer.json['errors']).toEqual([
      { path: 'pairs.1.crmStatus', code: 'status-used-twice', detail: 'Статус «new» уже выбран в строке 1.' },
      { path: 'pairs.1.zzapStatus', code: 'status-used-twice', detail: 'Статус «10» уже выбран в строке 1.' },
    ]);
  });

  it('is answered 409 for a stale version', async () => {
    await api.call('PATCH', `/api/connections/${connectionId}`, { body: { name: 'a', version: 1 } });

    const answer = await api.call('PATCH', `/api/connections/${connectionId}`, {
      body: { name: 'b', version: 1 },
    });

    expectProblem(answer, 409, 'stale-version');
  });
});

describe('an error that nobody expected', () => {
  it('answers 500 without its text, and is logged with its cause', async () => {
    const cause = new TypeError(`cannot read ${PASSWORD} of undefined`);
    jest.spyOn(api.world.ports.connections, 'find').mockRejectedValueOnce(cause);

    const answer = await api.call('GET', `/api/connections/${connectionId}`);

    expectProblem(answer, 500, 'internal-error');
    expect(answer.text).not.toContain('cannot read');
    expect(answer.text).not.toContain('TypeError');
    expect(api.world.ports.log.lines().at(-1)).toMatchObject({
      level: 'error',
      event: 'http.broken',
      fields: { method: 'GET' },
      cause,
    });
  });
});

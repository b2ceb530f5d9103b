import { createSettingsApp } from '../../../functions/http/app';
import { BODY_BYTES_MAX } from '../../../functions/http/read-json';
import { typed } from '../../support/settings-world';
import {
  accountBody,
  addAccount,
  addConnection,
  expectProblem,
  markedFields,
  openApi,
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

const addRefused = async (body: unknown) => {
  const answer = await api.call('POST', `/api/accounts/${accountId}/connections`, { body });
  expectProblem(answer, 422, 'body-invalid');
  return markedFields(answer);
};
const good = { ...typed(), login: 'other@example.com' };

describe('fields of a request', () => {
  it('are all named when they are missing', async () => {
    expect(await addRefused({})).toEqual([
      'name: required',
      'login: required',
      'password: required',
      'zzapApiKey: required',
    ]);
  });

  it.each<readonly [Json, string[]]>([
    [{ name: '' }, ['name: required']],
    [{ name: '   ' }, ['name: required']],
    [{ name: 5 }, ['name: wrong-type']],
    [{ name: null }, ['name: wrong-type']],
    [{ name: ['x'] }, ['name: wrong-type']],
    [{ name: 'x'.repeat(256) }, ['name: too-long']],
    [{ name: 'two\nlines' }, ['name: not-allowed']],
    [{ name: 'a bell \u0007' }, ['name: not-allowed']],
    [{ name: 'a null \u0000' }, ['name: not-allowed']],
    [{ login: 'x@y\r\nX-Header: 1' }, ['login: not-allowed']],
    [{ password: '' }, ['password: required']],
    [{ password: 'x'.repeat(501) }, ['password: too-long']],
    [{ zzapApiKey: 17 }, ['zzapApiKey: wrong-type']],
    [{ site: '' }, ['site: required']],
    [{ site: 1 }, ['site: wrong-type']],
    [{ intervalMinutes: 7 }, ['intervalMinutes: not-allowed']],
    [{ intervalMinutes: 0 }, ['intervalMinutes: not-allowed']],
    [{ intervalMinutes: '15' }, ['intervalMinutes: not-allowed']],
    [{ intervalMinutes: null }, ['intervalMinutes: not-allowed']],
    [{ itemLink: 'Article' }, ['itemLink: not-allowed']],
    [{ statusDirection: 'both' }, ['statusDirection: not-allowed']],
    [{ includeApiChanges: 'true' }, ['includeApiChanges: wrong-type']],
    [{ active: 1 }, ['active: wrong-type']],
    [{ importFrom: 20261101 }, ['importFrom: wrong-type']],
    [{ importFrom: '01.11.2026' }, ['importFrom: date-malformed']],
    [{ importFrom: '2026-11' }, ['importFrom: date-malformed']],
    [{ importFrom: '2026-02-30' }, ['importFrom: date-malformed']],
    [{ importFrom: '2026-13-01' }, ['importFrom: date-malformed']],
    [{ importFrom: '2026-11-01T25:00Z' }, ['importFrom: date-malformed']],
    [{ importFrom: '2026-11-01T10:00' }, ['importFrom: date-malformed']],
    [{ importFrom: '' }, ['importFrom: date-malformed']],
    [{ intervallMinutes: 5 }, ['intervallMinutes: unknown-field']],
    [{ state: 'active', version: 1 }, ['state: unknown-field', 'version: unknown-field']],
    [{ constructor: 1 }, ['constructor: unknown-field']],
    [{ name: 5, active: 'x', extra: 1 }, ['name: wrong-type', 'active: wrong-type', 'extra: unknown-field']],
  ])('are named when they are wrong: %j', async (changes, fields) => {
    expect(await addRefused({ ...good, ...changes })).toEqual(fields);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['a text', 'x'],
    ['a number', 7],
  ])('are no fields when the body is %s', async (_, body) => {
    expect(await addRefused(body)).toEqual([': wrong-type']);
  });

  it('may be as long and as foreign as people are', async () => {
    const name = 'Ж'.repeat(254) + '中';
    const answer = await api.call('POST', `/api/accounts/${accountId}/connections`, {
      body: { ...good, name, password: '🔑 \u00a0"\\', zzapApiKey: 'x'.repeat(500) },
    });

    expect([answer.status, answer.json['name']]).toEqual([201, name]);
  });

  it('lose blanks around them, except in secrets', async () => {
    await api.call('POST', `/api/accounts/${accountId}/connections`, {
      body: { ...good, name: '  Второе  ', login: ' b@example.com ', password: ' p ' },
    });

    expect(api.world.zzap.tried.at(-1)).toMatchObject({ login: 'b@example.com', password: ' p ' });
    const page = await api.call('GET', `/api/accounts/${accountId}/connections`);
    expect((page.json['items'] as Json[]).map(({ name }) => name)).toContain('Второе');
  });

  it('have a path of their own inside a list', async () => {
    const answer = await api.call('PUT', `/api/connections/${connectionId}/mapping`, {
      body: {
        version: -1,
        pairs: [
          { crmStatus: 'new', zzapStatus: 10 },
          { crmStatus: '', zzapStatus: '10' },
          { crmStatus: 'work', zzapStatus: 1.5, note: 'x' },
          {},
        ],
      },
    });

    expectProblem(answer, 422, 'body-invalid');
    expect(markedFields(answer)).toEqual([
      'version: not-allowed',
      'pairs.1.crmStatus: required',
      'pairs.1.zzapStatus: wrong-type',
      'pairs.2.zzapStatus: wrong-type',
      'pairs.2.note: unknown-field',
      'pairs.3.crmStatus: required',
      'pairs.3.zzapStatus: required',
    ]);
  });

  it.each<readonly [string, string, Json, string[]]>([
    ['POST', '/api/accounts', {}, ['name: required', 'crmUrl: required', 'apiKey: required']],
    ['POST', '/api/accounts', { ...accountBody, id: 1 }, ['id: unknown-field']],
    [
      'PATCH',
      '/api/accounts/a-0001',
      { apiKey: 5, scopes: [] },
      ['apiKey: wrong-type', 'scopes: unknown-field'],
    ],
    ['PATCH', '/api/connections/c-0002', { version: '1' }, ['version: wrong-type']],
    ['PATCH', '/api/connections/c-0002', { state: 'active' }, ['state: unknown-field']],
    ['POST', '/api/connections/check', { login: 'x' }, ['password: required', 'zzapApiKey: required']],
    ['POST', '/api/connections/check', { ...good }, ['name: unknown-field']],
  ])('are checked by %s %s: %j', async (method, path, body, fields) => {
    const answer = await api.call(method, path, { body });

    expectProblem(answer, 422, 'body-invalid');
    expect(markedFields(answer)).toEqual(fields);
  });

  it('are checked before anybody is asked', async () => {
    api.world.zzap.tried.length = 0;

    await addRefused({ ...good, active: 'x' });

    expect(api.world.zzap.tried).toEqual([]);
  });
});

describe('the body of a request', () => {
  const post = (raw: string | Uint8Array, type = 'application/json') =>
    api.call('POST', '/api/accounts', { raw, headers: { 'content-type': type } });
  const padded = (bytes: number) => {
    const empty = JSON.stringify({ ...accountBody, crmUrl: 'https://pad.retailcrm.ru', name: 'x' });
    return ' '.repeat(bytes - Buffer.byteLength(empty)) + empty;
  };

  it.each(['', '{', '{"name":}', 'name=x', '<xml/>', "{'a':1}", '{"a":1} {"a":1}', 'NaN'])(
    'is refused when it is not JSON: %j',
    async (raw) => {
      expectProblem(await post(raw), 400, 'malformed-json');
    },
  );

  it('may have the largest size, not a byte more', async () => {
    expect((await post(padded(BODY_BYTES_MAX))).status).toBe(201);

    expectProblem(await post(padded(BODY_BYTES_MAX + 1)), 413, 'body-too-large');
  });

  it('is measured in bytes, not in characters', async () => {
    const name = 'Ж'.repeat(BODY_BYTES_MAX / 2);

    expectProblem(await post(JSON.stringify({ ...accountBody, name })), 413, 'body-too-large');
  });

  it('is refused by what it says of its length before it is read', async () => {
    const answer = await api.call('POST', '/api/accounts', {
      raw: '{}',
      headers: { 'content-length': String(BODY_BYTES_MAX + 1) },
    });

    expectProblem(answer, 413, 'body-too-large');
  });

  it('is not read to its end when it is too large', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    const handle = createSettingsApp(api.world.ports);

    const response = await handle(
      new Request('http://api.test/api/accounts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: endless,
        duplex: 'half',
      }),
    );

    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(12);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-patch+json',
    'text/json',
    '',
  ])('is refused as %j', async (type) => {
    expectProblem(await post(JSON.stringify(accountBody), type), 415, 'wrong-media-type');
  });

  it.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset=utf-8'])(
    'is taken as %j',
    async (type) => {
      const answer = await post(JSON.stringify({ ...accountBody, crmUrl: 'https://x.retailcrm.ru' }), type);

      expect(answer.status).toBe(201);
    },
  );

  it('is put together when it arrives in the middle of a letter', async () => {
    const bytes = new TextEncoder().encode(
      JSON.stringify({ ...accountBody, crmUrl: 'https://y.retailcrm.ru', name: 'Ж' }),
    );
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });

    const response = await createSettingsApp(api.world.ports)(
      new Request('http://api.test/api/accounts', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        duplex: 'half',
      }),
    );

    expect(await response.json()).toMatchObject({ name: 'Ж' });
  });

  it('is not asked for where none is needed', async () => {
    const answer = await api.call('POST', `/api/connections/${connectionId}/sync`, {
      raw: 'anything',
      headers: { 'content-type': 'text/plain' },
    });

    expect(answer.status).toBe(202);
  });
});

describe('paging', () => {
  const lists = () => [
    '/api/accounts',
    `/api/accounts/${accountId}/connections`,
    `/api/connections/${connectionId}/runs`,
    `/api/connections/${connectionId}/orders`,
  ];

  it.each([
    ['limit=0', 'limit: not-allowed'],
    ['limit=-1', 'limit: not-allowed'],
    ['limit=101', 'limit: not-allowed'],
    ['limit=1e1', 'limit: not-allowed'],
    ['limit=5.0', 'limit: not-allowed'],
    ['limit=', 'limit: not-allowed'],
    ['limit=%20', 'limit: not-allowed'],
    ['limit=all', 'limit: not-allowed'],
    ['limit=99999999999', 'limit: not-allowed'],
    ['cursor=', 'cursor: required'],
    [`cursor=${'x'.repeat(201)}`, 'cursor: too-long'],
  ])('refuses %s on every list', async (query, field) => {
    for (const path of lists()) {
      const answer = await api.call('GET', `${path}?${query}`);

      expectProblem(answer, 422, 'body-invalid');
      expect([path, markedFields(answer)]).toEqual([path, [field]]);
    }
  });

  it.each(['limit=1', 'limit=100', 'cursor=nonsense', 'cursor=%00', 'cursor=%F0%9F%9A%97', 'cursor=%ZZ'])(
    'takes %s on every list',
    async (query) => {
      for (const path of lists()) {
        const answer = await api.call('GET', `${path}?${query}`);

        expect([path, answer.status]).toEqual([path, 200]);
      }
    },
  );

  it.each([
    ['state=linked', 'state: not-allowed'],
    ['number=', 'number: required'],
    [`number=${'1'.repeat(61)}`, 'number: too-long'],
  ])('refuses the filter %s', async (query, field) => {
    const answer = await api.call('GET', `/api/connections/${connectionId}/orders?${query}`);

    expectProblem(answer, 422, 'body-invalid');
    expect(markedFields(answer)).toEqual([field]);
  });
});

describe('addresses', () => {
  it.each([
    ['GET', '/', 'route-not-found'],
    ['GET', '/api', 'route-not-found'],
    ['GET', '/api/account', 'route-not-found'],
    ['GET', '/api/accounts/', 'route-not-found'],
    ['GET', '/api//accounts', 'route-not-found'],
    ['GET', '/API/accounts', 'route-not-found'],
    ['PUT', '/api/accounts', 'route-not-found'],
    ['DELETE', '/healthz', 'route-not-found'],
    ['GET', '/api/accounts/a-9999', 'account-not-found'],
    ['PATCH', '/api/accounts/a-9999', 'account-not-found'],
    ['DELETE', '/api/accounts/a-9999', 'account-not-found'],
    ['GET', '/api/accounts/a-9999/directories', 'account-not-found'],
    ['GET', '/api/accounts/a-9999/connections', 'account-not-found'],
    ['GET', '/api/connections/c-9999', 'connection-not-found'],
    ['GET', '/api/connections/check', 'connection-not-found'],
    ['PATCH', '/api/connections/c-9999', 'connection-not-found'],
    ['DELETE', '/api/connections/c-9999', 'connection-not-found'],
    ['GET', '/api/connections/c-9999/mapping', 'connection-not-found'],
    ['POST', '/api/connections/c-9999/sync', 'connection-not-found'],
    ['GET', '/api/connections/c-9999/runs', 'connection-not-found'],
    ['GET', '/api/connections/c-9999/runs/1', 'connection-not-found'],
    ['GET', '/api/connections/c-9999/orders', 'connection-not-found'],
    ['POST', '/api/connections/c-9999/orders/1/replay', 'connection-not-found'],
    ['GET', '/api/connections/c-0002/runs/9', 'run-not-found'],
    ['POST', '/api/connections/c-0002/orders/9/replay', 'order-not-found'],
    // what cannot be an id names nothing
    ['GET', '/api/accounts/no_such_id', 'route-not-found'],
    ['GET', '/api/accounts/%20', 'route-not-found'],
    ['GET', '/api/accounts/%2e%2e%2fconnections', 'route-not-found'],
    ['GET', '/api/accounts/claim%23url', 'route-not-found'],
    ['GET', '/api/accounts/%ZZ', 'route-not-found'],
    ['GET', `/api/connections/${'x'.repeat(65)}`, 'route-not-found'],
    ['POST', '/api/connections/c-0002/orders/abc/replay', 'route-not-found'],
  ])('%s %s is answered 404 %s', async (method, path, code) => {
    const body = method === 'PATCH' ? { body: {} } : {};

    expectProblem(await api.call(method, path, body), 404, code);
  });

  it('are answered to HEAD without a body', async () => {
    const answer = await api.call('HEAD', '/healthz');

    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('may carry what the contract does not name behind the question mark', async () => {
    expect((await api.call('GET', '/api/accounts?utm_source=mail')).status).toBe(200);
  });
});

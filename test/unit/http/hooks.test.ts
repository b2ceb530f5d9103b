import crypto from 'node:crypto';
import type { Connection, ConnectionState } from '../../../functions/domain/connection';
import { createHooksApp, HOOK_BODY_BYTES_MAX, type HooksPorts } from '../../../functions/http/hooks-app';
import { createJsonLog } from '../../../functions/wiring/json-log';
import { randomSecrets } from '../../../functions/wiring/system';
import type { ConnectionStore } from '../../../functions/ports/connection-store';
import { aConnection } from '../../contract/stores/builders';
import { createMemoryConnectionStore } from '../../support/memory/connection-store';
import { createMemoryHookedConnections } from '../../support/memory/hooked-connections';
import { createMemoryLane, type MemoryLane } from '../../support/memory/lane';
import { expectProblem, type Json } from './api';

const ID = 'c-1';
const NOW_MS = Date.UTC(2026, 10, 23, 9, 0, 0, 250);
const SECOND = NOW_MS / 1_000 - 0.25;
const SECRET = randomSecrets.newSecret();

let nowMs: number;
let connections: ConnectionStore;
let hooked: HooksPorts['hooked'];
let lane: MemoryLane;
let log: string[];
let answers: string[];
let handle: ReturnType<typeof createHooksApp>;

beforeEach(async () => {
  nowMs = NOW_MS;
  log = [];
  answers = [];
  lane = createMemoryLane(() => nowMs);
  connections = createMemoryConnectionStore();
  hooked = createMemoryHookedConnections(connections);
  await connections.create(theConnection());
  handle = createHooksApp({
    hooked,
    lane,
    clock: { nowMs: () => nowMs, sleep: () => Promise.resolve(), random: () => 0 },
    secrets: randomSecrets,
    log: createJsonLog('debug', (line) => log.push(line)),
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  // Whatever a test did: the secret is in the address and nowhere else.
  expect([...log, ...answers].join('\n')).not.toContain(SECRET);
});

function theConnection(changes: Partial<Connection> = {}): Connection {
  const hookSecret = { digest: randomSecrets.digest(SECRET), sealed: 'sealed' };
  return aConnection({ connectionId: ID, state: 'active', hookSecret, ...changes });
}

interface Knock {
  readonly method?: string;
  readonly query?: string;
  readonly type?: string;
  readonly body?: string | ReadableStream<Uint8Array>;
  readonly language?: string;
}

const pathOf = (system: string, id = ID, secret = SECRET) => `/hooks/${system}/${id}/${secret}`;

async function knock(
  path = pathOf('retailcrm'),
  { method, query = '', type, body, language }: Knock = {},
): Promise<{ status: number; headers: Headers; text: string; json: Json }> {
  const request = new Request(`http://module.test${path}${query}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(language !== undefined && { 'accept-language': language }),
    },
    ...(body !== undefined && { body, duplex: 'half' }),
  });
  const response = await handle(request);
  const text = await response.text();
  answers.push(text, JSON.stringify([...response.headers]));
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as Json };
}

const logged = (event: string) =>
  log.map((line) => JSON.parse(line) as Json).filter((e) => e['event'] === event);

describe('a hint', () => {
  it.each([
    ['retailcrm', 'crm-hint'],
    ['zzap', 'zzap-hint'],
  ])('of %s wakes the lane of its connection', async (system, trigger) => {
    const answer = await knock(pathOf(system));

    expect([answer.status, answer.text]).toEqual([202, '{"accepted":true}']);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { accountId } = theConnection();
    expect(lane.sent()).toEqual([{ accountId, connectionId: ID, trigger, atMs: SECOND * 1_000 + 999 }]);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'is taken by any method: %s',
    async (method) => {
      expect((await knock(undefined, { method })).status).toBe(202);
      expect(lane.sent()).toHaveLength(1);
    },
  );

  it('is taken with a slash at the end of its address', async () => {
    expect((await knock(`${pathOf('zzap')}/`)).status).toBe(202);
  });

  it('reads one connection, once, and nothing else', async () => {
    const find = jest.spyOn(connections, 'find');
    const others = (['create', 'list', 'save'] as const).map((name) => jest.spyOn(connections, name));

    await knock();

    expect(find.mock.calls).toEqual([[ID]]);
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });

  it.each<ConnectionState>(['paused', 'suspended', 'draft'])(
    'for a connection that is %s is taken and comes to nothing',
    async (state) => {
      await connections.save(theConnection({ state, version: 2 }), 1);

      expect((await knock()).status).toBe(202);
      expect(lane.sent()).toEqual([]);
      expect(logged('hook.accepted')).toMatchObject([{ connectionId: ID, state, woken: false }]);
    },
  );
});

describe('a storm of hints', () => {
  it('becomes one message a second and system: 1,000 in 10 seconds are 10', async () => {
    for (let hint = 0; hint < 1_000; hint += 1) {
      nowMs = SECOND * 1_000 + hint * 10;
      expect((await knock()).status).toBe(202);
    }

    expect(lane.sent().map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 10 }, (_, second) => (SECOND + second) * 1_000 + 999),
    );
  });

  it('at one moment is one message of each system', async () => {
    const storm = Array.from({ length: 1_000 }, (_, hint) => knock(pathOf(hint % 2 ? 'zzap' : 'retailcrm')));

    expect(new Set((await Promise.all(storm)).map(({ status }) => status))).toEqual(new Set([202]));
    expect(lane.sent().map(({ trigger }) => trigger)).toEqual(['crm-hint', 'zzap-hint']);
  });

  it('is answered only by a run that read after the last hint of the second', async () => {
    await knock();
    nowMs += 700;
    await knock();

    expect(lane.sent()).toHaveLength(1);
    expect(lane.sent()[0]!.atMs).toBeGreaterThanOrEqual(nowMs);
  });

  it('of two connections wakes both', async () => {
    await connections.create(theConnection({ connectionId: 'c-2' }));

    await Promise.all([knock(), knock(pathOf('retailcrm', 'c-2'))]);

    expect(
      lane
        .sent()
        .map(({ connectionId }) => connectionId)
        .sort(),
    ).toEqual([ID, 'c-2']);
  });
});

describe('what a hint carries', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const crm = { crmOrderId: '42', externalId: 'zzap-100500' };

  it.each<readonly [string, Knock, Json]>([
    ['a query', { query: '?id=42&externalId=zzap-100500&site=auto' }, crm],
    ['a form', { type: FORM, body: 'id=42&externalId=zzap-100500&site=auto' }, crm],
    ['JSON', { type: 'application/json', body: '{"id":42,"externalId":"zzap-100500"}' }, crm],
    ['other names', { body: 'orderId=42&external_id=zzap-100500' }, crm],
    ['yet another name', { body: 'order_id=42' }, { crmOrderId: '42' }],
    ['an order inside', { body: '{"order":{"id":42,"externalId":"zzap-100500"}}' }, crm],
    ['an empty order', { type: 'application/json', body: '{"order":{}}' }, {}],
    ['backticks in a form', { type: FORM, body: '%60id%60=%6042%60&`externalId`= `zzap-100500` ' }, crm],
    ['backticks in JSON', { body: '{"`order`":{"`id`":"`42`"," externalId ":"zzap-100500"}}' }, crm],
    ['a query and a form', { query: '?id=42', body: 'externalId=zzap-100500' }, crm],
    ['JSON that calls itself a form', { type: FORM, body: ' {"id":"42"}' }, { crmOrderId: '42' }],
    ['a form that calls itself JSON', { type: 'application/json', body: 'id=42' }, { crmOrderId: '42' }],
    [
      'an order of ZZap',
      { type: FORM, body: 'code_order=100500&partnumber=W+719' },
      { zzapOrderCode: '100500' },
    ],
    ['nothing', { body: '' }, {}],
    ['no JSON', { type: 'application/json', body: '{"id":42' }, {}],
    ['JSON of another kind', { type: 'application/json', body: '[{"id":42}]' }, {}],
    ['null', { type: 'application/json', body: 'null' }, {}],
    ['nested junk', { body: '{"order":null,"id":{"id":[42]},"__proto__":{"id":"42"}}' }, {}],
    ['broken escapes', { query: '?id=%ZZ&%=%', body: '%E0%A4%A' }, {}],
    ['a template left as it is', { body: 'id={{ order.id }}' }, {}],
    ['a file', { type: 'multipart/form-data; boundary=x', body: '--x\r\n\r\n42\r\n--x--' }, {}],
  ])('is logged as ids only: %s', async (_, content, ids) => {
    expect((await knock(undefined, content)).status).toBe(202);

    expect(lane.sent()).toHaveLength(1);
    const [line = {}] = logged('hook.accepted');
    const { crmOrderId, externalId, zzapOrderCode } = line;
    expect(JSON.parse(JSON.stringify({ crmOrderId, externalId, zzapOrderCode }))).toEqual(ids);
  });

  it('is never logged when it may be a buyer or a secret', async () => {
    const personal = 'client_name=Евграф&client_phone=79012345678&client_email=e@example.test';
    await knock(pathOf('zzap'), { body: `code_order=100500&${personal}&comment=Лесная 5` });
    await knock(undefined, { body: `id=79012345678&externalId=79012345678&order_id=${SECRET}` });
    await knock(undefined, { query: `?externalId=${SECRET}&code_order=${SECRET}` });

    expect(log).toHaveLength(3);
    expect(log.join('\n')).not.toMatch(/Евграф|79012345678|example\.test|Лесная/);
  });

  it('may be bytes that are no text', async () => {
    const noise = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([0xff, 0xfe, 0x00, 0x80]));
        controller.close();
      },
    });

    expect((await knock(undefined, { body: noise })).status).toBe(202);
  });

  it('counts also when the body breaks off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('connection lost'));
      },
    });

    expect((await knock(undefined, { body: broken })).status).toBe(202);
    expect(lane.sent()).toHaveLength(1);
  });

  it('is taken up to its limit and refused beyond', async () => {
    expect((await knock(undefined, { body: 'x'.repeat(HOOK_BODY_BYTES_MAX) })).status).toBe(202);

    const tooLarge = await knock(pathOf('zzap'), { body: 'x'.repeat(HOOK_BODY_BYTES_MAX + 1) });

    expectProblem(tooLarge, 413, 'body-too-large');
    expect(lane.sent()).toHaveLength(1);
  });

  it('is not read to its end when it is too large, whatever length it claims', async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(16 * 1024).fill(0x61));
      },
    });

    expectProblem(await knock(undefined, { body: endless }), 413, 'body-too-large');
    expect(pulls).toBeLessThan(10);
    expect(lane.sent()).toEqual([]);
  });
});

describe('an address that is not right', () => {
  const right = SECRET;
  const wrongSecrets = [
    'x',
    right.slice(0, -1),
    `${right}x`,
    right.toUpperCase(),
    `${right.slice(0, -1)}${right.endsWith('A') ? 'B' : 'A'}`,
    'y'.repeat(right.length),
    'z'.repeat(5_000),
    randomSecrets.digest(right),
    '%00',
    '%ZZ',
    '..%2f..%2fapi',
  ];

  /** The answer without the sentence's language, and what it left behind. */
  async function refusal(path: string, content: Knock = {}) {
    const answer = await knock(path, content);
    expectProblem(answer, 404, 'route-not-found');
    expect(lane.sent()).toEqual([]);
    expect(log).toEqual([]);
    return { text: answer.text, headers: [...answer.headers] };
  }

  it('is answered like any other one', async () => {
    await connections.create(theConnection({ connectionId: 'c-gone', state: 'removed' }));
    const paths = [
      ...wrongSecrets.map((secret) => pathOf('retailcrm', ID, secret)),
      pathOf('zzap', ID, 'wrong'),
      pathOf('retailcrm', 'c-gone'),
      pathOf('retailcrm', 'c-unknown'),
      pathOf('retailcrm', 'c_1'),
      pathOf('retailcrm', 'c'.repeat(2_000)),
      pathOf('retailcrm', '%63-1'),
      pathOf('bitrix'),
      `/hooks/retailcrm/${ID}`,
      `/hooks/retailcrm/${ID}/`,
      `/hooks/retailcrm//${right}`,
      `${pathOf('retailcrm')}//`,
      `${pathOf('retailcrm')}/more`,
      `/hooks/retailcrm/${right}/${ID}`,
      `/x${pathOf('retailcrm')}`,
      '/hooks/',
    ];

    const refusals = await Promise.all(paths.map((path) => refusal(path)));

    expect(new Set(refusals.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('is answered before its body is looked at', async () => {
    const body = 'x'.repeat(HOOK_BODY_BYTES_MAX + 1);

    expect(await refusal(pathOf('zzap', ID, 'wrong'), { body })).toEqual(await refusal('/hooks/', {}));
  });

  it('is answered in the language of the reader', async () => {
    expect((await knock('/hooks/', { language: 'en' })).json['detail']).toBe('There is no such address.');
    expect((await knock('/hooks/')).json['detail']).toBe('Такого адреса нет.');
  });

  it('is compared in constant time whatever its length, also for a connection that is not there', async () => {
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    const lengths = [1, 10, 42, 43, 44, 100, 5_000];

    for (const length of lengths) await refusal(pathOf('zzap', ID, 'x'.repeat(length)));
    await refusal(pathOf('zzap', 'c-unknown'));

    expect(compare).toHaveBeenCalledTimes(lengths.length + 1);
    const compared = compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength]);
    expect(compared).toEqual(compared.map(() => [32, 32]));
    expect(compare.mock.results.every(({ value }) => value === false)).toBe(true);
  });

  it('is not opened by an empty digest, as a removed connection has it', async () => {
    const hookSecret = { digest: '', sealed: '' };
    await connections.create(theConnection({ connectionId: 'c-2', hookSecret }));

    await refusal(`/hooks/zzap/c-2/`);
    await refusal(`/hooks/zzap/c-2/%20`);
  });
});

describe('a hint in bad times', () => {
  it.each<readonly [string, () => void]>([
    ['the database', () => jest.spyOn(hooked, 'find').mockRejectedValue(new Error(`no ${SECRET}`))],
    ['the lane', () => jest.spyOn(lane, 'send').mockRejectedValue(new TypeError(pathOf('zzap')))],
  ])('is refused without a word about why: %s', async (_, breakIt) => {
    breakIt();

    const answer = await knock();

    expectProblem(answer, 500, 'internal-error');
    expect(logged('hook.broken')).toHaveLength(1);
  });
});

import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { z } from 'zod';
import { FAULT_KINDS } from '../../functions/local/sandbox/zzap/faults';
import {
  DEMO_CABINET,
  startSandboxZzap,
  type SandboxZzap,
  type SandboxZzapOptions,
} from '../../functions/local/sandbox/zzap/start';

const LISTING = { row_count: '', call_data: '', codes_track: '', date_from: '', date_to: '' };
const PREFIX = '<?xml version="1.0" encoding="utf-8"?>\r\n<string xmlns="http://www.zzap.ru/">';
const NOON = Date.UTC(2026, 10, 20, 9, 0, 0);
const RATE_LIMITED = '[100]:Превышена максимальная частота запросов..';

const answerSchema = z.looseObject({
  error: z.string(),
  row_count: z.number().optional(),
  table: z.array(z.record(z.string(), z.unknown())).optional(),
});
const orderSchema = z.looseObject({
  code: z.number(),
  status: z.number(),
  shownStatus: z.number().nullable(),
  lastEventAtMs: z.number(),
  response: z.string(),
  events: z.array(z.looseObject({ by: z.string(), status: z.number() })),
});
const callSchema = z.looseObject({
  method: z.string(),
  answer: z.string(),
  executed: z.boolean(),
  violation: z.boolean(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  gapMs: z.number().nullable(),
  params: z.record(z.string(), z.string()),
});

let folder = '';
const running: SandboxZzap[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-zzap-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A sandbox with a clock that stands still and no pace, unless asked otherwise. */
async function start(options: SandboxZzapOptions = {}) {
  const clock = { nowMs: NOON };
  const sandbox = await startSandboxZzap({ nowMs: () => clock.nowMs, minIntervalMs: 0, ...options });
  running.push(sandbox);
  return { ...clientOf(sandbox.url), clock, sandbox };
}

function clientOf(url: string) {
  const methodUrl = (method: string) => `${url}/webservice/datasharing.asmx/${method}`;
  const withCredentials = (params: Record<string, string>) => ({
    login: DEMO_CABINET.login,
    password: DEMO_CABINET.password,
    api_key: DEMO_CABINET.apiKey,
    ...params,
  });
  const raw = (method: string, params: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(methodUrl(method), { method: 'POST', body: new URLSearchParams(withCredentials(params)), ...init });
  const call = async (method: string, params: Record<string, string> = {}) =>
    unwrap(await (await raw(method, params)).text());
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: z.looseObject({}).parse(await answer.json()) };
  };
  return {
    url,
    methodUrl,
    withCredentials,
    raw,
    call,
    control,
    list: (params: Record<string, string> = {}) => call('GetSellerOrdersV3', { ...LISTING, ...params }),
    codes: async (params: Record<string, string> = {}) =>
      codesOf(await call('GetSellerOrdersV3', { ...LISTING, row_count: '10000', ...params })),
    setStatus: (code: number, status: number | string, response = '') =>
      call('SetOrderStatusV3', {
        code_order: String(code),
        code_track: String(status),
        response,
        call_data: '',
      }),
    add: async (body: Record<string, unknown> = {}) =>
      z.array(z.number()).parse((await control('POST', 'orders', body)).body['codes']),
    order: async (code: number) => orderSchema.parse((await control('GET', `orders/${code}`)).body),
    calls: async (query = '') => {
      const { body } = await control('GET', `calls${query}`);
      return {
        calls: z.array(callSchema).parse(body['calls']),
        violations: z.number().parse(body['violations']),
      };
    },
  };
}

function unwrap(text: string) {
  expect(text.startsWith(PREFIX)).toBe(true);
  expect(text.endsWith('</string>')).toBe(true);
  const inner = text.slice(76, -9);
  expect(inner).not.toMatch(/[<>]/);
  return answerSchema.parse(
    JSON.parse(inner.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')),
  );
}

const codesOf = (answer: z.infer<typeof answerSchema>) =>
  (answer.table ?? []).map((row) => row['code_order']);

/** A stop of the clock inside a test would need a wait; this one polls a condition with a deadline. */
async function eventually<T>(read: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still not: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('wrapping', () => {
  it('answers form and GET with the XML string element, byte for byte as public clients cut it', async () => {
    const { raw, methodUrl, withCredentials } = await start();

    const form = await raw('GetCodesTrack');
    const get = await fetch(
      `${methodUrl('GetCodesTrack')}?${new URLSearchParams(withCredentials({})).toString()}`,
    );

    expect(form.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    const text = await form.text();
    expect(await get.text()).toBe(text);
    expect(unwrap(text).table?.[0]).toEqual({ code_track: 10, class_track: 'Новый' });
  });

  it('answers JSON with {"d": …}', async () => {
    const { raw, withCredentials } = await start();

    const answer = await raw(
      'GetCodesTrack',
      {},
      { body: JSON.stringify(withCredentials({})), headers: { 'content-type': 'application/json' } },
    );

    const wrapped = z.strictObject({ d: z.string() }).parse(await answer.json());
    expect(answerSchema.parse(JSON.parse(wrapped.d)).row_count).toBe(9);
  });

  it('answers bare JSON when switched to plain', async () => {
    const { raw, control } = await start();
    await control('PUT', 'settings', { wrapping: 'plain' });

    const answer = await raw('GetCodesTrack');

    expect(answerSchema.parse(await answer.json()).error).toBe('');
  });

  it('escapes markup of a buyer so that it survives the XML', async () => {
    const { add, list } = await start();
    await add({ client_name: 'A & B <c> "d" 🚗 &amp;' });

    expect((await list()).table?.[0]?.['client_name']).toBe('A & B <c> "d" 🚗 &amp;');
  });
});

describe('refusals', () => {
  it.each([
    ['login', 'GetCodesTrack', {}],
    ['call_data', 'GetSellerOrdersV3', { row_count: '', codes_track: '', date_from: '', date_to: '' }],
    ['codes_track', 'GetSellerOrdersV3', { row_count: '', call_data: '', date_from: '', date_to: '' }],
    ['response', 'SetOrderStatusV3', { code_order: '1', code_track: '1', call_data: '' }],
  ])('names the missing parameter %s of %s', async (missing, method, params) => {
    const { methodUrl, withCredentials } = await start();
    const body = new URLSearchParams(withCredentials(params));
    body.delete(missing);

    const answer = await fetch(methodUrl(method), { method: 'POST', body });

    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      500,
      'text/plain; charset=utf-8',
      `Missing parameter: ${missing}.`,
    ]);
  });

  it('lets the optional filters be absent when switched to what the wiki says', async () => {
    const { control, call, add } = await start();
    const codes = await add();
    await control('PUT', 'settings', { optionalMayBeAbsent: true });

    expect(codesOf(await call('GetSellerOrdersV3', { row_count: '', call_data: '' }))).toEqual(codes);
  });

  it('refuses unknown methods, wrong types and unknown formats in ASMX words', async () => {
    const { raw, methodUrl } = await start();
    const text = async (answer: Promise<Response>) => {
      const { status } = await answer;
      return [status, await (await answer).text()];
    };

    expect(await text(raw('GetNothing'))).toEqual([500, 'GetNothing Web Service method name is not valid.']);
    expect(await text(fetch(methodUrl('GetCodesTrack'), { method: 'PUT' }))).toEqual([
      500,
      "Request format is unrecognized for URL unexpectedly ending in '/GetCodesTrack'.",
    ]);
    const [status, wrongType] = await text(
      raw('SetOrderStatusV3', { code_order: 'abc', code_track: '1', response: '', call_data: '' }),
    );
    expect(status).toBe(500);
    expect(wrongType).toContain('Cannot convert abc to System.Int32.');
  });

  it('answers a JSON caller in JSON', async () => {
    const { raw } = await start();

    const answer = await raw(
      'GetCodesTrack',
      {},
      { body: '{}', headers: { 'content-type': 'application/json' } },
    );

    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      Message: "Invalid web service call, missing value for parameter: 'login'.",
    });
  });

  it('tells wrong login, password and key apart, with HTTP 200 and an empty table', async () => {
    const { call } = await start();

    const answers = [
      await call('GetCodesTrack', { login: 'nobody@zzap.example' }),
      await call('GetCodesTrack', { password: 'wrong' }),
      await call('GetCodesTrack', { api_key: 'wrong' }),
    ];

    expect(new Set(answers.map(({ error }) => error)).size).toBe(3);
    for (const { error, row_count, table } of answers) {
      expect(error).toMatch(/^\[\d+\]:[А-Я]/);
      expect([row_count, table]).toEqual([0, []]);
    }
  });

  it('needs only the key for regions', async () => {
    const { call } = await start();

    const answer = await call('GetRegionsV2', { login: '', password: '' });

    expect(answer.table?.[0]).toEqual({ code_region: -1, class_region: 'Любой' });
    expect((await call('GetRegionsV2', { api_key: 'wrong' })).error).not.toBe('');
  });
});

describe('GetSellerOrdersV3', () => {
  it('gives one row per order with naive Moscow time', async () => {
    const { add, list } = await start();
    const [code] = await add({
      createdAtMs: NOON + 31_270,
      client_phone: '',
      qty_order: '2',
      priceV2: 845.5,
    });

    const { error, row_count, table } = await list();

    expect([error, row_count]).toEqual(['', 1]);
    expect(table?.[0]).toMatchObject({
      code_order: code,
      create_date: '2026-11-20T12:00:31.27',
      code_track: 10,
      client_phone: '',
      qty_order: '2',
      priceV2: 845.5,
    });
  });

  it('returns 100 rows by default and 10000 at most, cut at the end that the setting names', async () => {
    const { add, list, control } = await start();
    const codes = await add({ count: 10_050, createdFromMs: NOON - 3_600_000, spreadMinutes: 60 });

    expect((await list()).row_count).toBe(100);
    const newest = codesOf(await list({ row_count: '20000' }));
    await control('PUT', 'settings', { truncation: 'keep-oldest' });
    const oldest = codesOf(await list({ row_count: '3' }));
    await control('PUT', 'settings', { truncation: 'keep-arbitrary' });
    const arbitrary = codesOf(await list({ row_count: '3' }));

    expect(newest).toHaveLength(10_000);
    expect(newest[0]).toBe(codes.at(-1));
    expect(newest).not.toContain(codes[0]);
    expect(oldest).toEqual(codes.slice(0, 3));
    expect(arbitrary).not.toEqual(oldest);
  });

  it.each([
    ['2026-11-20T12:00:00', '', ['at', 'after']],
    ['2026-11-20 12:00:00.001', '', ['after']],
    ['2026-11-20T12:00:00.000Z', '', ['at', 'after']],
    ['', '2026-11-20T12:00:00', ['before', 'at']],
    ['2026-11-20', '2026-11-21', ['before', 'at', 'after']],
    ['2026-11-21', '', []],
  ])('filters by the last event from %s to %s', async (from, to, expected) => {
    const { add, codes } = await start();
    const names = new Map<unknown, string>();
    for (const [name, shift] of Object.entries({ before: -1_000, at: 0, after: 1_000 }))
      names.set((await add({ createdAtMs: NOON + shift }))[0], name);

    const found = await codes({ date_from: from, date_to: to });

    expect(found.map((code) => names.get(code)).sort()).toEqual([...expected].sort());
  });

  it('takes Z for UTC when switched so', async () => {
    const { add, codes, control } = await start();
    const added = await add({ createdAtMs: NOON });
    await control('PUT', 'settings', { dateZone: 'honoured' });

    expect(await codes({ date_from: '2026-11-20T09:00:00Z' })).toEqual(added);
    expect(await codes({ date_from: '2026-11-20T09:00:01Z' })).toEqual([]);
  });

  it('filters by a list of statuses with or without spaces', async () => {
    const { add, codes } = await start();
    const [ten] = await add({ status: 10 });
    const [twenty] = await add({ status: 20 });
    await add({ status: 30 });

    expect((await codes({ codes_track: '10; 20;' })).sort()).toEqual([ten, twenty]);
    expect(await codes({ codes_track: '20' })).toEqual([twenty]);
  });

  it.each([
    [{ date_from: '20.11.2026' }],
    [{ date_to: '2026-13-01' }],
    [{ codes_track: 'ten' }],
    [{ row_count: 'all' }],
  ])('answers nonsense %j with an error', async (params) => {
    const { list } = await start();

    expect((await list(params)).error).not.toBe('');
  });

  it('shows only the orders of the cabinet that asks', async () => {
    const { add, codes, control } = await start();
    const other = { login: 'other@zzap.example', password: 'p', apiKey: 'other-key' };
    expect((await control('POST', 'accounts', other)).status).toBe(201);
    const own = await add();
    const foreign = await add({ account: other.login });

    expect(await codes()).toEqual(own);
    expect(await codes({ login: other.login, password: 'p', api_key: 'other-key' })).toEqual(foreign);
  });

  it('puts the template name beside the table when switched so', async () => {
    const { add, list, control } = await start();
    await add({ class_template: 'Склад' });
    await control('PUT', 'settings', { classTemplate: 'top' });

    const answer = await list();

    expect(answer['class_template']).toBe('Склад');
    expect(answer.table?.[0]).not.toHaveProperty('class_template');
  });
});

describe('SetOrderStatusV3', () => {
  it('is shown by reads after the replica lag, moves the last event and keeps the response', async () => {
    const { add, setStatus, list, codes, order, clock } = await start({ replicaLagMs: 3_000 });
    const [code = 0] = await add({ createdAtMs: NOON - 60_000 });

    expect(await setStatus(code, 20, 'Ждём & везём <завтра>')).toEqual({ error: '' });

    clock.nowMs = NOON + 2_999;
    expect((await list()).table?.[0]?.['code_track']).toBe(10);
    expect(await codes({ date_from: '2026-11-20T12:00:00' })).toEqual([]);
    clock.nowMs = NOON + 3_000;
    expect((await list()).table?.[0]?.['code_track']).toBe(20);
    expect(await codes({ date_from: '2026-11-20T12:00:00' })).toEqual([code]);
    expect(await order(code)).toMatchObject({
      status: 20,
      lastEventAtMs: NOON,
      response: 'Ждём & везём <завтра>',
    });
  });

  it("is not shown at all when the buyer's later change overtook it", async () => {
    const { add, setStatus, list, control, clock } = await start();
    const [code = 0] = await add();
    await setStatus(code, 20);
    clock.nowMs += 1_000;
    await control('PATCH', `orders/${code}`, { status: 80 });

    expect((await list()).table?.[0]?.['code_track']).toBe(80);
    clock.nowMs += 10_000;
    expect((await list()).table?.[0]?.['code_track']).toBe(80);
  });

  it("refuses unknown orders, other cabinets' orders, unknown and forbidden statuses", async () => {
    const { add, setStatus, control, order } = await start();
    const [code = 0] = await add();
    await control('POST', 'accounts', { login: 'other@zzap.example', password: 'p', apiKey: 'k' });
    const [foreign = 0] = await add({ account: 'other@zzap.example' });
    await control('PUT', 'settings', {
      dictionary: [
        { code: 10, name: 'a' },
        { code: 80, name: 'b', sellerMaySet: false },
      ],
    });

    for (const [number, status] of [
      [1, 10],
      [foreign, 10],
      [code, 77],
      [code, 80],
    ] as const)
      expect((await setStatus(number, status)).error).toMatch(/^\[\d+\]:/);
    expect((await order(code)).events).toHaveLength(1);
  });

  it.each([
    ['event', '', NOON + 5_000],
    ['no-event', '', NOON],
    ['error', '[204]:Заказ уже находится в этом статусе', NOON],
  ])('treats a repeated status as %s', async (repeatedStatus, error, lastEventAtMs) => {
    const { add, setStatus, order, control, clock } = await start();
    const [code = 0] = await add();
    await control('PUT', 'settings', { repeatedStatus });
    clock.nowMs += 5_000;

    expect((await setStatus(code, 10)).error).toBe(error);
    expect((await order(code)).lastEventAtMs).toBe(lastEventAtMs);
  });
});

describe('pace', () => {
  it('counts from the end of the previous answer, per key, refusals included', async () => {
    const { call, clock, calls, control } = await start({ minIntervalMs: 3_000 });
    await control('POST', 'accounts', { login: 'other@zzap.example', password: 'p', apiKey: 'k' });
    const other = { login: 'other@zzap.example', password: 'p', api_key: 'k' };

    expect((await call('GetCodesTrack')).error).toBe('');
    clock.nowMs += 2_999;
    expect((await call('GetCodesTrack', other)).error).toBe('');
    expect((await call('GetCodesTrack')).error).toBe(RATE_LIMITED);
    clock.nowMs += 2_999;
    expect((await call('GetCodesTrack')).error).toBe(RATE_LIMITED);
    clock.nowMs += 3_000;
    expect((await call('GetCodesTrack')).error).toBe('');

    const log = await calls();
    expect(log.violations).toBe(2);
    expect(log.calls.map(({ gapMs }) => gapMs)).toEqual([null, null, 2_999, 2_999, 3_000]);
  });

  it('refuses a request beside one of the same key that has no answer yet', async () => {
    const { raw, call, control, clock, calls } = await start({ minIntervalMs: 3_000 });
    await control('POST', 'faults', { kind: 'timeout-after' });
    const giveUp = new AbortController();
    const first = raw('GetCodesTrack', {}, { signal: giveUp.signal }).catch(() => 'given up');
    await eventually(calls, (log) => log.calls.length === 1);

    clock.nowMs += 60_000;
    expect((await call('GetCodesTrack')).error).toBe(RATE_LIMITED);

    giveUp.abort();
    expect(await first).toBe('given up');
    await eventually(calls, (log) => log.calls[0]?.endedAtMs === clock.nowMs);
    clock.nowMs += 3_000;
    expect((await call('GetCodesTrack')).error).toBe('');
  });

  it('changes nothing when it refuses', async () => {
    const { add, setStatus, call, order } = await start({ minIntervalMs: 3_000 });
    const [code = 0] = await add();
    await call('GetCodesTrack');

    expect((await setStatus(code, 20)).error).toBe(RATE_LIMITED);
    expect((await order(code)).status).toBe(10);
  });
});

describe('calls', () => {
  it('are logged without secrets', async () => {
    const { setStatus, add, calls, url } = await start();
    const [code = 0] = await add();
    await setStatus(code, 20, 'ок');

    const { calls: logged } = await calls(`?since=${NOON}`);
    const text = await (await fetch(`${url}/sandbox/calls`)).text();

    expect(logged[0]).toMatchObject({
      method: 'SetOrderStatusV3',
      answer: 'ok',
      executed: true,
      startedAtMs: NOON,
      params: { code_order: String(code), code_track: '20', response: 'ок' },
    });
    expect(text).not.toContain(DEMO_CABINET.apiKey);
    expect(text).not.toContain(DEMO_CABINET.password);
    expect((await calls(`?since=${NOON + 1}`)).calls).toEqual([]);
  });
});

describe('faults', () => {
  it.each([
    ['drop-before', 10],
    ['drop-after', 20],
    ['truncated-body', 20],
  ])('%s breaks the connection', async (kind, status) => {
    const { add, setStatus, order, control } = await start();
    const [code = 0] = await add();
    await control('POST', 'faults', { kind, method: 'SetOrderStatusV3' });

    await expect(setStatus(code, 20)).rejects.toThrow();

    expect((await order(code)).status).toBe(status);
  });

  it.each([
    ['timeout-before', 10],
    ['timeout-after', 20],
  ])('%s never answers', async (kind, status) => {
    const { add, raw, order, control, calls } = await start();
    const [code = 0] = await add();
    await control('POST', 'faults', { kind });
    const giveUp = new AbortController();
    const params = { code_order: String(code), code_track: '20', response: '', call_data: '' };

    const answer = raw('SetOrderStatusV3', params, { signal: giveUp.signal });
    await eventually(calls, (log) => log.calls[0]?.answer === `fault:${kind}`);
    giveUp.abort();

    await expect(answer).rejects.toThrow();
    expect((await order(code)).status).toBe(status);
  });

  it.each([
    ['http-500', 500, 'text/html; charset=utf-8', /Server Error/],
    ['http-522', 522, 'text/html; charset=utf-8', /522/],
    ['http-429', 429, 'text/html; charset=utf-8', /Too Many/],
    ['captcha-html', 200, 'text/html; charset=utf-8', /captcha/],
    ['rate-limited', 200, 'text/xml; charset=utf-8', /\[100\]:Превышена максимальная частота запросов\.\./],
    ['malformed-json', 200, 'text/xml; charset=utf-8', /<string .*[^}]<\/string>$/],
    ['unclosed-xml', 200, 'text/xml; charset=utf-8', /[^>]$/],
    ['wrong-root', 200, 'text/xml; charset=utf-8', /<ArrayOfString/],
    ['slow', 200, 'text/xml; charset=utf-8', /Новый/],
    ['drip', 200, 'text/xml; charset=utf-8', /Новый/],
  ])('%s answers once in its own way, then all is well', async (kind, status, contentType, body) => {
    const { raw, call, control } = await start();
    await control('POST', 'faults', { kind, delayMs: 40 });

    const answer = await raw('GetCodesTrack');

    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, contentType]);
    expect(await answer.text()).toMatch(body);
    expect((await call('GetCodesTrack')).error).toBe('');
  });

  it('hits the named method and order only, after so many calls and so many times', async () => {
    const { add, setStatus, call, control } = await start();
    const [hit = 0, spared = 0] = await add({ count: 2 });
    await control('POST', 'faults', {
      kind: 'error-text',
      text: '[7]:Нет',
      method: 'SetOrderStatusV3',
      codeOrder: hit,
      afterCalls: 1,
      times: 2,
    });

    const errors = [];
    for (const code of [spared, hit, hit, spared, hit, hit]) errors.push((await setStatus(code, 20)).error);

    expect(errors).toEqual(['', '', '[7]:Нет', '', '[7]:Нет', '']);
    expect((await call('GetCodesTrack')).error).toBe('');
  });

  it('can take effect although an error is answered, and can be cleared', async () => {
    const { add, setStatus, order, control } = await start();
    const [code = 0] = await add();
    await control('POST', 'faults', { kind: 'error-text', afterEffect: true, times: 9 });

    expect((await setStatus(code, 20)).error).not.toBe('');
    await control('DELETE', 'faults');

    expect((await order(code)).status).toBe(20);
    expect((await setStatus(code, 30)).error).toBe('');
  });

  it('a call that is refused for its pace uses up no fault', async () => {
    const { call, control, clock } = await start({ minIntervalMs: 3_000 });
    await call('GetCodesTrack');
    await control('POST', 'faults', { kind: 'error-text', text: 'x' });

    expect((await call('GetCodesTrack')).error).toBe(RATE_LIMITED);
    clock.nowMs += 3_000;
    expect((await call('GetCodesTrack')).error).toBe('x');
  });
});

describe('control', () => {
  it('takes odd rows as they are', async () => {
    const { add, list, control } = await start();
    const [code = 0] = await add({ create_date: null, qty_order: '2', extra: { any: [1] } });
    await control('PATCH', `orders/${code}`, {
      drop: ['client_phone'],
      price: 10.01,
      qty: 3,
      client_name: '<b>&"',
    });

    const row = (await list()).table?.[0];

    expect(row).toMatchObject({
      create_date: null,
      qty_order: 3,
      priceV2: 10.01,
      extra: { any: [1] },
      client_name: '<b>&"',
    });
    expect(row).not.toHaveProperty('client_phone');
  });

  it('changes as ZZap would: silently, or shown after the lag', async () => {
    const { add, list, order, control, clock } = await start({ replicaLagMs: 3_000 });
    const [code = 0] = await add();
    clock.nowMs += 1_000;
    await control('PATCH', `orders/${code}`, { price: 1, silent: true });
    expect((await order(code)).lastEventAtMs).toBe(NOON);

    await control('PATCH', `orders/${code}`, { status: 80, lag: true });
    expect((await list()).table?.[0]?.['code_track']).toBe(10);
    clock.nowMs += 3_000;
    expect((await list()).table?.[0]?.['code_track']).toBe(80);
  });

  it('can hide a new order for a while', async () => {
    const { add, codes, clock } = await start();
    const added = await add({ visibleAfterMs: 5_000 });

    expect(await codes()).toEqual([]);
    clock.nowMs += 5_000;
    expect(await codes()).toEqual(added);
  });

  it('adds 10,000 orders in less than a second', async () => {
    const { add } = await start({ dataFile: join(folder, 'zzap.jsonl') });
    const startedAt = performance.now();

    expect(await add({ count: 10_000 })).toHaveLength(10_000);

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('lets credentials die and tells no secret', async () => {
    const { call, control, url } = await start();
    await control('PATCH', `accounts/${DEMO_CABINET.login}`, { password: 'new-secret', apiKey: 'new-key' });

    expect((await call('GetCodesTrack')).error).not.toBe('');
    expect((await call('GetCodesTrack', { password: 'new-secret', api_key: 'new-key' })).error).toBe('');
    expect(await (await fetch(`${url}/sandbox/state`)).text()).not.toMatch(/new-secret|new-key/);
  });

  it('refuses nonsense with the place of the mistake', async () => {
    const { control } = await start();

    expect(await control('PUT', 'settings', { lag: 1 })).toMatchObject({ status: 400 });
    expect(await control('POST', 'faults', { kind: 'nope' })).toMatchObject({
      status: 400,
      body: { error: 'invalid' },
    });
    expect(await control('PATCH', 'orders/1', { status: 10 })).toMatchObject({ status: 404 });
    expect(await control('POST', 'orders', { account: 'nobody' })).toMatchObject({ status: 404 });
    expect(await control('POST', 'accounts', DEMO_CABINET)).toMatchObject({ status: 409 });
    expect(await control('GET', 'nowhere')).toMatchObject({ status: 404 });
  });

  it('is closed to pages from elsewhere', async () => {
    const { url } = await start();

    const answer = await fetch(`${url}/sandbox/orders`, {
      method: 'POST',
      body: '{}',
      headers: { origin: 'https://elsewhere.example' },
    });

    expect(answer.status).toBe(403);
  });

  it('serves a page that runs nothing but its own script', async () => {
    const { url } = await start();

    const page = await fetch(`${url}/`);

    const html = await page.text();
    const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
    expect(html).toContain('<title>ZZap (песочница)</title>');
    expect(html).not.toMatch(/(?:src|href|style|onclick)=|innerHTML/);
    expect(() => new Script(script)).not.toThrow();
    for (const [, id] of script.matchAll(/find\('(\w+)'\)/g)) expect(html).toContain(`id="${id ?? ''}"`);
    for (const kind of FAULT_KINDS) expect(script).toMatch(new RegExp(`'?${kind}'?: '`));
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'sha256-/);
  });

  it('has demo orders from the first start on', async () => {
    const { codes } = await start({ demoOrderEveryMs: 20 });

    const first = await codes();
    expect(first.length).toBeGreaterThanOrEqual(6);
    await eventually(codes, (now) => now.length > first.length);
  });
});

describe('push', () => {
  it("posts each new order to the cabinet's or the sandbox's address as a form", async () => {
    const received: URLSearchParams[] = [];
    const site = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push(new URLSearchParams(`${body}&path=${request.url ?? ''}`));
        response.end();
      });
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const { add, control } = await start();
    await add();
    await control('PUT', 'settings', { pushUrl: `${siteUrl}/all` });

    const [first] = await add({ priceV2: 10.5, client_name: 'A & Б' });
    await control('PATCH', `accounts/${DEMO_CABINET.login}`, { pushUrl: `${siteUrl}/own` });
    const [second] = await add();
    await eventually(
      () => received,
      (forms) => forms.length === 2,
    );
    site.closeAllConnections();
    site.close();

    expect(received.map((form) => [form.get('code_order'), form.get('path')])).toEqual([
      [String(first), '/all'],
      [String(second), '/own'],
    ]);
    expect(received[0]?.get('price')).toBe('10.5');
    expect(received[0]?.get('client_name')).toBe('A & Б');
    expect(received[0]?.get('client_id_hash')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('journal', () => {
  it('brings orders, statuses, cabinets and settings back', async () => {
    const dataFile = join(folder, 'deep', 'zzap.jsonl');
    const before = await start({ dataFile });
    const [code = 0] = await before.add({ client_name: 'До' });
    await before.setStatus(code, 20, 'ответ');
    await before.control('PUT', 'settings', { truncation: 'keep-oldest' });
    await before.control('PATCH', `accounts/${DEMO_CABINET.login}`, { password: 'new' });
    await before.sandbox.close();
    running.length = 0;

    const after = await start({ dataFile, replicaLagMs: 0 });

    expect(await after.order(code)).toMatchObject({
      status: 20,
      response: 'ответ',
      row: { client_name: 'До' },
    });
    expect((await after.call('GetCodesTrack', { password: 'new' })).error).toBe('');
    expect((await after.control('PUT', 'settings', {})).body).toMatchObject({
      truncation: 'keep-oldest',
      replicaLagMs: 0,
    });
    expect(await after.add()).toEqual([code + 1]);
  });

  it('forgets a torn last line and goes on after it', async () => {
    const dataFile = join(folder, 'zzap.jsonl');
    const before = await start({ dataFile });
    const [code = 0] = await before.add();
    await before.sandbox.close();
    running.length = 0;
    appendFileSync(dataFile, '{"kind":"orders","orders":[{"acc');

    const middle = await start({ dataFile });
    const [next] = await middle.add();
    await middle.sandbox.close();
    running.length = 0;
    const after = await start({ dataFile });

    expect(next).toBe(code + 1);
    expect((await after.codes()).sort()).toEqual([code, next]);
  });

  it('is compacted at the start', async () => {
    const dataFile = join(folder, 'zzap.jsonl');
    const before = await start({ dataFile });
    const [code = 0] = await before.add();
    for (const status of [20, 30, 40, 50]) await before.setStatus(code, status);
    await before.sandbox.close();
    running.length = 0;
    const lines = () => readFileSync(dataFile, 'utf8').split('\n').length - 1;
    const grown = lines();

    await start({ dataFile });

    expect(grown).toBeGreaterThan(5);
    expect(lines()).toBe(3);
    expect(existsSync(`${dataFile}.next`)).toBe(false);
  });

  it('has every acknowledged status after kill -9', async () => {
    const dataFile = join(folder, 'zzap.jsonl');
    const script = `require('./functions/local/sandbox/zzap/start.ts').startSandboxZzap({ dataFile: process.env.DATA_FILE, minIntervalMs: 0 }).then(({ url }) => console.log(url))`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--eval', script], {
      env: { ...process.env, DATA_FILE: dataFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    const { add, setStatus } = clientOf(url);
    const orders = await add({ count: 20 });
    const acknowledged: number[] = [];
    const pushing = (async () => {
      for (const code of orders) {
        if ((await setStatus(code, 20)).error === '') acknowledged.push(code);
        if (acknowledged.length === 10) child.kill('SIGKILL');
      }
    })();
    await expect(pushing).rejects.toThrow();

    const after = await start({ dataFile, nowMs: Date.now });

    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    for (const code of acknowledged) expect((await after.order(code)).status).toBe(20);
    expect((await after.codes()).length).toBe(20);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { asRemoteError, type RemoteErrorFacts } from '../../functions/domain/remote-error';
import {
  DEMO_CABINET,
  startSandboxZzap,
  type SandboxZzapOptions,
} from '../../functions/local/sandbox/zzap/start';
import type { Clock } from '../../functions/ports/clock';
import type { ListedOrders, ZzapCabinet } from '../../functions/ports/zzap-cabinet';
import type { ZzapGate } from '../../functions/ports/zzap-gate';
import { createExchange, NoAnswer } from '../../functions/remote/http-exchange';
import { createZzap } from '../../functions/zzap/client';
import { createRealClock, createSkippingClock } from '../support/clock';
import { createMemoryZzapGate } from '../support/memory/zzap-gate';
import { startStubHttpServer, type StubAnswer, type StubHandler } from '../support/stub-http-server';

const HOUR = 3_600_000;
const SECRET_WORDS = /sandbox\/demo|sandbox%2Fdemo|demo-password|demo@zzap|demo%40zzap/;

const callSchema = z.object({
  method: z.string(),
  answer: z.string(),
  executed: z.boolean(),
  violation: z.boolean(),
  gapMs: z.number().nullable(),
  params: z.record(z.string(), z.string()),
});

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Opened {
  readonly clock?: Clock;
  readonly gate?: ZzapGate;
  readonly minIntervalMs?: number;
}

let holders = 0;

function openerAt(
  url: string,
  { clock = createSkippingClock(), gate = createMemoryZzapGate(), minIntervalMs = 0 }: Opened,
) {
  return createZzap({
    baseUrl: url,
    minIntervalMs,
    gate,
    clock,
    newHolder: () => {
      holders += 1;
      return `holder-${holders}`;
    },
  });
}

/** The sandbox with its control API, and a cabinet that skips its pauses in the sandbox's own time. */
async function startSandbox(options: SandboxZzapOptions & Opened = {}) {
  const {
    clock = createSkippingClock(),
    gate = createMemoryZzapGate(),
    minIntervalMs = 3_000,
    ...rest
  } = options;
  const sandbox = await startSandboxZzap({
    nowMs: () => clock.nowMs(),
    minIntervalMs,
    replicaLagMs: 0,
    ...rest,
  });
  closing.push(() => sandbox.close());
  const open = openerAt(sandbox.url, { clock, gate, minIntervalMs });
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${sandbox.url}/sandbox/${path}`, init);
    if (!answer.ok) throw new Error(`control: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url: sandbox.url,
    clock,
    gate,
    open,
    control,
    cabinet: open(DEMO_CABINET),
    addOrders: async (body: unknown): Promise<number[]> =>
      z.object({ codes: z.array(z.number()) }).parse(await control('POST', 'orders', body)).codes,
    order: async (code: number) =>
      z.object({ status: z.number(), response: z.string() }).parse(await control('GET', `orders/${code}`)),
    calls: async () =>
      z.object({ calls: z.array(callSchema), violations: z.number() }).parse(await control('GET', 'calls')),
    fault: (body: unknown) => control('POST', 'faults', body),
    settings: (body: unknown) => control('PUT', 'settings', body),
  };
}

/** A server that says what the test wants, and a cabinet at it. */
async function startStub(handler: StubHandler, opened: Opened = {}) {
  const clock = createSkippingClock();
  const server = await startStubHttpServer(handler);
  closing.push(() => server.close());
  return { server, clock, cabinet: openerAt(server.url, { clock, ...opened })(DEMO_CABINET) };
}

const fixture = (name: string): string => readFileSync(join(__dirname, '../fixtures/zzap', name), 'utf8');
const always = (answer: StubAnswer) => () => answer;
const lastDay = (nowMs: number) => ({ fromMs: nowMs - 24 * HOUR, toMs: nowMs, open: true });

function codesOf({ rows }: ListedOrders): (string | null)[] {
  return rows.map((row) => (row.kind === 'order' ? row.order.code : row.row.code));
}

/** The facts of the error a call ends with; the error itself must not hold a secret anywhere. */
async function factsOf(call: Promise<unknown>): Promise<RemoteErrorFacts> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  );
  const remote = asRemoteError(error);
  if (!remote) throw error;
  const everything = `${remote.message} ${remote.stack ?? ''} ${JSON.stringify(remote.facts)} ${String(remote.cause)}`;
  expect(everything).not.toMatch(SECRET_WORDS);
  return remote.facts;
}

describe('orders of a cabinet', () => {
  it('come with what was ordered, by whom and when', async () => {
    const { cabinet, clock, addOrders } = await startSandbox();
    const createdAtMs = Math.floor(clock.nowMs() / 1_000) * 1_000 - HOUR;
    const [code] = await addOrders({
      createdAtMs,
      status: 20,
      class_man: 'NGK',
      partnumber: 'BKR6E-11',
      class_cat: 'Свеча <оригинал> & "к-т" 🚗',
      qty_order: '4',
      priceV2: 310.07,
      client_name: 'Тест Покупатель',
      client_phone: '',
      client_email: 'buyer@example.test',
      comment: 'Нужен чек',
      message: null,
      delivery_days: 2,
      class_template: 'Склад Москва',
    });

    const { rows, full } = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    expect(full).toBe(false);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      kind: 'order',
      order: {
        code: String(code),
        createdAtMs,
        part: { brand: 'NGK', number: 'BKR6E-11', name: 'Свеча <оригинал> & "к-т" 🚗' },
        quantity: 4,
        priceKopecks: 31_007,
        statusCode: 20,
        buyer: { name: 'Тест Покупатель', email: 'buyer@example.test' },
        comment: 'Нужен чек',
        deliveryDays: 2,
        priceList: 'Склад Москва',
      },
    });
  });

  it('are those whose last event lies in the window, its upper end open or not', async () => {
    const { cabinet, clock, addOrders } = await startSandbox();
    const nowMs = clock.nowMs();
    const [early, middle, late, ahead] = await Promise.all(
      [-5 * HOUR, -3 * HOUR, -HOUR, HOUR].map(
        async (shiftMs) => (await addOrders({ createdAtMs: nowMs + shiftMs }))[0],
      ),
    );

    const open = await cabinet.listChangedOrders({ fromMs: nowMs - 4 * HOUR, toMs: nowMs, open: true });
    const closed = await cabinet.listChangedOrders({
      fromMs: nowMs - 6 * HOUR,
      toMs: nowMs - 2 * HOUR,
      open: false,
    });

    expect(codesOf(open).sort()).toEqual([middle, late, ahead].map(String).sort());
    expect(codesOf(closed).sort()).toEqual([early, middle].map(String).sort());
  });

  it('carry the moment they were asked for', async () => {
    const { cabinet, clock } = await startSandbox();
    const beforeMs = clock.nowMs();

    const { rows, askedAtMs } = await cabinet.listChangedOrders(lastDay(beforeMs));

    expect(rows).toEqual([]);
    expect(askedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(askedAtMs).toBeLessThanOrEqual(clock.nowMs());
  });

  it('fill one answer: it says that others may be missing', async () => {
    const { cabinet, clock, addOrders } = await startSandbox();
    await addOrders({ count: 9_999, createdFromMs: clock.nowMs() - HOUR, spreadMinutes: 30 });

    const nearlyFull = await cabinet.listChangedOrders(lastDay(clock.nowMs()));
    await addOrders({ count: 2, createdFromMs: clock.nowMs() - HOUR });
    const full = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    expect([nearlyFull.rows.length, nearlyFull.full]).toEqual([9_999, false]);
    expect([full.rows.length, full.full]).toEqual([10_000, true]);
  });

  it.each(['native', 'plain'])('are the same in the %s wrapping', async (wrapping) => {
    const { cabinet, clock, addOrders, settings } = await startSandbox();
    await addOrders({ count: 13, createdFromMs: clock.nowMs() - HOUR });
    const reference = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    await settings({ wrapping });
    const listed = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    expect(listed.rows).toEqual(reference.rows);
    expect(listed.rows.every(({ kind }) => kind === 'order')).toBe(true);
  });

  it('do not look changed when the price list stands beside the table and another order comes first', async () => {
    const { cabinet, clock, addOrders, settings } = await startSandbox();
    await settings({ classTemplate: 'top' });
    const [code] = await addOrders({ createdAtMs: clock.nowMs() - 2 * HOUR, class_template: 'Склад Москва' });
    const before = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    await addOrders({ createdAtMs: clock.nowMs() - HOUR, class_template: 'Склад Юг' });
    const after = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    const fingerprints = [before, after].map(({ rows }) =>
      rows.flatMap((row) =>
        row.kind === 'order' && row.order.code === String(code) ? [row.order.fingerprint] : [],
      ),
    );
    expect(fingerprints[0]).toHaveLength(1);
    expect(fingerprints[1]).toEqual(fingerprints[0]);
  });

  it('are read one by one: a row that cannot be read does not hide the others', async () => {
    const { cabinet, clock, addOrders } = await startSandbox();
    const [good] = await addOrders({ createdAtMs: clock.nowMs() - HOUR });
    const [bad] = await addOrders({
      createdAtMs: clock.nowMs() - HOUR,
      qty_order: 'много',
      client_name: 'Секрет',
    });

    const { rows } = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    expect(rows.map((row) => (row.kind === 'order' ? row.order.code : row.row))).toEqual(
      expect.arrayContaining([String(good), { code: String(bad), problem: 'qty_order' }]),
    );
  });

  it('can be kept and read again', async () => {
    const { cabinet, clock, addOrders } = await startSandbox();
    await addOrders({ count: 12, createdFromMs: clock.nowMs() - HOUR });
    const { rows } = await cabinet.listChangedOrders(lastDay(clock.nowMs()));

    const again = rows.map(({ raw }) => cabinet.readRow(raw));

    expect(again).toEqual(rows);
  });
});

describe('statuses of a cabinet', () => {
  it('are read as ZZap names them', async () => {
    const { cabinet, settings } = await startSandbox();
    await settings({ dictionary: [status(1, 'Новый'), status(-2, 'В пути & "скоро"')] });

    expect(await cabinet.listStatuses()).toEqual([
      { code: 1, name: 'Новый' },
      { code: -2, name: 'В пути & "скоро"' },
    ]);
  });

  it('are set with the answer for the buyer, whatever signs it holds', async () => {
    const { cabinet, clock, addOrders, order } = await startSandbox();
    const [code] = await addOrders({ createdAtMs: clock.nowMs() - HOUR });

    await cabinet.setStatus(String(code), 50, 'Трек: A&B+C 100% <ок> 🚗');

    expect(await order(code!)).toEqual({ status: 50, response: 'Трек: A&B+C 100% <ок> 🚗' });
  });

  it.each([
    ['an order that is not there', '1', 50, 'not-found'],
    ['a status that is not there', null, 999, 'invalid'],
    ['a status the seller may not set', null, 80, 'invalid'],
    ['an order number that is none', 'abc', 50, 'invalid'],
  ])('are refused for %s', async (_, codeOrder, statusCode, kind) => {
    const { cabinet, clock, addOrders, settings, calls } = await startSandbox();
    await settings({
      dictionary: [status(10, 'Новый'), status(50, 'Отправлен'), status(80, 'Отказ', false)],
    });
    const [code] = await addOrders({ createdAtMs: clock.nowMs() - HOUR });

    const facts = await factsOf(cabinet.setStatus(codeOrder ?? String(code), statusCode, ''));

    expect(facts).toMatchObject({ kind, effectUnknown: false });
    expect((await calls()).calls).toHaveLength(1);
  });
});

function status(code: number, name: string, sellerMaySet = true) {
  return { code, name, sellerMaySet };
}

describe('credentials that ZZap refuses', () => {
  it.each([
    ['login', { ...DEMO_CABINET, login: 'nobody@example.test' }],
    ['password', { ...DEMO_CABINET, password: 'wrong-password' }],
    ['apiKey', { ...DEMO_CABINET, apiKey: 'wrong+key/0001==' }],
  ] as const)('are named: %s', async (credential, credentials) => {
    const { open, calls } = await startSandbox();

    const facts = await factsOf(open(credentials).listStatuses());

    expect(facts).toMatchObject({ kind: 'auth', credential, effectUnknown: false });
    expect(JSON.stringify(facts)).not.toMatch(/nobody@|wrong-password|wrong\+key/);
    expect((await calls()).calls).toHaveLength(1);
  });
});

describe('a call that meets trouble', () => {
  interface Trouble {
    readonly fault: Record<string, unknown>;
    /** What a read that never gets better ends with, and after how many requests. */
    readonly read: Partial<RemoteErrorFacts>;
    readonly reads: number;
    /** The same for a write. */
    readonly write: Partial<RemoteErrorFacts>;
    readonly writes: number;
  }

  const UNAVAILABLE = { kind: 'unavailable', effectUnknown: true } as const;
  const UNREADABLE = { kind: 'unexpected-body', effectUnknown: true } as const;
  const BLOCKED = { kind: 'rate-limited', retryAfterMs: 180_000, effectUnknown: false } as const;
  const LIMITED = { kind: 'rate-limited', effectUnknown: false } as const;

  const TROUBLES: Record<string, Trouble> = {
    'drop-before': { fault: {}, read: UNAVAILABLE, reads: 4, write: UNAVAILABLE, writes: 1 },
    'drop-after': { fault: {}, read: UNAVAILABLE, reads: 4, write: UNAVAILABLE, writes: 1 },
    'http-500': { fault: {}, read: UNAVAILABLE, reads: 4, write: UNAVAILABLE, writes: 1 },
    'http-522': { fault: { afterEffect: true }, read: UNAVAILABLE, reads: 4, write: UNAVAILABLE, writes: 1 },
    'http-429': { fault: {}, read: BLOCKED, reads: 1, write: BLOCKED, writes: 1 },
    'captcha-html': { fault: {}, read: BLOCKED, reads: 1, write: BLOCKED, writes: 1 },
    'rate-limited': { fault: {}, read: LIMITED, reads: 4, write: LIMITED, writes: 4 },
    'error-text': {
      fault: { text: '[999]:Неизвестная ошибка' },
      read: { kind: 'invalid', detail: '[999]:Неизвестная ошибка', effectUnknown: false },
      reads: 1,
      write: { kind: 'invalid', detail: '[999]:Неизвестная ошибка', effectUnknown: false },
      writes: 1,
    },
    'malformed-json': {
      fault: {},
      read: { kind: 'unexpected-body' },
      reads: 2,
      write: UNREADABLE,
      writes: 1,
    },
    'truncated-body': { fault: {}, read: UNAVAILABLE, reads: 4, write: UNAVAILABLE, writes: 1 },
    'unclosed-xml': { fault: {}, read: { kind: 'unexpected-body' }, reads: 2, write: UNREADABLE, writes: 1 },
    'wrong-root': { fault: {}, read: { kind: 'unexpected-body' }, reads: 2, write: UNREADABLE, writes: 1 },
  };
  const table = Object.entries(TROUBLES);

  it.each(table)(
    '%s: a read says so after its repeats, all in pace',
    async (kind, { fault, read, reads }) => {
      const sandbox = await startSandbox();
      await sandbox.fault({ kind, times: 100, ...fault });

      const facts = await factsOf(sandbox.cabinet.listChangedOrders(lastDay(sandbox.clock.nowMs())));

      const { calls, violations } = await sandbox.calls();
      expect(facts).toMatchObject(read);
      expect(calls).toHaveLength(reads);
      expect(violations).toBe(0);
    },
  );

  it.each(table)('%s: a write says what is known of its effect', async (kind, { fault, write, writes }) => {
    const sandbox = await startSandbox();
    const [code] = await sandbox.addOrders({ createdAtMs: sandbox.clock.nowMs() - HOUR });
    await sandbox.fault({ kind, times: 100, ...fault });

    const facts = await factsOf(sandbox.cabinet.setStatus(String(code), 50, ''));

    const { calls, violations } = await sandbox.calls();
    expect(facts).toMatchObject(write);
    expect(calls).toHaveLength(writes);
    expect(violations).toBe(0);
    // Whoever is told that nothing happened must be able to rely on it.
    if (!facts.effectUnknown) expect((await sandbox.order(code!)).status).toBe(10);
  });

  it.each(table.filter(([, { reads }]) => reads > 1))(
    '%s once: the read succeeds',
    async (kind, { fault }) => {
      const sandbox = await startSandbox();
      await sandbox.fault({ kind, ...fault });

      const statuses = await sandbox.cabinet.listStatuses();

      expect(statuses).toHaveLength(9);
      expect((await sandbox.calls()).violations).toBe(0);
    },
  );

  it.each(['slow', 'drip'])('%s: waits for an answer that comes in time', async (kind) => {
    const sandbox = await startSandbox();
    await sandbox.fault({ kind, delayMs: 100 });

    await expect(sandbox.cabinet.listStatuses()).resolves.toHaveLength(9);
  });

  it('a status that took effect although its answer was lost is sent once', async () => {
    const sandbox = await startSandbox();
    const [code] = await sandbox.addOrders({ createdAtMs: sandbox.clock.nowMs() - HOUR });
    await sandbox.fault({ kind: 'drop-after' });

    const facts = await factsOf(sandbox.cabinet.setStatus(String(code), 50, 'Отправлен'));

    expect(facts).toMatchObject({ kind: 'unavailable', effectUnknown: true });
    expect(await sandbox.order(code!)).toEqual({ status: 50, response: 'Отправлен' });
    expect((await sandbox.calls()).calls.map(({ executed }) => executed)).toEqual([true]);
  });

  it('a server that nobody listens at has certainly done nothing', async () => {
    const { server, cabinet } = await startStub(always({}));
    await server.close();

    const facts = await factsOf(cabinet.setStatus('1', 50, ''));

    expect(facts).toMatchObject({ kind: 'unavailable', effectUnknown: false });
  });
});

describe('answers of the recorded shapes', () => {
  const ORDERS = ['orders-xml.txt', 'orders-d.txt', 'orders-plain.txt'];
  const listAt = (cabinet: ZzapCabinet) => cabinet.listChangedOrders({ fromMs: 0, toMs: HOUR, open: false });

  it('keep the carriage return after the prolog that public clients count on', () => {
    expect(fixture('orders-xml.txt').slice(0, 76)).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\r\n<string xmlns="http://www.zzap.ru/">',
    );
  });

  it.each(ORDERS)('%s lists the orders', async (name) => {
    const { cabinet } = await startStub(always({ body: fixture(name) }));

    const { rows } = await listAt(cabinet);

    expect(rows).toMatchObject([
      {
        kind: 'order',
        order: {
          code: '512000101',
          createdAtMs: Date.UTC(2026, 10, 20, 11, 5, 31, 270),
          part: { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' },
          quantity: 2,
          priceKopecks: 84_550,
          statusCode: 10,
          message: 'Нужен чек',
          deliveryDays: 1,
          priceList: 'Склад Москва',
        },
      },
      {
        kind: 'order',
        order: {
          code: '512000102',
          createdAtMs: null,
          part: { brand: 'Hyundai / KIA', number: '28113-2S000', name: 'Фильтр <воздушный>' },
          quantity: 3,
          priceKopecks: 123_400,
          statusCode: 20,
          statusName: 'Подтверждён',
          buyer: { name: 'ООО "Рога & Копыта" 🚗' },
        },
      },
      { kind: 'unreadable', row: { code: '512000103', problem: 'qty_order' } },
    ]);
  });

  it('may have the price list beside the table', async () => {
    const { cabinet } = await startStub(always({ body: fixture('orders-template-on-top.txt') }));

    expect((await listAt(cabinet)).rows).toMatchObject([{ kind: 'order', order: { priceList: 'Склад Юг' } }]);
  });

  it('may be empty', async () => {
    const { cabinet } = await startStub(always({ body: fixture('orders-empty.txt') }));

    expect(await listAt(cabinet)).toMatchObject({ rows: [], full: false });
  });

  it.each([
    [
      'statuses-xml.txt',
      [
        { code: 10, name: 'Новый' },
        { code: 20, name: 'Подтверждён' },
        { code: 30, name: '№ 30' },
      ],
    ],
    ['statuses-other-names.txt', [{ code: 7, name: 'В пути' }]],
  ])('%s is the dictionary', async (name, statuses) => {
    const { cabinet } = await startStub(always({ body: fixture(name) }));

    expect(await cabinet.listStatuses()).toEqual(statuses);
  });

  it('status-set.txt is a success', async () => {
    const { server, cabinet } = await startStub(always({ body: fixture('status-set.txt') }));

    await cabinet.setStatus('512000101', 50, '');

    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, number, Partial<RemoteErrorFacts>]>([
    ['error-rate-limited.txt', 200, { kind: 'rate-limited', effectUnknown: false }],
    ['error-without-table.txt', 200, { kind: 'auth', credential: 'password' }],
    ['error-unknown.txt', 200, { kind: 'invalid', detail: '[999]:Неизвестная ошибка' }],
    ['page-captcha.txt', 200, { kind: 'rate-limited', retryAfterMs: 180_000 }],
    ['page-challenge.txt', 403, { kind: 'rate-limited', retryAfterMs: 180_000 }],
    ['page-522.txt', 522, { kind: 'unavailable' }],
    ['page-moved.txt', 200, { kind: 'unexpected-body' }],
    ['asmx-missing-parameter.txt', 500, { kind: 'invalid' }],
    ['asmx-unknown-method.txt', 500, { kind: 'invalid' }],
    ['statuses-xml.txt', 302, { kind: 'unexpected-body' }],
  ])('%s with HTTP %d is an error', async (name, httpStatus, expected) => {
    const { cabinet } = await startStub(always({ status: httpStatus, body: fixture(name) }));

    expect(await factsOf(listAt(cabinet))).toMatchObject(expected);
  });

  it('without a table is not an empty list', async () => {
    const { cabinet } = await startStub(always({ body: '{"error":"","row_count":0}' }));

    expect(await factsOf(listAt(cabinet))).toMatchObject({ kind: 'unexpected-body', detail: 'field table' });
  });

  it('that quote our request back do not carry it into the error', async () => {
    const { cabinet } = await startStub(({ body }) => ({
      status: 500,
      body: `Cannot convert ${body} ${body}`,
    }));

    const facts = await factsOf(listAt(cabinet));

    expect(facts.detail).toContain('***');
  });
});

describe('what the client sends', () => {
  it('is a form post with every declared parameter and no secret outside its body', async () => {
    const { server, cabinet } = await startStub(always({ body: fixture('orders-empty.txt') }));

    await cabinet.listChangedOrders({
      fromMs: Date.UTC(2026, 10, 20, 9),
      toMs: Date.UTC(2026, 10, 20, 10),
      open: false,
    });
    await cabinet.listChangedOrders({
      fromMs: Date.UTC(2026, 10, 20, 9),
      toMs: Date.UTC(2026, 10, 20, 10),
      open: true,
    });
    await cabinet.listStatuses();
    await cabinet.setStatus('512000101', 50, 'A&B+C 100%');

    const sent = server.requests.map(({ method, url, body }) => ({
      line: `${method} ${url}`,
      ...Object.fromEntries(new URLSearchParams(body)),
    }));
    const credentials = {
      login: DEMO_CABINET.login,
      password: DEMO_CABINET.password,
      api_key: DEMO_CABINET.apiKey,
    };
    const listing = {
      line: 'POST /webservice/datasharing.asmx/GetSellerOrdersV3',
      ...credentials,
      row_count: '10000',
      call_data: '',
      codes_track: '',
      date_from: '2026-11-20T12:00:00.000',
    };
    expect(sent).toEqual([
      { ...listing, date_to: '2026-11-20T13:00:00.000' },
      { ...listing, date_to: '2026-11-21T13:00:00.000' },
      { line: 'POST /webservice/datasharing.asmx/GetCodesTrack', ...credentials },
      {
        line: 'POST /webservice/datasharing.asmx/SetOrderStatusV3',
        ...credentials,
        code_order: '512000101',
        code_track: '50',
        response: 'A&B+C 100%',
        call_data: '',
      },
    ]);
    for (const { url, headers } of server.requests) {
      expect(`${url} ${JSON.stringify(headers)}`).not.toMatch(SECRET_WORDS);
      expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
      expect(headers['user-agent']).toMatch(/^zzap-retailcrm\//);
    }
  });

  it('is not sent on to where a redirect points', async () => {
    const elsewhere = await startStub(always({ body: fixture('orders-empty.txt') }));
    const { cabinet } = await startStub(
      always({ status: 307, headers: { location: `${elsewhere.server.url}/caught` } }),
    );

    const facts = await factsOf(cabinet.listStatuses());

    expect(facts).toMatchObject({ kind: 'unexpected-body', httpStatus: 307 });
    expect(elsewhere.server.requests).toEqual([]);
  });

  it('does not go through a proxy that the environment names', async () => {
    const proxy = await startStub(always({ body: fixture('orders-empty.txt') }));
    const { cabinet } = await startStub(always({ body: fixture('statuses-xml.txt') }));
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = proxy.server.url;

    try {
      await expect(cabinet.listStatuses()).resolves.toHaveLength(3);
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }

    expect(proxy.server.requests).toEqual([]);
  });

  it('is told to whoever counts the calls, with the waits between them', async () => {
    const clock = createSkippingClock();
    const server = await startStubHttpServer(always({ body: fixture('statuses-xml.txt') }));
    closing.push(() => server.close());
    const told: string[] = [];
    const cabinet = openerAt(server.url, { clock, minIntervalMs: 3_000 })(DEMO_CABINET, {
      called: () => told.push('called'),
      waiting: (untilMs) => told.push(untilMs === null ? 'goes on' : 'waits'),
    });

    await cabinet.listStatuses();
    await cabinet.listStatuses();

    expect(told).toEqual(['called', 'waits', 'goes on', 'called']);
  });
});

describe('the exchange below the client', () => {
  async function noAnswerOf(call: Promise<unknown>): Promise<NoAnswer> {
    const error = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(NoAnswer);
    return error as NoAnswer;
  }

  const quick = createExchange({ timeoutMs: 150, bodyBytesMax: 100_000 });
  const form = new URLSearchParams({
    login: DEMO_CABINET.login,
    password: DEMO_CABINET.password,
    api_key: DEMO_CABINET.apiKey,
  });

  it.each([
    ['never comes', 'timeout-before', 0, false],
    ['never comes although the call took effect', 'timeout-after', 0, true],
    // Pieces come more often than the deadline: a limit on silence alone would not end it.
    ['drips past the deadline', 'drip', 2_000, true],
    ['begins past the deadline', 'slow', 5_000, true],
  ])('gives up an answer that %s', async (_, kind, delayMs, executed) => {
    const sandbox = await startSandbox({ minIntervalMs: 0 });
    const [code] = await sandbox.addOrders({ createdAtMs: sandbox.clock.nowMs() - HOUR });
    await sandbox.fault({ kind, delayMs });
    const request = new URLSearchParams(form);
    for (const [name, value] of [
      ['code_order', String(code)],
      ['code_track', '50'],
      ['response', ''],
      ['call_data', ''],
    ] as const)
      request.set(name, value);
    const url = `${sandbox.url}/webservice/datasharing.asmx/SetOrderStatusV3`;
    const startedAt = performance.now();

    const error = await noAnswerOf(quick({ method: 'POST', url, form: request }));

    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(error.message).toBe('no answer within 0.15 s');
    expect(error.effectUnknown).toBe(true);
    expect((await sandbox.calls()).calls.map((call) => call.executed)).toEqual([executed]);
  });

  it.each<[string, StubAnswer]>([
    ['as it is', { body: 'x'.repeat(100_001) }],
    ['unpacked', { body: gzipSync(Buffer.alloc(5_000_000)), headers: { 'content-encoding': 'gzip' } }],
  ])('gives up an answer that is too large %s', async (_, answer) => {
    const { server } = await startStub(always(answer));

    const error = await noAnswerOf(quick({ method: 'POST', url: server.url, form }));

    expect([error.message, error.effectUnknown]).toEqual(['the answer is too large', true]);
  });

  it('reads a packed answer of the right size', async () => {
    const body = gzipSync(Buffer.from('Тест 🚗'));
    const { server } = await startStub(always({ body, headers: { 'content-encoding': 'gzip' } }));

    expect(await quick({ method: 'POST', url: server.url, form })).toMatchObject({
      status: 200,
      text: 'Тест 🚗',
    });
  });

  it('does not tear a letter that arrives in two pieces', async () => {
    const bytes = Buffer.from('Ж🚗');
    const { server } = await startStub((_, response) => {
      response.writeHead(200);
      response.write(bytes.subarray(0, 1), () =>
        response.write(bytes.subarray(1, 4), () => response.end(bytes.subarray(4))),
      );
      return undefined;
    });

    expect(await quick({ method: 'POST', url: server.url, form })).toMatchObject({ text: 'Ж🚗' });
  });

  it.each([
    ['5', 5_000],
    ['0', 0],
    ['Fri, 20 Nov 2026 12:00:00 GMT', undefined],
    ['-5', undefined],
    ['1e3', undefined],
  ])('reads Retry-After %p as %p ms', async (header, retryAfterMs) => {
    const { server } = await startStub(always({ status: 429, headers: { 'retry-after': header } }));

    const answer = await quick({ method: 'POST', url: server.url, form });

    expect(answer.retryAfterMs).toBe(retryAfterMs);
  });

  it('says nothing of the request in its error', async () => {
    const { server } = await startStub((_, response) => void response.destroy());

    const error = await noAnswerOf(quick({ method: 'POST', url: `${server.url}/secret-path`, form }));

    expect(
      `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`,
    ).not.toMatch(/secret-path|demo/);
    expect(error.effectUnknown).toBe(true);
  });
});

describe('the pace of one key', () => {
  const PACE = { clock: createRealClock(), minIntervalMs: 30 };

  it('is kept by one cabinet, call by call or all at once', async () => {
    const { cabinet, calls } = await startSandbox(PACE);

    await cabinet.listStatuses();
    await Promise.all([cabinet.listStatuses(), cabinet.listStatuses(), cabinet.listStatuses()]);

    expect(await calls()).toMatchObject({ violations: 0, calls: { length: 4 } });
  });

  it('is kept by several cabinets that share it', async () => {
    const { open, gate, calls } = await startSandbox(PACE);
    const visit = async () => {
      const cabinet = open(DEMO_CABINET);
      for (let turn = 0; turn < 3; turn += 1) await cabinet.listStatuses();
      const slot = cabinet.takeSlot();
      if (slot) await gate.release(slot);
    };

    await Promise.all([visit(), visit()]);

    const { calls: made, violations } = await calls();
    expect(made).toHaveLength(6);
    expect(violations).toBe(0);
    expect(Math.min(...made.slice(1).map(({ gapMs }) => gapMs ?? -1))).toBeGreaterThanOrEqual(30);
  });

  it('is no business of another key', async () => {
    const other = { login: 'second@zzap.example', password: 'second', apiKey: 'second/key+2==' };
    const clock = createSkippingClock();
    const { open, calls } = await startSandbox({ clock, accounts: [DEMO_CABINET, other] });
    const startedAtMs = clock.nowMs();

    await open(DEMO_CABINET).listStatuses();
    await open(other).listStatuses();

    expect(clock.nowMs() - startedAtMs).toBeLessThan(3_000);
    expect((await calls()).violations).toBe(0);
  });

  it('frees the slot of a cabinet that died when its lease ends', async () => {
    const clock = createSkippingClock();
    const { open, calls } = await startSandbox({ clock });
    const dead = open(DEMO_CABINET);
    await dead.listStatuses();
    const diedAtMs = clock.nowMs();

    const { askedAtMs } = await open(DEMO_CABINET).listChangedOrders(lastDay(clock.nowMs()));

    expect(askedAtMs - diedAtMs).toBeGreaterThan(32_000);
    expect(askedAtMs - diedAtMs).toBeLessThan(34_000);
    expect((await calls()).violations).toBe(0);
  });

  it('stays blocked after a captcha for every cabinet that shares the key', async () => {
    const clock = createSkippingClock();
    const { open, gate, fault, calls } = await startSandbox({ clock });
    await fault({ kind: 'captcha-html' });
    const first = open(DEMO_CABINET);
    await factsOf(first.listStatuses());
    await gate.release(first.takeSlot()!);

    const early = await factsOf(open(DEMO_CABINET).listStatuses());
    clock.skip(130_000);
    const later = await open(DEMO_CABINET).listStatuses();

    expect(early).toMatchObject({ kind: 'rate-limited', effectUnknown: false });
    expect(early.retryAfterMs).toBeGreaterThan(170_000);
    expect(later).toHaveLength(9);
    const { calls: made } = await calls();
    expect(made.map(({ answer }) => answer)).toEqual(['fault:captcha-html', 'ok']);
    expect(made[1]!.gapMs).toBeGreaterThanOrEqual(179_000);
  });

  it('never shows the key at the gate', async () => {
    const { cabinet } = await startSandbox();
    await cabinet.listStatuses();

    const slot = cabinet.takeSlot();

    expect(slot!.keyTag).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(slot)).not.toMatch(SECRET_WORDS);
  });
});

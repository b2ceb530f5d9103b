import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { setStage, until, type Connection, type Stage } from '../support/product-harness';
import type { Cabinet } from '../support/sandbox-hands';

/**
 * ZZap troubles last while a run repeats its calls, up to half a minute: they go on side by side on a stage of
 * their own while the other tests run.
 */
const ZZAP_TROUBLES = [
  {
    what: 'too many requests',
    fault: { kind: 'rate-limited', times: 4 },
    failure: { kind: 'rate-limited', detail: 'zzap: [100]:Превышена максимальная частота запросов..' },
  },
  {
    what: 'a captcha page',
    fault: { kind: 'captcha-html' },
    failure: { kind: 'rate-limited', detail: 'zzap: HTTP 200: an HTML page instead of data' },
  },
  {
    what: 'a failing server',
    fault: { kind: 'http-500', times: 4 },
    failure: { kind: 'unavailable', detail: 'zzap: HTTP 500: an HTML page instead of data' },
  },
  {
    what: 'a body cut off on its way',
    fault: { kind: 'truncated-body', times: 4 },
    failure: { kind: 'unavailable', detail: expect.stringMatching(/^zzap: the connection broke/) as string },
  },
  {
    what: 'broken JSON',
    fault: { kind: 'malformed-json', times: 2 },
    failure: { kind: 'unexpected-body', detail: expect.stringMatching(/^zzap: /) as string },
  },
  {
    what: 'an unknown error text',
    fault: { kind: 'error-text', text: '[999]:Сервис на обслуживании' },
    failure: { kind: 'invalid', detail: 'zzap: [999]:Сервис на обслуживании' },
  },
] as const;

const ORDERS_EACH = 3;

interface Trouble {
  readonly connection: Connection;
  readonly cabinet: Cabinet;
  readonly site: string;
}

let troubled: Stage;
let troubles: Promise<Trouble[]>;

/** Every trouble hits the first pull of a connection of its own, with orders waiting. */
async function startTroubles(): Promise<Trouble[]> {
  const { accountId } = await troubled.api.addAccount(troubled.crm);
  const started: Trouble[] = [];
  for (const { fault } of ZZAP_TROUBLES) {
    const site = fault.kind;
    await troubled.crm.put('/sites', { code: site, name: site });
    const cabinet = await troubled.zzap.addCabinet(site);
    await troubled.zzap.addOrders({ account: cabinet.login, count: ORDERS_EACH });
    await troubled.zzap.fault({ ...fault, method: 'GetSellerOrdersV3', account: cabinet.login });
    const connection = await troubled.api.startConnection(accountId, { ...cabinet, site, name: site });
    started.push({ connection, cabinet, site });
  }
  return started;
}

let stage: Stage;
let accountId: string;
let id: string;

beforeAll(async () => {
  troubled = await setStage();
  troubles = startTroubles();
  await troubles;
});

afterAll(async () => {
  await troubled.close();
});

beforeEach(async () => {
  stage = await setStage();
  ({ accountId } = await stage.api.addAccount(stage.crm));
  ({ connectionId: id } = await stage.api.addConnection(accountId));
});

afterEach(async () => {
  await stage.close();
});

/** All of ZZap's orders are in RetailCRM, each once. */
async function expectEachOnce(codes: readonly string[]): Promise<void> {
  const stored = (await stage.crm.orders()).map(({ externalId }) => externalId).sort();
  expect(stored).toEqual(codes.map((code) => `zzap-${code}`).sort());
}

describe('an answer of RetailCRM that is lost', () => {
  const LOST = ['drop-after', 'http-500-after', 'malformed-json', 'truncated-body'] as const;

  it.each(LOST)('leaves one order when a single create took effect (%s)', async (kind) => {
    const code = await stage.zzap.addOrder();
    await stage.crm.fault({ path: '/api/v5/orders/create', kind });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 1, adopted: 0, failed: {} });
    await expectEachOnce([code]);
    expect((await stage.api.order(id, code)).state).toBe('linked');
  });

  it.each(LOST)('leaves each order once when an upload took effect (%s)', async (kind) => {
    const codes = await stage.zzap.addOrders({ count: 60 });
    await stage.crm.fault({ path: '/api/v5/orders/upload', kind });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 60, adopted: 0, failed: {} });
    await expectEachOnce(codes);
    expect((await stage.api.orders(id)).every(({ state }) => state === 'linked')).toBe(true);
  });

  it('brings the orders of an upload that never reached RetailCRM', async () => {
    const codes = await stage.zzap.addOrders({ count: 6 });
    await stage.crm.fault({ path: '/api/v5/orders/upload', kind: 'drop-before' });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 6, failed: {} });
    await expectEachOnce(codes);
  });
});

describe('an order that RetailCRM refuses among good ones', () => {
  const WORDS = 'Заказ не прошёл проверку валидатора';
  const MODES = ['http-460', 'http-460-nothing-stored', 'success-true'] as const;

  const refuse = async (code: string) => {
    const rule = { externalIdMatches: `^zzap-${code}$`, errors: { 'items[0].initialPrice': WORDS } };
    await stage.crm.set({ rejectOrders: [rule] });
  };

  it.each(MODES)('needs attention while the others go in (upload answers %s)', async (uploadFailureMode) => {
    const codes = await stage.zzap.addOrders({ count: 8 });
    const [good = '', bad = ''] = codes;
    await stage.crm.set({ uploadFailureMode });
    await refuse(bad);

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', found: 8, created: 7, failed: { 'refused-by-crm': 1 } });
    expect(run.problems).toEqual([
      { zzapOrderCode: bad, reason: 'refused-by-crm', detail: expect.stringContaining(WORDS) as string },
    ]);
    await expectEachOnce(codes.filter((code) => code !== bad));
    const attention = await stage.api.orders(id, { state: 'attention' });
    expect(attention.map(({ zzapOrderCode }) => zzapOrderCode)).toEqual([bad]);
    expect(attention[0]?.attention?.detail).toContain(WORDS);
    expect((await stage.api.order(id, good)).attention).toBeNull();
  });

  it('goes in by a replay once RetailCRM takes it, and only once', async () => {
    const codes = await stage.zzap.addOrders({ count: 5 });
    const [bad = ''] = codes;
    await refuse(bad);
    await stage.api.sync(id);
    const inVain = await stage.api.replay(id, bad);
    await stage.crm.set({ rejectOrders: [] });

    const run = await stage.api.replay(id, bad);

    expect(inVain).toMatchObject({ state: 'done', trigger: 'replay', failed: { 'refused-by-crm': 1 } });
    expect(run).toMatchObject({ state: 'done', trigger: 'replay', created: 1, failed: {} });
    await expectEachOnce(codes);
    expect(await stage.api.orders(id, { state: 'attention' })).toEqual([]);
    const { trace, attention } = await stage.api.order(id, bad);
    expect(attention).toBeNull();
    expect(trace.map(({ event }) => event)).toEqual([
      'claimed',
      'refused',
      'replay-requested',
      'claimed',
      'refused',
      'replay-requested',
      'claimed',
      'created',
    ]);
    const path = `/api/connections/${id}/orders/${bad}/replay`;
    expect((await stage.api.refusal('POST', path)).code).toBe('order-needs-no-replay');
    expect(await stage.api.sync(id)).toMatchObject({ created: 0, adopted: 0 });
  });

  it('waits for its next try without holding up the runs between', async () => {
    const [bad = ''] = await stage.zzap.addOrders({ count: 1 });
    await refuse(bad);
    await stage.api.sync(id);
    await stage.zzap.addOrder();

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 1, failed: {} });
    const { attention } = await stage.api.order(id, bad);
    expect(attention?.attempts).toBe(1);
    const waitMs = Date.parse(attention?.nextAttemptAt ?? '') - Date.parse(attention?.since ?? '');
    expect(waitMs).toBe(5 * 60_000);
  });
});

describe('an optional field that RetailCRM refuses', () => {
  it('is left out, and the trace says so', async () => {
    const { orderMethod } = await stage.api.connection(id);
    await stage.crm.remove(`/order-methods/${orderMethod.code ?? ''}`);
    const codes = await stage.zzap.addOrders({ count: 5 });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 5, failed: {} });
    await expectEachOnce(codes);
    const [code = ''] = codes;
    expect((await stage.crm.order(code)).orderMethod).toBe('shopping-cart');
    const { trace } = await stage.api.order(id, code);
    expect(trace.map(({ text }) => text)).toContain(
      'RetailCRM did not accept some fields, the order was created without: order method',
    );
  });

  it('keeps a contact that is no e-mail where an operator sees it', async () => {
    const code = await stage.zzap.addOrder({ client_email: 'позвоните мне', client_name: 'Анна' });

    await stage.api.sync(id);

    const order = await stage.crm.order(code);
    expect(order).toMatchObject({ firstName: 'Анна' });
    expect(order).not.toHaveProperty('email');
    expect(order.managerComment).toContain('E-mail: позвоните мне');
  });
});

describe('a ZZap row that cannot be read among good ones', () => {
  it('needs attention while the others go in, and goes in once ZZap mends it', async () => {
    const good = await stage.zzap.addOrders({ count: 4 });
    const odd = await stage.zzap.addOrder({ qty_order: 'несколько' });
    await stage.zzap.addOrder({ code_order: null });

    const run = await stage.api.sync(id);
    await expectEachOnce(good);
    const attention = await stage.api.orders(id, { state: 'attention' });
    await stage.zzap.change(odd, { qty: 2 });
    const mended = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', found: 6, created: 4, failed: { 'unreadable-row': 2 } });
    expect(run.problems).toEqual(
      expect.arrayContaining([
        { zzapOrderCode: odd, reason: 'unreadable-row', detail: 'qty_order' },
        { zzapOrderCode: null, reason: 'unreadable-row', detail: 'code_order' },
      ]),
    );
    expect(attention.map(({ zzapOrderCode }) => zzapOrderCode)).toEqual([odd]);
    expect(attention[0]?.trace.at(-1)?.text).toBe("ZZap's row could not be read: field qty_order");
    expect(mended).toMatchObject({ created: 1 });
    await expectEachOnce([...good, odd]);
  });
});

describe('RetailCRM that goes down in the middle', () => {
  it('fails the run with its reason and says when it tries again; the next run finishes without a duplicate', async () => {
    const codes = await stage.zzap.addOrders({ count: 230 });
    await stage.crm.fault({ path: '/api/v5/orders', kind: 'drop-before', afterCalls: 2, times: 10_000 });

    const failed = await stage.api.sync(id);
    const before = await stage.crm.orderCount();
    const { outage } = await stage.api.connection(id);
    await stage.crm.heal();
    await stage.restart();
    // It would try by itself half a minute after the failure; a person need not wait.
    await stage.api.sync(id);
    await until('all orders to be linked', async () => {
      const linked = (await stage.api.orders(id)).filter(({ state }) => state === 'linked');
      return linked.length === 230 ? true : undefined;
    });

    expect(failed.failure?.kind).toBe('unavailable');
    expect(failed.summary).toMatch(
      /^The run stopped: retailcrm: .+ No order is lost, the next run goes on\.$/,
    );
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(230);
    expect(outage).toMatchObject({ remote: 'retailcrm', kind: 'unavailable', failures: 1 });
    expect(Date.parse(outage?.nextAttemptAt ?? '') - Date.parse(outage?.since ?? '')).toBe(30_000);
    expect((await stage.api.connection(id)).outage).toBeNull();
    await expectEachOnce(codes);
  });
});

describe('credentials that no longer open ZZap', () => {
  it('suspend the connection with the reason; new ones resume it at once', async () => {
    const { login } = await stage.api.connection(id);
    await stage.zzap.changeCabinet(login, { password: 'changed-by-the-seller' });
    const codes = await stage.zzap.addOrders({ count: 5 });

    const failed = await stage.api.sync(id);

    expect(failed).toMatchObject({ state: 'failed', failure: { kind: 'auth' } });
    expect(failed.failure?.detail).toContain('[102]:Неверный пароль');
    expect(await stage.api.connection(id)).toMatchObject({
      state: 'suspended',
      active: false,
      suspension: 'zzap-credentials',
    });
    const calls = (await stage.zzap.calls()).length;
    expect((await stage.api.refusal('POST', `/api/connections/${id}/sync`)).code).toBe(
      'connection-not-active',
    );
    await stage.restart();
    const wrong = await stage.api.refusal('PATCH', `/api/connections/${id}`, { password: 'a guess' });
    expect(wrong.errors?.map(({ path, code }) => [path, code])).toEqual([
      ['password', 'zzap-password-refused'],
    ]);
    expect((await stage.zzap.calls()).length).toBe(calls + 1);

    const changed = await stage.api.change(id, { password: 'changed-by-the-seller' });

    expect(changed).toMatchObject({ state: 'active', suspension: null });
    await until('the orders', async () => ((await stage.crm.orderCount()) === 5 ? true : undefined));
    await expectEachOnce(codes);
  });
});

describe('a RetailCRM key that was revoked', () => {
  it('suspends the connection; nothing is lost', async () => {
    const codes = await stage.zzap.addOrders({ count: 5 });
    await stage.crm.patch('/keys/module', { revoked: true });

    const failed = await stage.api.sync(id);

    expect(failed).toMatchObject({ state: 'failed', failure: { kind: 'auth' } });
    expect(await stage.api.connection(id)).toMatchObject({
      state: 'suspended',
      suspension: 'crm-credentials',
    });
    const NEW_KEY = 'the-key-after-the-revoked-one';
    const scopes = ['order_read', 'order_write', 'reference_read', 'reference_write', 'store_read'];
    await stage.crm.put('/keys', { key: NEW_KEY, name: 'fresh', scopes });
    const old = await stage.api.refusal('PATCH', `/api/accounts/${accountId}`, { apiKey: DEMO_API_KEY });
    expect(old.errors?.map(({ path, code }) => [path, code])).toEqual([['apiKey', 'crm-key-refused']]);
    await stage.api.changeAccount(accountId, { apiKey: NEW_KEY });
    await until('the connection to go on', async () => {
      const { state } = await stage.api.connection(id);
      return state === 'active' ? true : undefined;
    });
    await until('the orders', async () => ((await stage.crm.orderCount()) === 5 ? true : undefined));
    await expectEachOnce(codes);
  });
});

describe('ZZap in trouble', () => {
  it.each(ZZAP_TROUBLES.map((one, index) => ({ ...one, index })))(
    'makes the run record say what was met: $what',
    async ({ index, failure }) => {
      const { connection } = (await troubles)[index]!;

      const failed = await troubled.api.runIn(connection.connectionId, 'failed', 60_000);

      expect(failed.failure).toEqual(failure);
      expect(failed.trigger).toBe('activated');
      expect((await troubled.api.connection(connection.connectionId)).state).toBe('active');
    },
    65_000,
  );

  it('loses no order: the next run brings them all, each once', async () => {
    const all = await troubles;
    // The pause after a captcha is three minutes; another key has a pace of its own.
    const captcha = all.find(({ site }) => site === 'captcha-html')!;
    await troubled.zzap.changeCabinet(captcha.cabinet.login, { apiKey: 'another/key==' });
    await troubled.api.change(captcha.connection.connectionId, { zzapApiKey: 'another/key==' });

    await troubled.restart();
    for (const { connection } of all) await troubled.api.requestSync(connection.connectionId);

    await until('all orders', async () =>
      (await troubled.crm.orderCount()) === ORDERS_EACH * all.length ? true : undefined,
    );
    const stored = await troubled.crm.orders();
    expect(new Set(stored.map(({ externalId }) => externalId)).size).toBe(stored.length);
    for (const { site } of all) {
      expect(stored.filter((order) => order.site === site)).toHaveLength(ORDERS_EACH);
    }
    expect(await troubled.zzap.violations()).toBe(0);
  });
});

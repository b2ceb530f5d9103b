import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { SCHEDULES_TABLE } from '../../functions/local/local-tables';
import { DAY_MS, setStage, until, type Connection, type Stage } from '../support/product-harness';

const PLAIN_KEY = 'key-that-may-not-write-dictionaries';
const KEYS = [
  {
    key: 'demo-retailcrm-key-for-the-module',
    name: 'module',
    scopes: ['order_read', 'order_write', 'reference_read', 'reference_write', 'store_read'],
  },
  { key: PLAIN_KEY, name: 'plain', scopes: ['order_read', 'order_write', 'reference_read'] },
];

/** Noon of 20 January 2026 in Moscow: 09:00 UTC. */
const NOON_MS = Date.UTC(2026, 0, 20, 9, 0, 0);
const SINCE_WINTER = '2026-01-01';

const wheel = {
  class_man: 'BOSCH',
  partnumber: '0 986 494 294',
  class_cat: 'Колодки тормозные',
  qty_order: 3,
  priceV2: 412.35,
  comment: 'Нужен чек',
  message: 'Покупатель ждёт звонка',
  delivery_days: 4,
  class_template: 'Склад Москва',
  client_name: 'Иван Петров',
  client_phone: '+7 (900) 000-00-01',
  client_email: 'petrov@example.test',
};

let stage: Stage;

afterEach(async () => {
  await stage.close();
});

async function connected(more: object = {}) {
  stage = await setStage({ crmKeys: KEYS });
  const account = await stage.api.addAccount(stage.crm);
  const connection = await stage.api.addConnection(account.accountId, { importFrom: SINCE_WINTER, ...more });
  return { account, connection, id: connection.connectionId };
}

describe('an order of ZZap', () => {
  it('arrives in RetailCRM once, with everything ZZap knows of it', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    const code = await stage.zzap.addOrder({ ...wheel, createdAtMs: NOON_MS });

    const { connectionId } = await stage.api.addConnection(accountId, { importFrom: SINCE_WINTER });

    const [run] = await stage.api.runs(connectionId);
    expect(run).toMatchObject({ state: 'done', trigger: 'activated', found: 1, created: 1, failed: {} });
    const [order, ...others] = await stage.crm.orders();
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      externalId: `zzap-${code}`,
      site: 'auto',
      createdAt: '2026-01-20 12:00:00',
      firstName: 'Иван Петров',
      phone: '+7 (900) 000-00-01',
      email: 'petrov@example.test',
      customerComment: 'Нужен чек',
      summ: 1237.05,
    });
    expect(order?.items).toHaveLength(1);
    expect(order?.items[0]).toMatchObject({
      productName: 'BOSCH 0 986 494 294 Колодки тормозные',
      initialPrice: 412.35,
      quantity: 3,
      externalIds: [{ code: 'zzap', value: code }],
      properties: [
        { code: 'brand', value: 'BOSCH' },
        { code: 'article', value: '0 986 494 294' },
      ],
    });
    expect(order?.managerComment?.split('\n')).toEqual([
      `Заказ ZZap № ${code}`,
      'Срок поставки, дн.: 4',
      'Прайс-лист: Склад Москва',
      'Сообщение ZZap: Покупатель ждёт звонка',
    ]);
  });

  it('carries no contact that ZZap does not give', async () => {
    const { id } = await connected();
    const code = await stage.zzap.addOrder({ client_name: '', client_phone: '   ', client_email: null });

    await stage.api.sync(id);

    const order = await stage.crm.order(code);
    expect(order).not.toHaveProperty('firstName');
    expect(order).not.toHaveProperty('phone');
    expect(order).not.toHaveProperty('email');
  });

  it('is dated by the clock of the RetailCRM account', async () => {
    stage = await setStage({ timeZone: 'Asia/Novosibirsk' });
    const code = await stage.zzap.addOrder({ createdAtMs: NOON_MS });
    const account = await stage.api.addAccount(stage.crm);

    const { connectionId } = await stage.api.addConnection(account.accountId, { importFrom: SINCE_WINTER });

    expect(account.timeZone).toBe('Asia/Novosibirsk');
    expect((await stage.crm.order(code)).createdAt).toBe('2026-01-20 16:00:00');
    const { lastSyncAt, lastSyncLabel, importFrom } = await stage.api.connection(connectionId);
    const there = new Date(Date.parse(lastSyncAt ?? '') + 7 * 3_600_000).toISOString();
    expect(lastSyncLabel).toBe(
      `${there.slice(8, 10)}-${there.slice(5, 7)}-${there.slice(0, 4)} ${there.slice(11, 16)}`,
    );
    expect(importFrom).toBe('2026-01-01T00:00:00.000+07:00');
  });

  it('is created in the RetailCRM status that its ZZap status is mapped to', async () => {
    const { id } = await connected();
    await stage.api.saveMapping(id, [
      { crmStatus: 'assembling', zzapStatus: 30 },
      { crmStatus: 'client-confirmed', zzapStatus: 20 },
    ]);
    const mapped = await stage.zzap.addOrder({ status: 30 });
    const unmapped = await stage.zzap.addOrder({ status: 40 });

    await stage.api.sync(id);

    expect((await stage.crm.order(mapped)).status).toBe('assembling');
    expect((await stage.crm.order(unmapped)).status).toBe('new');
  });

  it('is found by the number of either side, with its story in both languages', async () => {
    const { id } = await connected();
    const code = await stage.zzap.addOrder(wheel);
    await stage.zzap.addOrder(wheel);
    await stage.api.sync(id);
    const { id: crmOrderId, number } = await stage.crm.order(code);

    const byCode = await stage.api.order(id, code, 'ru');
    const byNumber = await stage.api.order(id, number);
    const byExternalId = await stage.api.order(id, `zzap-${code}`);

    expect(byCode).toMatchObject({ state: 'linked', zzapOrderCode: code, crmOrderId, crmNumber: number });
    expect(byCode.trace.map(({ text }) => text)).toEqual([
      'Заказ получен из ZZap',
      `Создан заказ в RetailCRM (ID ${crmOrderId})`,
    ]);
    expect(byNumber.zzapOrderCode).toBe(code);
    expect(byNumber.trace.map(({ text }) => text)).toEqual([
      'The order was received from ZZap',
      `Order created in RetailCRM (ID ${crmOrderId})`,
    ]);
    expect(byExternalId.zzapOrderCode).toBe(code);
    expect(await stage.api.orders(id, { number: '999999' })).toEqual([]);
  });
});

describe('an order that is in RetailCRM', () => {
  it('keeps what a manager made of it when ZZap changes', async () => {
    const { id } = await connected();
    const code = await stage.zzap.addOrder({ ...wheel, status: 10 });
    await stage.api.sync(id);
    const mine = { firstName: 'Пётр', managerComment: 'Созвонились', status: 'client-confirmed' };
    await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { order: mine });
    await stage.zzap.change(code, { status: 20, client_name: 'Иван Иванович Петров' });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 0, skipped: { 'changed-at-zzap': 1 } });
    expect(await stage.crm.order(code)).toMatchObject(mine);
    const { trace, zzapStatus } = await stage.api.order(id, code);
    expect(zzapStatus).toBe(20);
    expect(trace.at(-1)?.text).toBe('The status at ZZap changed: 10 → 20');
  });

  it('is not created again after somebody has deleted it there', async () => {
    const { id } = await connected();
    const [code = ''] = await stage.zzap.addOrders({ count: 5 });
    await stage.api.sync(id);
    await stage.crm.remove(`/orders/zzap-${code}?by=externalId`);
    await stage.zzap.change(code, { status: 30 });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', created: 0, adopted: 0 });
    expect(await stage.crm.orderCount()).toBe(4);
  });
});

describe('the journal', () => {
  it('tells what each run did, in both languages', async () => {
    const { id } = await connected();
    await stage.zzap.addOrders({ count: 3, spreadMinutes: 5 });
    await stage.zzap.addOrder({ createdAtMs: Date.UTC(2025, 11, 31, 20) });

    const first = await stage.api.sync(id);
    const second = await stage.api.sync(id);

    expect(first.summary).toBe('Orders found: 3; created 3.');
    expect((await stage.api.run(id, first.runId, 'ru')).summary).toBe('Заказов найдено: 3; создано 3.');
    expect(first.calls).toEqual({ zzap: 1, crm: expect.any(Number) as number });
    expect(first.calls.crm).toBeGreaterThan(0);
    expect(first.durationMs).toBeGreaterThan(0);
    expect(second).toMatchObject({ state: 'done', found: 3, created: 0, unchanged: 3 });
    expect(second.calls.crm).toBe(0);
    expect(second.summary).toBe('Orders found: 3; unchanged 3.');
    const [newest, before] = await stage.api.runs(id);
    expect([newest?.runId, before?.runId]).toEqual([second.runId, first.runId]);
    expect(await stage.crm.orderCount()).toBe(3);
  });

  it('says so when ZZap has no news', async () => {
    const { id } = await connected();

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', found: 0 });
    expect(run.summary).toBe('ZZap has no news.');
    expect((await stage.api.run(id, run.runId, 'ru')).summary).toBe('В ZZap нет новых событий.');
  });

  it('folds runs that found nothing new into one line', async () => {
    const { id } = await connected();
    await stage.zzap.addOrders({ count: 2 });
    await stage.api.sync(id);
    const before = (await stage.api.runs(id)).length;

    for (let idle = 0; idle < 2; idle += 1) await tickedAtOnce(id);
    await stage.zzap.addOrder();
    await tickedAtOnce(id);

    const runs = await stage.api.runs(id);
    expect(
      runs.map(({ trigger, runs: folded, found, created }) => ({ trigger, folded, found, created })),
    ).toEqual([
      { trigger: 'tick', folded: 1, found: 3, created: 1 },
      { trigger: 'tick', folded: 2, found: 2, created: 0 },
      ...runs
        .slice(2)
        .map(({ trigger, runs: folded, found, created }) => ({ trigger, folded, found, created })),
    ]);
    expect(runs).toHaveLength(before + 2);
  });

  it('shows the moment ZZap was last asked', async () => {
    const { connection, id } = await connected();
    expect(connection.lastSyncLabel).toMatch(/^\d\d-\d\d-\d{4} \d\d:\d\d$/);
    const beforeMs = Date.now();

    await stage.api.sync(id);

    const { lastSyncAt } = await stage.api.connection(id);
    expect(Date.parse(lastSyncAt ?? '')).toBeGreaterThanOrEqual(beforeMs);
    const [asked] = (await stage.zzap.calls('GetSellerOrdersV3')).slice(-1);
    expect(Math.abs(Date.parse(lastSyncAt ?? '') - (asked?.startedAtMs ?? 0))).toBeLessThan(2_000);
  });
});

/** The tick of a schedule that came due while the product was off. */
async function tickedAtOnce(connectionId: string): Promise<void> {
  const { lastSyncAt: before } = await stage.api.connection(connectionId);
  await stage.restart(async ({ db }) => {
    await db.client.send(
      new UpdateCommand({
        TableName: SCHEDULES_TABLE,
        Key: { connectionId },
        UpdateExpression: 'SET anchorMs = :long, firedAtMs = :ago',
        ExpressionAttributeValues: { ':long': Date.now() - DAY_MS, ':ago': Date.now() - 1000 },
      }),
    );
  });
  await until('the tick', async () => {
    const { lastSyncAt } = await stage.api.connection(connectionId);
    return lastSyncAt !== before ? true : undefined;
  });
}

describe('the start of the import', () => {
  const codesInCrm = async () => (await stage.crm.orders()).map(({ externalId }) => externalId);

  it('leaves out what was ordered before it, until it is moved back', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    const old = await stage.zzap.addOrder({ createdAtMs: Date.UTC(2026, 0, 19, 20, 59) });
    const midnight = await stage.zzap.addOrder({ createdAtMs: Date.UTC(2026, 0, 19, 21, 0) });
    const older = await stage.zzap.addOrder({ createdAtMs: Date.UTC(2026, 0, 10) });

    const { connectionId: id } = await stage.api.addConnection(accountId, { importFrom: '2026-01-20' });

    expect(await codesInCrm()).toEqual([`zzap-${midnight}`]);
    await stage.api.change(id, { importFrom: '2026-01-05' });
    await until('the older orders', async () => ((await codesInCrm()).length === 3 ? true : undefined));
    expect(new Set(await codesInCrm())).toEqual(
      new Set([`zzap-${midnight}`, `zzap-${old}`, `zzap-${older}`]),
    );
    const again = await stage.api.sync(id);
    expect(again).toMatchObject({ created: 0, adopted: 0 });
  });

  it('counts the orders it leaves out', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    await stage.zzap.addOrder({ createdAtMs: Date.UTC(2026, 0, 19, 20, 0) });
    const { connectionId } = await stage.api.addConnection(accountId, { importFrom: '2026-01-20' });

    const [first] = await stage.api.runs(connectionId);

    expect(first).toMatchObject({ trigger: 'activated', found: 1, created: 0 });
    expect(first?.skipped).toEqual({ 'before-import-start': 1 });
  });
});

describe('the order method', () => {
  const methodOf = async ({ connectionId }: Connection) => {
    const code = await stage.zzap.addOrder();
    await stage.api.sync(connectionId);
    return (await stage.crm.order(code)).orderMethod;
  };

  it('is the one that bears the connection’s name, however it is typed', async () => {
    const { connection } = await connected({ name: ' в один КЛИК ' });

    expect(connection.orderMethod).toEqual({ code: 'one-click', source: 'existing' });
    expect(await methodOf(connection)).toBe('one-click');
  });

  it('is created when there is none of that name', async () => {
    const { connection } = await connected();
    const { code, source } = connection.orderMethod;

    expect(source).toBe('created');
    expect(await methodOf(connection)).toBe(code);
    const [order] = await stage.crm.orders();
    expect(order?.orderMethodName).toBe('Заказ с ZZap');
  });

  it('is the account’s default where the key may create none', async () => {
    stage = await setStage({ crmKeys: KEYS });
    const account = await stage.api.addAccount(stage.crm, { apiKey: PLAIN_KEY });
    const connection = await stage.api.addConnection(account.accountId);

    expect(account.missingScopes).toContain('reference_write');
    expect(connection.orderMethod).toEqual({ code: null, source: 'default' });
    expect(await methodOf(connection)).toBe('shopping-cart');
  });
});

describe('a connection that was removed', () => {
  it('imports nothing twice when it is made anew', async () => {
    const { account, id } = await connected();
    const codes = await stage.zzap.addOrders({ count: 6 });
    await stage.api.sync(id);
    await stage.api.call('DELETE', `/api/connections/${id}`);

    const anew = await stage.api.addConnection(account.accountId, { importFrom: SINCE_WINTER });

    const [run] = await stage.api.runs(anew.connectionId);
    expect(run).toMatchObject({ created: 0, adopted: 6 });
    expect(await stage.crm.orderCount()).toBe(6);
    const [code = ''] = codes;
    expect((await stage.api.order(anew.connectionId, code)).trace.map(({ event }) => event)).toEqual([
      'claimed',
      'adopted',
    ]);
  });
});

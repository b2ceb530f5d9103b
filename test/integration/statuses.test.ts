import { setStage, until, type Connection, type Stage } from '../support/product-harness';
import type { CrmItem, CrmOrder, ZzapCall } from '../support/sandbox-hands';

const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
  { crmStatus: 'complete', zzapStatus: 60 },
  { crmStatus: 'cancel-other', zzapStatus: 70 },
];

let stage: Stage;
let connection: Connection;
let id: string;

afterEach(async () => {
  await stage.close();
});

/** A connection with a mapping and orders of status 10 («new») in both systems. */
async function connected(more: object, count = 1, options: Parameters<typeof setStage>[0] = {}) {
  stage = await setStage(options);
  await zzapSettings({ replicaLagMs: 0 });
  const { accountId } = await stage.api.addAccount(stage.crm);
  connection = await stage.api.addConnection(accountId);
  id = connection.connectionId;
  await stage.api.saveMapping(id, PAIRS);
  const codes = await stage.zzap.addOrders({ count, spreadMinutes: 1 });
  connection = await stage.api.change(id, more);
  await stage.api.sync(id);
  return codes;
}

async function zzapSettings(settings: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(settings);
  await fetch(`${stage.zzap.url}/sandbox/settings`, { method: 'PUT', headers, body });
}

const byExternalId = (code: string) => `/orders/zzap-${code}?by=externalId`;
const patch = (code: string, body: object) => stage.crm.patch(byExternalId(code), body);
const statusOf = async (code: string) => (await stage.crm.order(code)).status;
const knock = () => fetch(connection.hooks.retailcrm, { method: 'POST' });
const traceOf = async (code: string) => (await stage.api.order(id, code)).trace.map(({ event }) => event);
const sets = () => stage.zzap.calls('SetOrderStatusV3');
const valuesOf = (calls: readonly ZzapCall[]) => calls.map(({ params }) => Number(params['code_track']));
const edits = async () => (await stage.crm.calls('/v5/orders/')).filter(({ path }) => path.endsWith('/edit'));

async function zzapStatusOf(code: string): Promise<number> {
  const answer = await fetch(`${stage.zzap.url}/sandbox/orders/${code}`);
  return ((await answer.json()) as { status: number }).status;
}

/** Reaches ZZap without anybody asking for a sync. */
const arrives = (code: string, status: number) =>
  until(`status ${status} of ${code}`, async () =>
    (await zzapStatusOf(code)) === status ? true : undefined,
  );

/** Waits until the lane is empty: a manual run stands behind whatever there was. */
async function quiet(): Promise<void> {
  await stage.api.sync(id);
  await until('an empty queue', async () => {
    const runs = await stage.api.runs(id);
    return runs.some(({ state }) => state === 'running' || state === 'queued') ? undefined : true;
  });
}

/** What a status change must leave alone. */
const restOf = ({
  id: crmId,
  createdAt,
  orderMethod,
  firstName,
  phone,
  managerComment,
  items,
  summ,
}: CrmOrder) => ({
  ...{ crmId, createdAt, orderMethod, firstName, phone, managerComment, items, summ },
});

describe('ZZap’s status in RetailCRM (flag 1)', () => {
  const flag1 = { statusDirection: 'zzapToCrm' };

  it('travels when it is mapped, and nothing else of the order changes', async () => {
    const [code = ''] = await connected(flag1);
    await patch(code, { order: { managerComment: 'Звонить после обеда' } });
    const before = await stage.crm.order(code);
    await stage.zzap.change(code, { status: 20 });

    const run = await stage.api.sync(id);

    const after = await stage.crm.order(code);
    expect(run).toMatchObject({ state: 'done', updated: 1 });
    expect(after.status).toBe('assembling');
    expect(restOf(after)).toEqual(restOf(before));
    expect(await edits()).toHaveLength(1);
    expect(await traceOf(code)).toContain('crm-status-set');
  });

  it('leaves a hand-set one until ZZap’s changes again', async () => {
    const [code = ''] = await connected(flag1);
    await stage.zzap.change(code, { status: 20 });
    await stage.api.sync(id);
    await patch(code, { as: 'user', status: 'no-call' });

    await stage.api.sync(id);
    await stage.zzap.change(code, { comment: 'Другой комментарий' });
    await stage.api.sync(id);
    expect(await statusOf(code)).toBe('no-call');

    await stage.zzap.change(code, { status: 50 });
    await stage.api.sync(id);
    expect(await statusOf(code)).toBe('delivering');
    expect(await sets()).toEqual([]);
  });

  it('ends in the last of several changes', async () => {
    const [code = ''] = await connected(flag1);
    for (const status of [20, 50, 60]) await stage.zzap.change(code, { status });

    await stage.api.sync(id);

    expect(await statusOf(code)).toBe('complete');
    expect(await edits()).toHaveLength(1);
  });

  it('is told when it is not mapped', async () => {
    const [code = ''] = await connected(flag1);
    await stage.zzap.change(code, { status: 30 });

    const run = await stage.api.sync(id);

    expect(run.skipped).toEqual({ 'status-unmapped': 1 });
    expect(await statusOf(code)).toBe('new');
    expect((await traceOf(code)).slice(-2)).toEqual(['status-changed-at-zzap', 'status-unmapped']);
  });

  it('does not bring a deleted order back, and says so', async () => {
    const [code = '', other = ''] = await connected(flag1, 2);
    await stage.crm.remove(byExternalId(code));
    await stage.zzap.change(code, { status: 20 });

    const run = await stage.api.sync(id);
    await stage.zzap.change(code, { status: 50 });
    const again = await stage.api.sync(id);

    expect([run.skipped, again.skipped]).toEqual([{ 'crm-order-gone': 1 }, { 'crm-order-gone': 1 }]);
    expect((await stage.crm.orders()).map(({ externalId }) => externalId)).toEqual([`zzap-${other}`]);
    expect(await traceOf(code)).toContain('crm-order-gone');
  });
});

describe('a status that changed while the order’s creation was broken off', () => {
  it('reaches the order that was created', async () => {
    await connected({ statusDirection: 'zzapToCrm' });
    await stage.crm.fault({ path: '/api/v5/orders/create', kind: 'drop-after' });
    await stage.crm.fault({ path: '/api/v5/orders', kind: 'error', times: 1_000 });
    const code = await stage.zzap.addOrder();
    await stage.api.requestSync(id);
    await stage.api.runIn(id, 'failed');
    expect(await statusOf(code)).toBe('new');
    await stage.zzap.change(code, { status: 20 });

    await stage.restart(() => stage.crm.heal());
    await quiet();

    expect(await statusOf(code)).toBe('assembling');
    expect(await stage.crm.orderCount()).toBe(2);
  });
});

describe('a status that RetailCRM refuses', () => {
  const refuse = () =>
    stage.crm.fault({
      path: '/api/v5/orders/',
      kind: 'error',
      times: 1000,
      errors: { status: 'Transition is not allowed' },
    });

  async function refused(): Promise<string> {
    const [code = ''] = await connected({ statusDirection: 'zzapToCrm' });
    await refuse();
    await stage.zzap.change(code, { status: 20 });
    await stage.api.sync(id);
    await stage.crm.heal();
    return code;
  }

  it('needs attention, with its words; a replay after the cause is gone works', async () => {
    const code = await refused();
    const [waiting] = await stage.api.orders(id, { state: 'attention' });
    expect(waiting).toMatchObject({ zzapOrderCode: code, state: 'linked' });
    expect(waiting?.attention).toMatchObject({ reason: 'status-refused-by-crm' });
    expect(waiting?.attention?.detail).toContain('Transition is not allowed');

    await stage.api.replay(id, code);

    expect(await statusOf(code)).toBe('assembling');
    expect(await stage.api.orders(id, { state: 'attention' })).toEqual([]);
  });

  it.each([
    ['has no mapping any more', 30],
    ['is the one from before', 10],
  ])('is not set later when ZZap’s newest one %s', async (_, status) => {
    const code = await refused();
    await stage.zzap.change(code, { status });
    await stage.api.sync(id);

    if ((await stage.api.order(id, code)).attention) await stage.api.replay(id, code);

    expect(await statusOf(code)).toBe('new');
    expect(await stage.api.orders(id, { state: 'attention' })).toEqual([]);
  });

  it('is not set later when the direction has been switched meanwhile', async () => {
    const code = await refused();
    await stage.api.change(id, { statusDirection: 'crmToZzap' });

    if ((await stage.api.order(id, code)).attention) await stage.api.replay(id, code);

    expect(await statusOf(code)).toBe('new');
    expect(await stage.api.orders(id, { state: 'attention' })).toEqual([]);
  });
});

describe('RetailCRM’s status at ZZap (flag 2)', () => {
  const flag2 = { statusDirection: 'crmToZzap' };
  const flag3 = { ...flag2, includeApiChanges: true };

  it('travels by a hint, and is not written back', async () => {
    const [code = ''] = await connected(flag2);

    await patch(code, { as: 'user', status: 'assembling' });
    await knock();
    await arrives(code, 20);
    await quiet();
    await quiet();

    expect(valuesOf(await sets())).toEqual([20]);
    expect(await edits()).toEqual([]);
    expect(await traceOf(code)).toEqual(
      expect.arrayContaining(['push-wanted', 'push-sent', 'push-confirmed']),
    );
  });

  it('travels without a hint by the next sync', async () => {
    const [code = ''] = await connected(flag2);
    await patch(code, { as: 'user', status: 'assembling' });

    const run = await stage.api.sync(id);

    expect(run).toMatchObject({ state: 'done', pushed: 1 });
    expect(await zzapStatusOf(code)).toBe(20);
  });

  it('does not travel when it is older than the switch', async () => {
    const [code = ''] = await connected({ statusDirection: 'none' });
    await patch(code, { as: 'user', status: 'assembling' });
    // RetailCRM dates its history by the second.
    const changedAt = Math.floor(Date.now() / 1_000);
    await until('the next second', () => (Math.floor(Date.now() / 1_000) > changedAt ? true : undefined));
    await stage.api.change(id, flag2);

    await quiet();

    expect(await sets()).toEqual([]);
  });

  it('is not pushed for what the module itself created or wrote', async () => {
    await connected(flag3);
    const [second = ''] = await stage.zzap.addOrders({ count: 3, status: 20 });
    await stage.api.sync(id);
    await stage.zzap.change(second, { client_name: 'Иван Петров' });
    await quiet();

    expect(await edits()).toHaveLength(1);
    expect(await sets()).toEqual([]);
  });

  it('set with another API key travels with flag 3 only', async () => {
    const [code = ''] = await connected(flag2);
    await patch(code, { as: 'api', key: 'warehouse', status: 'assembling' });
    await quiet();
    expect(await sets()).toEqual([]);

    await stage.api.change(id, flag3);
    await patch(code, { as: 'api', key: 'warehouse', status: 'delivering' });
    await quiet();
    expect(valuesOf(await sets())).toEqual([50]);
  });

  it.each(['rule', 'something-new'])('set by the source %s travels', async (source) => {
    const [code = ''] = await connected(flag2);
    await patch(code, { as: 'rule', source, status: 'assembling' });

    await stage.api.sync(id);

    expect(await zzapStatusOf(code)).toBe(20);
  });

  it('of other stores and of orders that are not linked stays', async () => {
    const [code = ''] = await connected(flag3);
    await stage.crm.put('/orders', { site: 'moto', order: { externalId: `zzap-${code}`, status: 'new' } });
    await stage.crm.put('/orders', { site: 'auto', order: { externalId: 'zzap-999', status: 'new' } });
    await stage.crm.put('/orders', { site: 'auto', order: { externalId: 'own-1', status: 'new' } });
    const strangers = (await stage.crm.orders()).slice(-3);
    for (const order of strangers) await stage.crm.patch(`/orders/${order.id}`, { status: 'assembling' });

    const run = await stage.api.sync(id);

    expect(run.state).toBe('done');
    expect(strangers.map(({ site }) => site)).toEqual(['moto', 'auto', 'auto']);
    expect(await sets()).toEqual([]);
  });

  it('is the last of several wishes', async () => {
    const [code = ''] = await connected(flag2);
    for (const status of ['assembling', 'delivering', 'complete']) await patch(code, { status });

    await stage.api.sync(id);

    expect(valuesOf(await sets())).toEqual([60]);
  });

  it('is told when it is not mapped', async () => {
    const [code = ''] = await connected(flag2);
    await patch(code, { status: 'prepayed' });

    const run = await stage.api.sync(id);

    expect(run.skipped).toEqual({ 'status-unmapped': 1 });
    expect(await traceOf(code)).toContain('status-unmapped');
    expect(await sets()).toEqual([]);
  });

  it('puts cancellations first', async () => {
    const codes = await connected(flag2, 6);
    for (const code of codes) await patch(code, { status: 'assembling' });
    const last = codes.at(-1) ?? '';
    await patch(last, { status: 'cancel-other' });

    await stage.api.sync(id);

    expect((await sets()).map(({ params }) => params['code_order'])[0]).toBe(last);
    expect(await sets()).toHaveLength(6);
    expect(await zzapStatusOf(last)).toBe(70);
  });

  it('that ZZap rejects needs attention with its words; a replay sends it', async () => {
    const [code = ''] = await connected(flag2);
    const text = '[203]:Этот статус продавец установить не может';
    await stage.zzap.fault({ method: 'SetOrderStatusV3', kind: 'error-text', text, times: 1 });
    await patch(code, { status: 'assembling' });
    await stage.api.sync(id);

    const { attention, push } = await stage.api.order(id, code);
    expect(attention).toMatchObject({ reason: 'status-refused-by-zzap', nextAttemptAt: null });
    expect(attention?.detail).toContain('Этот статус продавец установить не может');
    expect(push?.state).toBe('rejected');
    await quiet();
    expect(await sets()).toHaveLength(1);

    await stage.api.replay(id, code);
    expect(await zzapStatusOf(code)).toBe(20);
    expect((await stage.api.order(id, code)).attention).toBeNull();
  });

  it('waits while ZZap refuses, and a wish equal to ZZap’s status cancels it', async () => {
    const [code = ''] = await connected(flag2);
    await stage.zzap.fault({
      method: 'SetOrderStatusV3',
      kind: 'error-text',
      text: '[203]:Нельзя',
      times: 9,
    });
    await patch(code, { status: 'assembling' });
    await stage.api.sync(id);

    await patch(code, { status: 'new' });
    await quiet();

    expect(await stage.api.order(id, code)).toMatchObject({ push: null, attention: null });
    expect(await traceOf(code)).toContain('push-cancelled');
    expect(await sets()).toHaveLength(1);
  });
});

describe('an answer lost after SetOrderStatusV3', () => {
  it('is not sent again when a pull shows that it took effect', async () => {
    const [code = ''] = await connected({ statusDirection: 'crmToZzap' });
    await stage.zzap.fault({ method: 'SetOrderStatusV3', kind: 'drop-after' });
    await patch(code, { status: 'assembling' });

    await stage.api.sync(id);
    await knock();
    await quiet();

    expect(await sets()).toHaveLength(1);
    expect(await traceOf(code)).toContain('push-unanswered');
    expect((await stage.api.order(id, code)).push).toBeNull();
    expect(await zzapStatusOf(code)).toBe(20);
  });

  it('is sent again by itself when a pull after the replicas’ lag shows that it did not', async () => {
    const [code = ''] = await connected({ statusDirection: 'crmToZzap' });
    await stage.zzap.fault({ method: 'SetOrderStatusV3', kind: 'drop-before' });
    await patch(code, { status: 'assembling' });

    await stage.api.sync(id);
    await until('the second request', async () => ((await sets()).length > 1 ? true : undefined), 30_000);
    await quiet();

    const [first, second, ...others] = await sets();
    expect(others).toEqual([]);
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(15_000);
    expect(await traceOf(code)).toContain('push-unanswered');
    expect((await stage.api.order(id, code)).push).toBeNull();
    expect(await zzapStatusOf(code)).toBe(20);
  });
});

describe('a lagging replica of ZZap', () => {
  it('turns nothing back, in either direction and while directions are switched', async () => {
    const [code = '', other = ''] = await connected({ statusDirection: 'crmToZzap' }, 2);
    await zzapSettings({ replicaLagMs: 2_000 });
    await patch(code, { status: 'assembling' });
    await stage.api.sync(id);
    await quiet();
    await patch(code, { status: 'delivering' });
    await quiet();

    await stage.api.change(id, { statusDirection: 'zzapToCrm' });
    await quiet();
    await stage.zzap.change(other, { status: 20, lag: true });
    await quiet();
    expect([await statusOf(code), await zzapStatusOf(code)]).toEqual(['delivering', 50]);
    await until('the replica', async () => {
      await quiet();
      return (await statusOf(other)) === 'assembling' ? true : undefined;
    });
    await stage.api.change(id, { statusDirection: 'crmToZzap' });
    await quiet();
    await quiet();

    expect(valuesOf(await sets())).toEqual([20, 50]);
    expect(await edits()).toHaveLength(1);
    expect([await statusOf(code), await statusOf(other)]).toEqual(['delivering', 'assembling']);
  });
});

describe('switching the direction', () => {
  it('drops what is pending, and every order says so', async () => {
    const [code = '', rejected = ''] = await connected({ statusDirection: 'crmToZzap' }, 2);
    await stage.zzap.fault({ method: 'SetOrderStatusV3', kind: 'drop-before', codeOrder: Number(code) });
    const refusal = { kind: 'error-text', text: '[203]:Нельзя', codeOrder: Number(rejected) };
    await stage.zzap.fault({ method: 'SetOrderStatusV3', ...refusal });
    await patch(code, { status: 'assembling' });
    await patch(rejected, { status: 'assembling' });
    await stage.api.sync(id);

    await stage.api.change(id, { statusDirection: 'none' });
    await quiet();

    for (const one of [code, rejected]) {
      expect(await traceOf(one)).toContain('push-dropped');
      expect(await stage.api.order(id, one)).toMatchObject({ push: null, attention: null });
    }
    expect(await sets()).toHaveLength(2);
  });

  it('off and on again between two runs lets no old wish travel', async () => {
    const [code = ''] = await connected({ statusDirection: 'crmToZzap' });
    await stage.zzap.fault({ method: 'SetOrderStatusV3', kind: 'drop-before' });
    await patch(code, { status: 'assembling' });
    await stage.api.sync(id);

    await stage.api.change(id, { statusDirection: 'none' });
    await stage.api.change(id, { statusDirection: 'crmToZzap' });
    await quiet();

    expect(await traceOf(code)).toContain('push-dropped');
    expect(await stage.api.order(id, code)).toMatchObject({ push: null });
  });
});

describe('a long queue', () => {
  const COUNT = 60;

  it('keeps the pace, coalesces, and goes on over runs and a restart', async () => {
    const options = { runMsMax: 1_500 };
    const codes = await connected({ statusDirection: 'crmToZzap' }, COUNT, options);
    for (const code of codes) await patch(code, { status: 'assembling' });
    for (const code of codes) await patch(code, { status: 'delivering' });

    await knock();
    await until('some pushes', async () => ((await sets()).length >= 10 ? true : undefined));
    await stage.restart();
    await until('all pushes', async () => ((await sets()).length >= COUNT ? true : undefined));
    await quiet();

    const sent = await sets();
    expect(new Set(valuesOf(sent))).toEqual(new Set([50]));
    expect(sent.map(({ params }) => params['code_order']).sort()).toEqual([...codes].sort());
    expect(await stage.zzap.violations()).toBe(0);
    const pushing = (await stage.api.runs(id)).filter(({ pushed }) => pushed > 0);
    expect(pushing.length).toBeGreaterThan(1);
    expect(await stage.api.orders(id, { state: 'pending' })).toEqual([]);
  });
});

describe('a long history', () => {
  const RECORDS = 1_000;

  it('read in pages loses and doubles nothing when a run breaks off in the middle', async () => {
    const codes = await connected({ statusDirection: 'crmToZzap' }, 10);
    for (let record = 0; record < RECORDS - 10; record += 1) {
      const status = Math.floor(record / 10) % 2 === 0 ? 'assembling' : 'prepayed';
      await patch(codes[record % 10] ?? '', { status });
    }
    for (const code of codes) await patch(code, { status: 'delivering' });
    await stage.crm.fault({ path: '/api/v5/orders/history', kind: 'error', afterCalls: 4 });

    const broken = await stage.api.sync(id);
    expect(broken.state).toBe('failed');
    expect(await sets()).toEqual([]);
    await stage.restart();
    connection = await stage.api.connection(id);
    await stage.api.sync(id);
    for (const code of codes) await arrives(code, 50);
    await quiet();

    const last = new Map((await sets()).map(({ params }) => [params['code_order'], params['code_track']]));
    expect(new Set(last.values())).toEqual(new Set(['50']));
    expect(await sets()).toHaveLength(10);
    expect(await stage.zzap.violations()).toBe(0);
  });
});

describe('a tick, a hint and a manual sync', () => {
  it('at the same moment push each status once', async () => {
    const codes = await connected({ statusDirection: 'crmToZzap' }, 5);
    for (const code of codes) await patch(code, { status: 'assembling' });

    await Promise.all([
      knock(),
      stage.api.sync(id),
      fetch(connection.hooks.zzap, { method: 'POST' }),
      stage.api.sync(id),
    ]);
    await quiet();

    expect((await sets()).map(({ params }) => params['code_order']).sort()).toEqual([...codes].sort());
    expect(await stage.zzap.violations()).toBe(0);
  });
});

describe('what ZZap changes of a linked order', () => {
  const changed = { qty: 5, price: 99.5, client_phone: '+7 (900) 000-00-99', comment: 'Звонить в дверь' };

  it('follows in RetailCRM', async () => {
    const [code = ''] = await connected({ statusDirection: 'none' });
    await stage.zzap.change(code, changed);

    const run = await stage.api.sync(id);
    await quiet();

    const order = await stage.crm.order(code);
    expect(run.updated).toBe(1);
    expect(order).toMatchObject({ phone: '+7 (900) 000-00-99', customerComment: 'Звонить в дверь' });
    expect(order.items).toHaveLength(1);
    expect(order.items[0]).toMatchObject({ quantity: 5, initialPrice: 99.5 });
    expect(order.items[0]?.externalIds).toEqual([{ code: 'zzap', value: code }]);
    expect(await edits()).toHaveLength(1);
    expect(await traceOf(code)).toContain('fields-updated');
  });

  it('leaves a manager’s edit alone, and says so', async () => {
    const [code = ''] = await connected({ statusDirection: 'none' });
    await patch(code, { as: 'user', order: { phone: '+79001112233' } });
    await stage.zzap.change(code, changed);

    await stage.api.sync(id);

    const order = await stage.crm.order(code);
    expect(order).toMatchObject({ phone: '+79001112233', customerComment: 'Звонить в дверь' });
    const { trace } = await stage.api.order(id, code);
    expect(trace.find(({ event }) => event === 'fields-kept')?.text).toContain('phone');
  });

  it('leaves the items alone when a manager has added a second one', async () => {
    const [code = ''] = await connected({ statusDirection: 'none' });
    const [mine] = (await stage.crm.order(code)).items as readonly (CrmItem & { readonly id?: number })[];
    const second = { productName: 'Доставка', quantity: 1, initialPrice: 300 };
    await patch(code, { as: 'user', order: { items: [{ id: mine?.id }, second] } });
    const before = await stage.crm.order(code);
    expect(before.items).toHaveLength(2);
    await stage.zzap.change(code, changed);

    await stage.api.sync(id);

    const after = await stage.crm.order(code);
    expect(after.items).toEqual(before.items);
    expect(after.phone).toBe('+7 (900) 000-00-99');
  });
});

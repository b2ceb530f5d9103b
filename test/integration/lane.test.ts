import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { SCHEDULES_TABLE } from '../../functions/local/local-tables';
import { DAY_MS, setStage, until, type Run, type Stage } from '../support/product-harness';

let stage: Stage;

afterEach(async () => {
  await stage.close();
});

/** Runs in which something was done, in the order they began. */
async function workedRuns(connectionId: string): Promise<Run[]> {
  const runs = await stage.api.runs(connectionId);
  return runs
    .filter(({ startedAt, finishedAt }) => startedAt !== null && finishedAt !== null)
    .sort((a, b) => Date.parse(a.startedAt ?? '') - Date.parse(b.startedAt ?? ''));
}

function expectOneAfterAnother(spans: readonly { from: number; to: number }[]): void {
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    if (next) expect(next.from).toBeGreaterThanOrEqual(span.to);
  }
}

describe('reasons to sync that come at the same moment', () => {
  it('are handled one after another for one connection, and every order arrives once', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    const { connectionId: id } = await stage.api.addConnection(accountId, { active: false });
    await stage.api.change(id, { active: true });
    await until('the first run', async () => (await stage.api.connection(id)).lastSyncAt ?? undefined);
    const codes = await stage.zzap.addOrders({ count: 120 });
    await stage.crm.fault({ path: '/api/v5/orders/upload', kind: 'slow', delayMs: 300, times: 3 });

    // A tick falls due while the product is off; pressing buttons begins as soon as it is back.
    await stage.restart(async ({ db }) => {
      await db.client.send(
        new UpdateCommand({
          TableName: SCHEDULES_TABLE,
          Key: { connectionId: id },
          UpdateExpression: 'SET anchorMs = :long, firedAtMs = :ago',
          ExpressionAttributeValues: { ':long': Date.now() - DAY_MS, ':ago': Date.now() - 1000 },
        }),
      );
    });
    const manual = await Promise.all(Array.from({ length: 5 }, () => stage.api.requestSync(id)));
    await stage.api.change(id, { active: false });
    await stage.api.change(id, { active: true });
    await stage.zzap.addOrders({ count: 5 });
    const more = await Promise.all(Array.from({ length: 5 }, () => stage.api.requestSync(id)));
    for (const runId of [...manual, ...more]) await stage.api.settled(id, runId);
    await stage.api.sync(id);

    const stored = await stage.crm.orders();
    expect(stored).toHaveLength(125);
    expect(new Set(stored.map(({ externalId }) => externalId)).size).toBe(125);
    expect(stored.map(({ externalId }) => externalId)).toEqual(
      expect.arrayContaining(codes.map((code) => `zzap-${code}`)),
    );
    const runs = (await workedRuns(id)).filter(({ state }) => state === 'done');
    expectOneAfterAnother(
      runs.map((run) => ({ from: Date.parse(run.startedAt ?? ''), to: Date.parse(run.finishedAt ?? '') })),
    );
    expect(runs.reduce((sum, { created, adopted }) => sum + created + adopted, 0)).toBe(125);
    const pulls = (await stage.zzap.calls('GetSellerOrdersV3')).map((call) => ({
      from: call.startedAtMs,
      to: call.endedAtMs ?? 0,
    }));
    expectOneAfterAnother(pulls);
    expect(await stage.zzap.violations()).toBe(0);
  });

  it('need no call of their own when a younger run has asked ZZap already', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    const { connectionId: id } = await stage.api.addConnection(accountId);
    await stage.zzap.addOrders({ count: 5 });
    await stage.crm.fault({ path: '/api/v5/orders/upload', kind: 'slow', delayMs: 500 });
    await stage.zzap.fault({ method: 'GetSellerOrdersV3', kind: 'slow', delayMs: 500 });
    const before = (await stage.zzap.calls('GetSellerOrdersV3')).length;

    const runIds = await Promise.all(Array.from({ length: 8 }, () => stage.api.requestSync(id)));

    const runs = await Promise.all(runIds.map((runId) => stage.api.settled(id, runId)));
    const calls = (await stage.zzap.calls('GetSellerOrdersV3')).length - before;
    const worked = runs.filter(({ state }) => state === 'done').length;
    const answered = runs.filter(({ state }) => state === 'answered');
    expect(worked + answered.length).toBe(8);
    expect(calls).toBe(worked);
    expect(answered.length).toBeGreaterThan(0);
    expect(answered[0]?.summary).toBe('Already done by a younger run.');
  });
});

describe('connections', () => {
  it('are synced side by side: a slow one holds up nobody else', async () => {
    stage = await setStage();
    const { accountId } = await stage.api.addAccount(stage.crm);
    const [slow, fast] = [await stage.zzap.addCabinet('slow'), await stage.zzap.addCabinet('fast')];
    const first = await stage.api.addConnection(accountId, { ...slow, site: 'auto' });
    const second = await stage.api.addConnection(accountId, { ...fast, site: 'moto' });
    await stage.zzap.addOrders({ count: 3, account: slow.login });
    await stage.zzap.addOrders({ count: 3, account: fast.login });
    const fault = { method: 'GetSellerOrdersV3', kind: 'slow', account: slow.login, delayMs: 2_000 };
    await stage.zzap.fault(fault);

    const slowRun = await stage.api.requestSync(first.connectionId);
    const done = await stage.api.sync(second.connectionId);
    const meanwhile = await stage.api.run(first.connectionId, slowRun);

    expect(done).toMatchObject({ state: 'done', created: 3 });
    expect(meanwhile).toMatchObject({ state: 'running', stage: 'asking-zzap' });
    const end = await stage.api.settled(first.connectionId, slowRun);
    expect(end).toMatchObject({ state: 'done', created: 3 });
    expect(Date.parse(end.startedAt ?? '')).toBeLessThan(Date.parse(done.finishedAt ?? ''));
  });
});

describe('a run that lasts', () => {
  it('tells at once what it is doing and what it waits for', async () => {
    stage = await setStage({ zzapMinIntervalMs: 1_800 });
    const { accountId } = await stage.api.addAccount(stage.crm);
    const { connectionId: id } = await stage.api.addConnection(accountId);
    await stage.zzap.addOrder();

    const runId = await stage.api.requestSync(id);

    const waiting = await until('the wait for ZZap', async () => {
      const run = await stage.api.run(id, runId);
      return run.waiting ? run : undefined;
    });
    expect(waiting).toMatchObject({ state: 'running', stage: 'asking-zzap', waiting: { remote: 'zzap' } });
    expect(Date.parse(waiting.waiting?.until ?? '')).toBeGreaterThan(Date.parse(waiting.startedAt ?? ''));
    expect(await stage.api.settled(id, runId)).toMatchObject({ state: 'done', created: 1, waiting: null });
    const [before, asked] = (await stage.zzap.calls()).slice(-2);
    expect(asked!.startedAtMs - before!.endedAtMs!).toBeGreaterThanOrEqual(1_800);
    expect(await stage.zzap.violations()).toBe(0);
  });
});

describe('a run whose time is over', () => {
  it('goes on in another one until everything is there, nothing twice', async () => {
    stage = await setStage({ runMsMax: 400 });
    const { accountId } = await stage.api.addAccount(stage.crm);
    const codes = await stage.zzap.addOrders({ count: 600, spreadMinutes: 60 });
    await stage.crm.fault({ path: '/api/v5/orders/upload', kind: 'slow', delayMs: 250, times: 8 });

    const { connectionId: id } = await stage.api.addConnection(accountId);

    await until('all orders to be linked', async () => {
      const [newest] = await stage.api.runs(id);
      return newest?.state === 'done' ? true : undefined;
    });
    const runs = await stage.api.runs(id);
    expect(runs.map(({ state, trigger }) => [state, trigger])).toEqual([
      ['done', 'continuation'],
      ...runs.slice(1, -1).map(() => ['continued', 'continuation']),
      ['continued', 'activated'],
    ]);
    expect(runs.reduce((sum, { created, adopted }) => sum + created + adopted, 0)).toBe(600);
    const stored = (await stage.crm.orders()).map(({ externalId }) => externalId);
    expect(stored.sort()).toEqual(codes.map((code) => `zzap-${code}`).sort());
    expect((await stage.api.orders(id)).every(({ state }) => state === 'linked')).toBe(true);
  });
});

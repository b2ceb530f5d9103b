import type { OrderLink } from '../../../functions/domain/order-link';
import { queuedRun, type RunRecord } from '../../../functions/domain/run-record';
import type { IdleStreak } from '../../../functions/domain/sync-cursor';
import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { getRun, listOrders, listRuns, type Page } from '../../../functions/settings/read-journal';
import { reconcileSchedules } from '../../../functions/settings/reconcile-schedules';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { replayOrder, requestSync } from '../../../functions/settings/request-run';
import { updateConnection } from '../../../functions/settings/update-connection';
import { createWorld, CRM_KEY, CRM_URL, NIGHT_MS, typed, type World } from '../../support/settings-world';
import { aLink, aSetAsideLink } from '../../contract/stores/builders';
import { refusalIn, refusedFields } from './refusal-of';

let world: World;
let accountId: string;
let connectionId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
  connectionId = await add({ site: 'moscow' });
  world.clock.pass(1_000);
});

async function add(changes: { site?: string; login?: string; active?: boolean }): Promise<string> {
  return (await createConnection(world.ports, accountId, { ...typed(), ...changes })).connectionId;
}
const link = async (made: OrderLink) => (await world.ports.links.save({ ...made, connectionId }))!;
const findLink = async (code: string) => (await world.ports.links.findMany(connectionId, [code])).get(code);

describe('«Синхронизировать сейчас»', () => {
  it('leaves a record to watch and a message that bears its id', async () => {
    const run = await requestSync(world.ports, connectionId);

    const atMs = NIGHT_MS + 1_000;
    expect(run).toEqual(queuedRun(connectionId, run.runId, 'manual', atMs));
    expect(await getRun(world.ports, connectionId, run.runId)).toEqual(run);
    expect(world.ports.lane.sent().at(-1)).toEqual({
      accountId,
      connectionId,
      trigger: 'manual',
      atMs,
      runId: run.runId,
    });
  });

  it('is a run of its own each time', async () => {
    const first = await requestSync(world.ports, connectionId);
    const second = await requestSync(world.ports, connectionId);

    expect(second.runId > first.runId).toBe(true);
    expect(world.ports.lane.sent().slice(-2)).toMatchObject([
      { runId: first.runId },
      { runId: second.runId },
    ]);
  });

  it.each(['paused', 'draft'])('is refused while the connection is %s', async (state) => {
    if (state === 'draft') connectionId = await add({ login: 'other@example.com' });
    else await updateConnection(world.ports, connectionId, { active: false });
    const sent = world.ports.lane.sent().length;

    const refusal = await refusalIn(requestSync(world.ports, connectionId));

    expect([refusal.kind, refusal.code, refusal.params]).toEqual([
      'conflict',
      'connection-not-active',
      { state },
    ]);
    expect(world.ports.lane.sent()).toHaveLength(sent);
  });
});

describe('replay', () => {
  it('makes an order that was set aside due now and queues a run', async () => {
    await link(aSetAsideLink({}, { retryAtMs: null, attempts: 10 }));

    const run = await replayOrder(world.ports, connectionId, '100500');

    const replayed = await findLink('100500');
    expect(replayed?.quarantine).toMatchObject({ retryAtMs: NIGHT_MS + 1_000, attempts: 10 });
    expect(replayed?.trace.at(-1)).toEqual({ atMs: NIGHT_MS + 1_000, event: 'replay-requested' });
    expect(replayed?.sealedRow).toBe('sealed-row');
    expect(world.ports.lane.sent().at(-1)).toMatchObject({ trigger: 'replay', runId: run.runId });
  });

  it.each([
    ['one never seen', '999', 'not-found', 'order-not-found'],
    ['one that is in RetailCRM', '100501', 'conflict', 'order-needs-no-replay'],
  ])('refuses %s', async (_, code, kind, refusal) => {
    await link(aLink({ zzapOrderCode: '100501' }));

    const refused = await refusedFields(replayOrder(world.ports, connectionId, code));

    expect(refused).toMatchObject({ kind, code: refusal });
  });

  it('refuses when a run is writing the order at this moment', async () => {
    await link(aSetAsideLink());
    jest.spyOn(world.ports.links, 'save').mockResolvedValueOnce(null);
    const sent = world.ports.lane.sent().length;

    const refusal = await refusalIn(replayOrder(world.ports, connectionId, '100500'));

    expect(refusal.code).toBe('stale-version');
    expect(world.ports.lane.sent()).toHaveLength(sent);
  });

  it('refuses an order of another connection', async () => {
    await link(aSetAsideLink());
    const other = await add({ site: 'kazan', login: 'other@example.com' });

    expect((await refusalIn(replayOrder(world.ports, other, '100500'))).code).toBe('order-not-found');
  });
});

describe('the journal', () => {
  const run = async (runId: string, facts: Partial<RunRecord> = {}) => {
    const record = { ...queuedRun(connectionId, runId, 'tick', NIGHT_MS), ...facts };
    await world.ports.runs.put(record);
    return record;
  };
  const idle = async (streak: Partial<IdleStreak> = {}) => {
    const cursor = await world.ports.cursors.read(connectionId);
    await world.ports.cursors.advance({
      ...cursor,
      idle: {
        runId: 'r-5',
        firstAtMs: NIGHT_MS,
        lastAtMs: NIGHT_MS + 600_000,
        runs: 3,
        rowsSeen: 14,
        ...streak,
      },
    });
  };
  /** Walks the journal, bounded so that a journal that repeats itself fails. */
  const pages = async (limit: number): Promise<string[][]> => {
    const all: string[][] = [];
    let cursor: string | undefined;
    for (let count = 0; count < 50; count += 1) {
      const page: Page<RunRecord> = await listRuns(world.ports, connectionId, { limit, cursor });
      all.push(page.items.map(({ runId }) => runId));
      if (page.nextCursor === null) return all;
      cursor = page.nextCursor;
    }
    throw new Error('the journal has no end');
  };

  it('is empty at first', async () => {
    expect(await listRuns(world.ports, connectionId, { limit: 10 })).toEqual({ items: [], nextCursor: null });
  });

  it('shows a streak of idle runs as one line on top', async () => {
    await run('r-4');
    await idle();

    const { items, nextCursor } = await listRuns(world.ports, connectionId, { limit: 10 });

    expect(nextCursor).toBeNull();
    expect(items.map(({ runId }) => runId)).toEqual(['r-5', 'r-4']);
    expect(items[0]).toMatchObject({
      trigger: 'tick',
      state: 'done',
      runs: 3,
      startedAtMs: NIGHT_MS,
      finishedAtMs: NIGHT_MS + 600_000,
      counts: { found: 14, unchanged: 14, created: 0 },
      calls: { zzap: 3, crm: 0 },
    });
  });

  it('finds the idle line by its id too', async () => {
    await idle();

    expect(await getRun(world.ports, connectionId, 'r-5')).toMatchObject({ runs: 3 });
    expect((await refusalIn(getRun(world.ports, connectionId, 'r-6'))).code).toBe('run-not-found');
  });

  it('shows a run that was asked for after the idle ones above them', async () => {
    await run('r-4');
    await idle();
    await run('r-6', { trigger: 'manual' });

    expect(await pages(10)).toEqual([['r-6', 'r-5', 'r-4']]);
  });

  it.each([
    [1, [['r-7'], ['r-6'], ['r-5'], ['r-4'], ['r-3']]],
    [2, [['r-7', 'r-6'], ['r-5', 'r-4'], ['r-3']]],
    [
      3,
      [
        ['r-7', 'r-6', 'r-5'],
        ['r-4', 'r-3'],
      ],
    ],
    [4, [['r-7', 'r-6', 'r-5', 'r-4'], ['r-3']]],
    [5, [['r-7', 'r-6', 'r-5', 'r-4', 'r-3']]],
  ])('has each line on one page only, %d to a page', async (limit, expected) => {
    for (const runId of ['r-3', 'r-4', 'r-6', 'r-7']) await run(runId);
    await idle();

    expect(await pages(limit)).toEqual(expected);
  });

  it.each([1, 2, 3])('ends with the idle line when it is the oldest, %d to a page', async (limit) => {
    await idle({ runId: 'r-1' });
    for (const runId of ['r-2', 'r-3']) await run(runId);

    expect((await pages(limit)).flat()).toEqual(['r-3', 'r-2', 'r-1']);
  });

  it('is closed when the connection is gone', async () => {
    await run('r-1');
    await removeConnection(world.ports, connectionId);

    expect((await refusalIn(listRuns(world.ports, connectionId, { limit: 5 }))).code).toBe(
      'connection-not-found',
    );
    expect((await refusalIn(getRun(world.ports, connectionId, 'r-1'))).code).toBe('connection-not-found');
  });
});

describe('«Где мой заказ?»', () => {
  const found = async (number: string) => {
    const page = await listOrders(world.ports, connectionId, { number }, { limit: 10 });
    return page.items.map(({ link }) => link.zzapOrderCode);
  };

  it.each([
    ["ZZap's number", '100500'],
    ['our external id', 'zzap-100500'],
    ['our external id in capitals', 'ZZAP-100500'],
    ["RetailCRM's number", '77C'],
    ['a number with blanks around it', '  100500 '],
  ])('finds an order by %s', async (_, number) => {
    await link(aLink());

    expect(await found(number)).toEqual(['100500']);
  });

  it('regression: shows an order once that has one number on both sides', async () => {
    await link(aLink({ zzapOrderCode: '77', crmNumber: '77' }));
    await link(aLink({ zzapOrderCode: '78', crmNumber: '77' }));

    expect(await found('77')).toEqual(['77', '78']);
  });

  it('finds nothing for another number', async () => {
    await link(aLink());

    expect(await found('10050')).toEqual([]);
  });

  it('lists those that need attention, longest waiting first, page by page', async () => {
    await link(aLink({ zzapOrderCode: '1' }));
    await link(aSetAsideLink({ zzapOrderCode: '2' }, { sinceMs: NIGHT_MS + 2 }));
    await link(aSetAsideLink({ zzapOrderCode: '3' }, { sinceMs: NIGHT_MS + 1 }));

    const first = await listOrders(world.ports, connectionId, { state: 'attention' }, { limit: 1 });
    const second = await listOrders(
      world.ports,
      connectionId,
      { state: 'attention' },
      { limit: 1, cursor: first.nextCursor ?? '' },
    );

    expect(first.items.map(({ link }) => link.zzapOrderCode)).toEqual(['3']);
    expect(second.items.map(({ link }) => link.zzapOrderCode)).toEqual(['2']);
    expect(second.nextCursor).toBeNull();
  });

  it('lists all by code', async () => {
    await link(aLink({ zzapOrderCode: '2' }));
    await link(aLink({ zzapOrderCode: '1' }));

    const { items } = await listOrders(world.ports, connectionId, {}, { limit: 10 });

    expect(items.map(({ link }) => link.zzapOrderCode)).toEqual(['1', '2']);
  });
});

describe('reconcile schedules', () => {
  it('starts what a dead save left without a start', async () => {
    await world.ports.schedules.remove(connectionId);
    const sent = world.ports.lane.sent().length;

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().get(connectionId)).toMatchObject({ intervalMinutes: 15 });
    expect(world.ports.lane.sent().slice(sent)).toMatchObject([{ connectionId, trigger: 'activated' }]);
  });

  it('leaves a connection that has run to its schedule', async () => {
    const cursor = await world.ports.cursors.read(connectionId);
    await world.ports.cursors.advance({ ...cursor, lastSyncAtMs: NIGHT_MS });
    const before = world.ports.schedules.standing().get(connectionId);
    const sent = world.ports.lane.sent().length;
    world.clock.pass(5_000);

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().get(connectionId)).toEqual(before);
    expect(world.ports.lane.sent()).toHaveLength(sent);
  });

  it('takes away the schedule of a connection that is paused', async () => {
    await updateConnection(world.ports, connectionId, { active: false });
    await world.ports.schedules.ensure(connectionId, accountId, 15);

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().size).toBe(0);
  });

  it('corrects a schedule whose interval was changed by a save that died', async () => {
    const connection = await world.ports.connections.find(connectionId);
    await world.ports.connections.save({ ...connection!, intervalMinutes: 60, version: 2 }, 1);

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().get(connectionId)).toMatchObject({ intervalMinutes: 60 });
  });

  it('goes through more accounts and connections than one page holds', async () => {
    for (let count = 0; count < 130; count += 1) {
      const url = `https://shop${count}.retailcrm.ru`;
      await createAccount(world.ports, { name: url, crmUrl: url, apiKey: CRM_KEY });
    }
    const connection = await world.ports.connections.find(connectionId);
    for (let count = 0; count < 130; count += 1) {
      const id = `c-many-${String(count).padStart(3, '0')}`;
      await world.ports.connections.create({ ...connection!, connectionId: id });
    }

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().size).toBe(131);
  });
});

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { LaneMessage } from '../../functions/domain/lane-message';
import { createLocalSchedules } from '../../functions/local/schedules';
import { SCHEDULES_TABLE } from '../../functions/local/local-tables';
import type { Lane } from '../../functions/ports/lane';
import type { Database } from '../../functions/storage/database';
import { createMemoryLane, type MemoryLane } from '../support/memory/lane';
import { createMemoryLog, type MemoryLog } from '../support/memory/log';
import { createMemorySchedules } from '../support/memory/schedules';
import { startLocalDatabase, type LocalDatabase } from './local/local-database';
import { createSignal, until } from './local/signal';
import { createStepClock, type StepClock } from './local/step-clock';
import { describeTickingSchedules } from './local/ticking.suite';
import { describeScheduleGrid, describeSchedules } from './ports/schedules.suite';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const START_MS = 1_727_103_600_000;
const MINUTE_MS = 60_000;

interface StoredSchedule {
  readonly connectionId: string;
  readonly accountId: string;
  readonly intervalMinutes: number;
  readonly anchorMs: number;
}

let database: LocalDatabase;
let clock: StepClock;
let log: MemoryLog;
let lane: MemoryLane;
beforeEach(async () => {
  database = await startLocalDatabase();
  clock = createStepClock(START_MS);
  log = createMemoryLog();
  lane = createMemoryLane(clock.nowMs);
});
afterEach(() => database.close());

const make = (changes: { db?: Database; lane?: Lane } = {}) =>
  createLocalSchedules({ db: database.db, lane, clock, log, ...changes });

const WAKE = 'wake#';

async function storedItems<Item extends { readonly connectionId: string }>(): Promise<Item[]> {
  const { Items = [] } = await database.db.client.send(new ScanCommand({ TableName: SCHEDULES_TABLE }));
  return (Items as Item[]).sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
}

async function standing(): Promise<Map<string, StoredSchedule>> {
  const items = await storedItems<StoredSchedule>();
  return new Map(
    items.filter((item) => !item.connectionId.startsWith(WAKE)).map((item) => [item.connectionId, item]),
  );
}

async function wakes(): Promise<Map<string, number>> {
  const items = await storedItems<{ connectionId: string; wakeAtMs: number }>();
  return new Map(
    items
      .filter(({ connectionId }) => connectionId.startsWith(WAKE))
      .map(({ connectionId, wakeAtMs }) => [connectionId.slice(WAKE.length), wakeAtMs]),
  );
}

const ticks = () => lane.sent().map(({ connectionId, atMs }) => `${connectionId}@${atMs - START_MS}`);

const memory = () => {
  const schedules = createMemorySchedules(clock.nowMs);
  return Promise.resolve({
    schedules,
    pass: clock.pass,
    standing: () => Promise.resolve(schedules.standing()),
    wakes: () =>
      Promise.resolve(
        new Map([...schedules.wakes()].map(([connectionId, { atMs }]) => [connectionId, atMs])),
      ),
  });
};
const local = () => Promise.resolve({ schedules: make(), pass: clock.pass, standing, wakes });

describeSchedules('memory', memory);
describeScheduleGrid('memory', memory);
describeSchedules('local', local);
describeScheduleGrid('local', local);

describeTickingSchedules('local', () =>
  Promise.resolve({
    open: async () => {
      const schedules = make();
      await schedules.load();
      return schedules;
    },
    pass: clock.pass,
    ticks,
  }),
);

describe('the local schedules', () => {
  it('send a tick that says when it was due, and which one it is', async () => {
    const send = jest.spyOn(lane, 'send');
    const schedules = make();
    await schedules.ensure('c-1', 'a-1', 1);

    clock.pass(MINUTE_MS + 400);
    await schedules.tick();

    const tick: LaneMessage = {
      accountId: 'a-1',
      connectionId: 'c-1',
      trigger: 'tick',
      atMs: START_MS + MINUTE_MS,
    };
    expect(send.mock.calls).toEqual([[tick, `c-1@${START_MS + MINUTE_MS}`]]);
  });

  it('try a tick again that could not be sent, and send the others all the same', async () => {
    const schedules = make();
    await schedules.ensure('c-1', 'a-1', 1);
    await schedules.ensure('c-2', 'a-1', 1);
    const cause = new Error('disk');
    jest.spyOn(lane, 'send').mockRejectedValueOnce(cause);

    clock.pass(MINUTE_MS);
    await schedules.tick();
    expect(ticks()).toEqual(['c-2@60000']);
    await schedules.tick();

    expect(ticks()).toEqual(['c-2@60000', 'c-1@60000']);
    expect(log.lines()).toEqual([
      { level: 'error', event: 'schedule.not-fired', fields: { connectionId: 'c-1' }, cause },
    ]);
  });

  /** Schedules whose next tick is held back while it is being sent. */
  async function whileSending(meanwhile: (schedules: ReturnType<typeof make>) => Promise<void>) {
    const sending = createSignal();
    const goOn = createSignal();
    const slowLane: Lane = {
      async send(message, deduplicationId) {
        sending.give();
        await goOn.given;
        await lane.send(message, deduplicationId);
      },
    };
    const schedules = make({ lane: slowLane });
    await schedules.ensure('c-1', 'a-1', 1);
    clock.pass(MINUTE_MS);
    const ticking = schedules.tick();
    await sending.given;
    await meanwhile(schedules);
    goOn.give();
    await ticking;
  }

  it('regression: keep an interval that is chosen while a tick is being sent', async () => {
    await whileSending(async (schedules) => {
      await schedules.ensure('c-1', 'a-1', 60);
    });

    expect((await standing()).get('c-1')).toMatchObject({
      intervalMinutes: 60,
      anchorMs: START_MS + MINUTE_MS,
    });
  });

  it('stay away when they are taken away while a tick is being sent', async () => {
    await whileSending((schedules) => schedules.remove('c-1'));

    expect(await standing()).toEqual(new Map());
  });

  it('send one tick for a slot although they are looked at again while it is being sent', async () => {
    await whileSending(async (schedules) => {
      const second = schedules.tick();
      await Promise.resolve();
      void second;
    });
    await until('both looks', () => lane.sent().length > 0);

    expect(ticks()).toEqual(['c-1@60000']);
  });

  it('regression: write what is decided last, also when the first write is slow', async () => {
    const goOn = createSignal();
    const db = database.watched((name) => (name === 'PutItemCommand' ? goOn.given : undefined));
    const schedules = make({ db });

    const ensured = schedules.ensure('c-1', 'a-1', 1);
    const removed = schedules.remove('c-1');
    goOn.give();
    await Promise.all([ensured, removed]);

    expect(await standing()).toEqual(new Map());
  });

  it('go on writing after a write that failed', async () => {
    let failing = true;
    const db = database.watched(() => {
      if (failing) throw new Error('disk');
    });
    const schedules = make({ db });
    await expect(schedules.ensure('c-1', 'a-1', 1)).rejects.toThrow('disk');
    failing = false;

    await schedules.ensure('c-2', 'a-1', 1);

    expect([...(await standing()).keys()]).toEqual(['c-2']);
  });
});

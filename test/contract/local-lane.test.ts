import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { LaneMessage } from '../../functions/domain/lane-message';
import { createLocalLane } from '../../functions/local/lane';
import { LANE_TABLE } from '../../functions/local/local-tables';
import type { Database } from '../../functions/storage/database';
import { createMemoryLane } from '../support/memory/lane';
import { createMemoryLog, type MemoryLog } from '../support/memory/log';
import { describeLaneHandling } from './local/lane-handling.suite';
import { startLocalDatabase, type LocalDatabase } from './local/local-database';
import { createSignal, until } from './local/signal';
import { createStepClock, type StepClock } from './local/step-clock';
import { describeLane, describeLaneMemory, message } from './ports/lane.suite';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const START_MS = 1_727_103_600_000;

let database: LocalDatabase;
let clock: StepClock;
let log: MemoryLog;
beforeEach(async () => {
  database = await startLocalDatabase();
  clock = createStepClock(START_MS);
  log = createMemoryLog();
});
afterEach(() => database.close());

const open = (db: Database = database.db) => {
  // A process needs a moment to start.
  clock.pass(1);
  return createLocalLane({ db, clock, log });
};

async function stored(): Promise<LaneMessage[]> {
  const { Items = [] } = await database.db.client.send(new ScanCommand({ TableName: LANE_TABLE }));
  const items = Items as (LaneMessage & { sequence: string })[];
  return items
    .sort((a, b) => (a.sequence < b.sequence ? -1 : 1))
    .map(
      (item) =>
        Object.fromEntries(
          Object.entries(item).filter(([key]) => key !== 'sequence'),
        ) as unknown as LaneMessage,
    );
}

const memory = () => {
  const time = createStepClock(START_MS);
  const lane = createMemoryLane(time.nowMs);
  return Promise.resolve({ lane, pass: time.pass, stored: () => Promise.resolve(lane.sent()) });
};
const local = () => Promise.resolve({ lane: open(), pass: clock.pass, stored });

describeLane('memory', memory);
describeLaneMemory('memory', memory);
describeLane('local', local);
describeLaneMemory('local', local);

describeLaneHandling('local', () =>
  Promise.resolve({ open: () => open(), nowMs: clock.nowMs, stand: clock.stand }),
);

describe('the local lane', () => {
  const done = () => Promise.resolve({ kind: 'done' as const });

  it('handles at most twenty connections at once, and the others after them', async () => {
    const lane = open();
    const goOn = createSignal();
    let underWay = 0;
    let handled = 0;
    await lane.start(async () => {
      underWay += 1;
      await goOn.given;
      handled += 1;
      return { kind: 'done' };
    });

    for (let count = 0; count < 30; count += 1) await lane.send(message(`c-${count}`));
    await until('twenty', () => underWay === 20);
    goOn.give();
    await until('all thirty', () => handled === 30);

    clock.stand();
    await lane.stop(1_000);
    expect(await stored()).toEqual([]);
  });

  it('tells of a message that it gives up, and of each failure with its cause', async () => {
    const lane = open();
    const cause = new Error('a bug');
    await lane.start(() => Promise.reject(cause));

    await lane.send(message('c-1', 5, { trigger: 'manual' }));
    await until('the last line', () => log.lines().length === 6);

    const lines = log.lines();
    expect(lines.slice(0, 5)).toEqual(
      Array.from({ length: 5 }, () => ({
        level: 'error',
        event: 'lane.message-failed',
        fields: { connectionId: 'c-1' },
        cause,
      })),
    );
    expect(lines[5]).toEqual({
      level: 'error',
      event: 'lane.message-given-up',
      fields: { connectionId: 'c-1', trigger: 'manual' },
    });
    await lane.stop(1_000);
  });

  it('leaves a message that waits for another delivery to the next process', async () => {
    const lane = open();
    let deliveries = 0;
    clock.stand();
    await lane.start(() => {
      deliveries += 1;
      return Promise.resolve({ kind: 'retry', afterMs: 60_000 });
    });
    await lane.send(message('c-1', 1));
    await until('the first delivery', () => deliveries === 1);

    void lane.stop(0);

    expect((await stored()).map(({ atMs }) => atMs)).toEqual([1]);
  });

  it('hands a message over again when settling it failed', async () => {
    let failing = true;
    const lane = open(
      database.watched((name) => {
        if (name === 'DeleteItemCommand' && failing) throw new Error('disk');
      }),
    );
    const seen: number[] = [];
    await lane.start(({ atMs }) => {
      seen.push(atMs);
      return done();
    });

    await lane.send(message('c-1', 1));
    await until('the failure', () => log.lines().some(({ event }) => event === 'lane.broken'));
    failing = false;
    await lane.send(message('c-1', 2));
    await until('both', () => seen.includes(2));

    expect(seen).toEqual([1, 1, 2]);
    await lane.stop(1_000);
  });

  it('regression: a message that could not be stored may be sent again under its id', async () => {
    let failing = true;
    const lane = open(
      database.watched((name) => {
        if (name === 'PutItemCommand' && failing) throw new Error('disk');
      }),
    );
    await expect(lane.send(message('c-1', 1), 'tick-1')).rejects.toThrow('disk');
    failing = false;

    await lane.send(message('c-1', 1), 'tick-1');

    expect(await stored()).toHaveLength(1);
  });

  it('regression: a repeat is not taken for stored while the first one is still being stored', async () => {
    const goOn = createSignal();
    const lane = open(
      database.watched(async (name) => {
        await goOn.given;
        if (name === 'PutItemCommand') throw new Error('disk');
      }),
    );

    const sends = [lane.send(message('c-1', 1), 'tick-1'), lane.send(message('c-1', 1), 'tick-1')];
    goOn.give();

    const results = await Promise.allSettled(sends);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

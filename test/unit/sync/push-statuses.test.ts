import { queuedRun } from '../../../functions/domain/run-record';
import { RemoteError } from '../../../functions/domain/remote-error';
import { REPLICA_LAG_MS } from '../../../functions/domain/status-wish';
import { newCursor } from '../../../functions/domain/sync-cursor';
import type { OrderLink } from '../../../functions/domain/order-link';
import type { ZzapCabinet } from '../../../functions/ports/zzap-cabinet';
import type { ImportContext } from '../../../functions/sync/import-context';
import { pushStatuses } from '../../../functions/sync/push-statuses';
import { createRunJournal } from '../../../functions/sync/run-journal';
import type { SyncPorts } from '../../../functions/sync/sync-ports';
import { createVirtualClock } from '../../support/clock';
import { createMemoryConnectionStore } from '../../support/memory/connection-store';
import { createMemoryLog } from '../../support/memory/log';
import { createMemoryOrderLinkStore } from '../../support/memory/order-link-store';
import { createMemoryRunStore } from '../../support/memory/run-store';
import { aConnection } from '../../contract/stores/builders';
import { aLink } from '../domain/builders';

const START = Date.UTC(2026, 10, 20, 12);
const PACE_MS = 3_000;

type Answer = 'taken' | 'lost' | 'away';

/** ZZap behind its pace, answering as told; afterwards it takes everything. */
function aWorld(answers: readonly Answer[]) {
  const clock = createVirtualClock(START);
  const links = createMemoryOrderLinkStore();
  const connection = aConnection({ connectionId: 'connection', version: 1 });
  const connections = createMemoryConnectionStore();
  void connections.create(connection);
  const parts = { clock, links, connections, log: createMemoryLog(), runs: createMemoryRunStore() };
  const ports = parts as Partial<SyncPorts> as SyncPorts;
  const script = [...answers];
  const sent: string[] = [];
  const cabinet: Pick<ZzapCabinet, 'setStatus'> = {
    async setStatus(code) {
      await clock.sleep(PACE_MS);
      sent.push(code);
      const answer = script.shift() ?? 'taken';
      if (answer === 'taken') return;
      const effectUnknown = answer === 'lost';
      throw new RemoteError({ remote: 'zzap', kind: 'unavailable', detail: answer, effectUnknown });
    },
  };
  const context = {
    ports,
    snapshot: { connection },
    journal: createRunJournal(ports, queuedRun('connection', 'r-1', 'tick', START)),
    deadlineMs: START + 3_600_000,
  } as Partial<ImportContext> as ImportContext;
  const push = (pulledAtMs: number | null, pullDueAtMs = Infinity) =>
    pushStatuses(context, cabinet as ZzapCabinet, newCursor('connection'), { pulledAtMs, pullDueAtMs });
  const add = async (code: string, changes: Partial<NonNullable<OrderLink['push']>> = {}) => {
    const basics = { zzapStatus: 20, crmStatus: 'assembling', urgent: false, sinceMs: START };
    const pending = { ...basics, state: 'waiting' as const, attempts: 0, sentAtMs: null, ...changes };
    await links.save(aLink({ version: 0, zzapOrderCode: code, push: pending }));
  };
  const link = async (code: string) => (await links.findMany('connection', [code])).get(code);
  const save = () => connections.save({ ...connection, statusDirection: 'none', version: 2 }, 1);
  return { clock, sent, push, add, link, save };
}

describe('a push whose answer was lost', () => {
  it('waits for a pull that can know, and is sent again when that has not shown it', async () => {
    const world = aWorld(['lost']);
    await world.add('1');

    const { cursor, rest } = await world.push(START);
    const verifyAtMs = START + REPLICA_LAG_MS;

    expect([cursor.verifyAtMs, rest]).toEqual([verifyAtMs, false]);
    await world.push(verifyAtMs - 1);
    expect(world.sent).toEqual(['1']);
    const done = await world.push(verifyAtMs);
    expect(world.sent).toEqual(['1', '1']);
    expect(done.cursor.verifyAtMs).toBeNull();
    expect(await world.link('1')).toMatchObject({ push: null, zzapStatus: 20 });
  });

  it('does not hold up the others', async () => {
    const world = aWorld(['lost']);
    for (const code of ['1', '2', '3']) await world.add(code);

    await world.push(START);

    expect(world.sent).toEqual(['1', '2', '3']);
  });
});

describe('the status queue', () => {
  it('sends cancellations first, then the longest waiting', async () => {
    const world = aWorld([]);
    await world.add('1', { sinceMs: START - 1 });
    await world.add('2', { sinceMs: START - 2 });
    await world.add('3', { urgent: true });

    await world.push(START);

    expect(world.sent).toEqual(['3', '2', '1']);
  });

  it('stops when a pull is due, and says that there is a rest to come back to', async () => {
    const world = aWorld([]);
    for (const code of ['1', '2', '3', '4']) await world.add(code);

    const { cursor, rest } = await world.push(START, START + 2 * PACE_MS);

    expect(world.sent).toEqual(['1', '2']);
    expect(rest).toBe(true);
    expect(cursor.pushAtMs).not.toBeNull();
  });

  it('stops when somebody saves the connection: the rest is for a run with the new settings', async () => {
    const world = aWorld([]);
    for (const code of ['1', '2', '3']) await world.add(code);
    const pushing = world.push(START);
    await world.save();

    const { rest } = await pushing;

    expect(world.sent.length).toBeLessThanOrEqual(1);
    expect(rest).toBe(true);
  });

  it('keeps everything when ZZap is away', async () => {
    const world = aWorld(['away']);
    for (const code of ['1', '2']) await world.add(code);

    await expect(world.push(START)).rejects.toThrow('away');

    expect(world.sent).toEqual(['1']);
    expect((await world.link('1'))?.push).toMatchObject({ state: 'waiting', attempts: 0, sentAtMs: null });
  });

  it('is sent to its end, however long it is', async () => {
    const world = aWorld([]);
    const codes = Array.from({ length: 120 }, (_, index) => String(1_000 + index));
    for (const code of codes) await world.add(code);

    let runs = 1;
    while ((await world.push(START)).rest) runs += 1;

    expect(world.sent).toEqual(codes);
    expect(runs).toBe((120 * PACE_MS) / 30_000);
  });
});

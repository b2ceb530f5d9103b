import type { LaneMessage } from '../../../functions/domain/lane-message';
import type { Lane } from '../../../functions/ports/lane';

export interface LaneHarness {
  readonly lane: Lane;
  /** What is stored and not handled yet: of each connection in the order of sending. */
  stored(): Promise<readonly LaneMessage[]>;
}

/** A lane whose time a test can move. */
export interface TimedLaneHarness extends LaneHarness {
  pass(ms: number): void;
}

const START_MS = 1_727_103_600_000;
const FIVE_MINUTES_MS = 300_000;

export function message(connectionId: string, atMs = START_MS, more: Partial<LaneMessage> = {}): LaneMessage {
  return { accountId: 'a-1', connectionId, trigger: 'tick', atMs, ...more };
}

/** What every lane promises to those who send. */
export function describeLane(name: string, make: () => Promise<LaneHarness>): void {
  describe(`lane: ${name}`, () => {
    let harness: LaneHarness;
    beforeEach(async () => (harness = await make()));

    const times = async () => (await harness.stored()).map(({ atMs }) => atMs);

    it('stores a message with all it says before it returns', async () => {
      const sent = [message('c-1'), message('c-1', 5, { trigger: 'manual', runId: 'r-1' })];

      for (const one of sent) await harness.lane.send(one);

      expect(await harness.stored()).toEqual(sent);
    });

    it('takes two messages of one id for one', async () => {
      await harness.lane.send(message('c-1', 1), 'tick-1');
      await harness.lane.send(message('c-1', 2), 'tick-1');
      await harness.lane.send(message('c-1', 3), 'tick-2');

      expect(await times()).toEqual([1, 3]);
    });

    it('stores equal messages without an id each', async () => {
      for (let count = 0; count < 3; count += 1) await harness.lane.send(message('c-1', 7));

      expect(await times()).toEqual([7, 7, 7]);
    });

    it('takes two of one id that come at the same moment for one', async () => {
      await Promise.all([1, 2, 3].map((atMs) => harness.lane.send(message('c-1', atMs), 'tick-1')));

      expect(await harness.stored()).toHaveLength(1);
    });

    it.each([
      ['long', 'x'.repeat(2_000)],
      ['of any script', 'заказ № 5\n 🔑'],
      ['with a space', 'two words'],
      ['empty', ''],
    ])('knows an id again that is %s, and from one that ends otherwise', async (_, id) => {
      await harness.lane.send(message('c-1', 1), id);
      await harness.lane.send(message('c-1', 2), id);
      await harness.lane.send(message('c-1', 3), `${id}.`);

      expect(await times()).toEqual([1, 3]);
    });
  });
}

/** How long a lane remembers an id, and for whom: where a test can move time, and the queue keeps to SQS's rules. */
export function describeLaneMemory(name: string, make: () => Promise<TimedLaneHarness>): void {
  describe(`lane, as time goes by: ${name}`, () => {
    let harness: TimedLaneHarness;
    beforeEach(async () => (harness = await make()));

    it('knows an id for five minutes and takes it anew after that, counted from the first', async () => {
      await harness.lane.send(message('c-1', 1), 'tick-1');
      harness.pass(FIVE_MINUTES_MS - 1);
      await harness.lane.send(message('c-1', 2), 'tick-1');
      harness.pass(2);
      await harness.lane.send(message('c-1', 3), 'tick-1');

      expect((await harness.stored()).map(({ atMs }) => atMs)).toEqual([1, 3]);
    });

    it('keeps the ids of different connections apart', async () => {
      await harness.lane.send(message('c-1', 1), 'tick-1');
      await harness.lane.send(message('c-2', 2), 'tick-1');

      expect((await harness.stored()).map(({ atMs }) => atMs).sort()).toEqual([1, 2]);
    });
  });
}

import type { LaneMessage } from '../../../functions/domain/lane-message';
import type { Lane } from '../../../functions/ports/lane';
import { message } from '../ports/lane.suite';
import { createSignal, until } from './signal';

type Outcome = { readonly kind: 'done' } | { readonly kind: 'retry'; readonly afterMs: number };
export type HandleMessage = (message: LaneMessage) => Promise<Outcome>;

/** A lane whose messages are handled in this process. */
export interface HandledLane extends Lane {
  start(handle: HandleMessage): Promise<void>;
  stop(patienceMs: number): Promise<void>;
}

export interface LaneHarness {
  /** Another process over the same stored messages. */
  open(): HandledLane;
  nowMs(): number;
  /** From now on nobody's pause ends. */
  stand(): void;
}

const START_MS = 1_727_103_600_000;
const DELIVERIES = 5;

/** What a lane promises to those who handle, where this process is the queue. */
export function describeLaneHandling(name: string, make: () => Promise<LaneHarness>): void {
  describe(`handling a lane: ${name}`, () => {
    let harness: LaneHarness;
    let lanes: HandledLane[];
    beforeEach(async () => {
      harness = await make();
      lanes = [];
    });
    afterEach(async () => {
      for (const lane of lanes) await lane.stop(0);
    });

    const open = (): HandledLane => {
      const lane = harness.open();
      lanes.push(lane);
      return lane;
    };
    /** A handler that writes down what it was given. */
    const recorder = (outcomes: (message: LaneMessage) => Outcome = () => ({ kind: 'done' })) => {
      const seen: string[] = [];
      const handle: HandleMessage = (one) => {
        seen.push(`${one.connectionId}@${one.atMs}`);
        return Promise.resolve(outcomes(one));
      };
      return { seen, handle };
    };

    it('hands over the whole message', async () => {
      const lane = open();
      const given: LaneMessage[] = [];
      await lane.start((one) => {
        given.push(one);
        return Promise.resolve({ kind: 'done' });
      });
      const sent = message('c-1', 7, { trigger: 'replay', runId: 'r-9' });

      await lane.send(sent);
      await until('the message', () => given.length === 1);

      expect(given).toEqual([sent]);
    });

    it('handles the messages of a connection one at a time in their order, early and late ones', async () => {
      const lane = open();
      const seen: number[] = [];
      let underWay = 0;
      let atOnce = 0;
      for (let atMs = 0; atMs < 5; atMs += 1) await lane.send(message('c-1', atMs));
      await lane.start(async ({ atMs }) => {
        atOnce = Math.max(atOnce, (underWay += 1));
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(atMs);
        underWay -= 1;
        return { kind: 'done' };
      });

      for (let atMs = 5; atMs < 10; atMs += 1) await lane.send(message('c-1', atMs));
      await until('ten messages', () => seen.length === 10);

      expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(atOnce).toBe(1);
    });

    it('handles different connections side by side', async () => {
      const lane = open();
      const other = createSignal();
      const seen: string[] = [];
      await lane.start(async ({ connectionId }) => {
        if (connectionId === 'c-slow') await other.given;
        else other.give();
        seen.push(connectionId);
        return { kind: 'done' };
      });

      await lane.send(message('c-slow'));
      await lane.send(message('c-fast'));
      await until('both', () => seen.length === 2);

      expect(seen).toEqual(['c-fast', 'c-slow']);
    });

    it('forgets none of very many connections', async () => {
      const lane = open();
      const { seen, handle } = recorder();
      const connections = Array.from({ length: 70 }, (_, index) => `c-${index}`);
      await lane.start(handle);

      await Promise.all(connections.map((connectionId) => lane.send(message(connectionId))));
      await until('all', () => seen.length === connections.length);

      expect(new Set(seen).size).toBe(connections.length);
    });

    it('takes a message that comes while one of its connection is being handled', async () => {
      const lane = open();
      const seen: number[] = [];
      await lane.start(async ({ atMs }) => {
        seen.push(atMs);
        if (atMs === 1) await lane.send(message('c-1', 2));
        return { kind: 'done' };
      });

      await lane.send(message('c-1', 1));
      await until('both', () => seen.length === 2);

      expect(seen).toEqual([1, 2]);
    });

    it('takes up in the next process what one that died had begun and what it had not', async () => {
      const dying = open();
      const begun = createSignal();
      await dying.start(() => {
        begun.give();
        return new Promise(() => undefined);
      });
      for (const atMs of [1, 2, 3]) await dying.send(message('c-1', atMs));
      await begun.given;

      const { seen, handle } = recorder();
      await open().start(handle);
      await until('all three', () => seen.length === 3);

      expect(seen).toEqual(['c-1@1', 'c-1@2', 'c-1@3']);
    });

    it('hands over nothing again that was settled', async () => {
      const first = open();
      const { seen, handle } = recorder();
      await first.start(handle);
      await first.send(message('c-1', 1));
      await until('the first', () => seen.length === 1);
      harness.stand();
      await first.stop(1_000);

      const later = recorder();
      const next = open();
      await next.start(later.handle);
      await next.send(message('c-1', 2));
      await until('the second', () => later.seen.length > 0);

      expect(later.seen).toEqual(['c-1@2']);
    });

    it('delivers again, and before later messages, what wants it', async () => {
      const lane = open();
      const times: number[] = [];
      let left = 2;
      const { seen, handle } = recorder(({ atMs }) => {
        times.push(harness.nowMs());
        if (atMs !== 1 || left === 0) return { kind: 'done' };
        left -= 1;
        return { kind: 'retry', afterMs: 90_000 };
      });
      await lane.send(message('c-1', 1));
      await lane.send(message('c-1', 2));

      await lane.start(handle);
      await until('the second message', () => seen.includes('c-1@2'));

      expect(seen).toEqual(['c-1@1', 'c-1@1', 'c-1@1', 'c-1@2']);
      expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(90_000);
      expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(90_000);
    });

    it('delivers again what broke its handler, not at once', async () => {
      const lane = open();
      const times: number[] = [];
      await lane.start(() => {
        times.push(harness.nowMs());
        return times.length === 1
          ? Promise.reject(new Error('a bug'))
          : Promise.resolve({ kind: 'done' as const });
      });

      await lane.send(message('c-1'));
      await until('the second delivery', () => times.length === 2);

      expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_000);
    });

    it('gives a message up after five deliveries and goes on with the next', async () => {
      const lane = open();
      const { seen, handle } = recorder(({ atMs }) =>
        atMs === 1 ? { kind: 'retry', afterMs: 1_000 } : { kind: 'done' },
      );
      await lane.send(message('c-1', 1));
      await lane.send(message('c-1', 2));

      await lane.start(handle);
      await until('the second message', () => seen.includes('c-1@2'));

      expect(seen.filter((one) => one === 'c-1@1')).toHaveLength(DELIVERIES);
      harness.stand();
      await lane.stop(1_000);
      const later = recorder();
      const next = open();
      await next.start(later.handle);
      await next.send(message('c-1', 3));
      await until('the third message', () => later.seen.length > 0);
      expect(later.seen).toEqual(['c-1@3']);
    });

    it('holds no other connection up with one that is delivered again', async () => {
      const lane = open();
      let tries = 0;
      const { seen, handle } = recorder(({ connectionId }) => {
        if (connectionId !== 'c-1' || (tries += 1) === DELIVERIES) return { kind: 'done' };
        return { kind: 'retry', afterMs: 10_000 };
      });
      await lane.start(handle);

      await lane.send(message('c-1'));
      await until('a first delivery', () => seen.length === 1);
      await lane.send(message('c-2'));
      await until('the other', () => seen.includes(`c-2@${START_MS}`));

      expect(seen.filter((one) => one.startsWith('c-1')).length).toBeLessThan(DELIVERIES);
    });

    describe('when it is stopped', () => {
      it('ends what is under way, begins nothing further and leaves the rest to the next process', async () => {
        const lane = open();
        const begun = createSignal();
        const goOn = createSignal();
        const seen: number[] = [];
        await lane.start(async ({ atMs }) => {
          seen.push(atMs);
          begun.give();
          await goOn.given;
          return { kind: 'done' };
        });
        await lane.send(message('c-1', 1));
        await begun.given;
        await lane.send(message('c-1', 2));
        harness.stand();

        const stopped = lane.stop(60_000);
        goOn.give();
        await stopped;

        expect(seen).toEqual([1]);
        const later = recorder();
        await open().start(later.handle);
        await until('the rest', () => later.seen.length > 0);
        expect(later.seen).toEqual(['c-1@2']);
      });

      it('waits no longer than its patience', async () => {
        const lane = open();
        const begun = createSignal();
        await lane.start(() => {
          begun.give();
          return new Promise(() => undefined);
        });
        await lane.send(message('c-1'));
        await begun.given;

        await expect(lane.stop(1_000)).resolves.toBeUndefined();
      });

      it('still stores what is sent', async () => {
        const lane = open();
        await lane.start(() => Promise.resolve({ kind: 'done' }));
        await lane.stop(1_000);

        await lane.send(message('c-1', 1));

        const { seen, handle } = recorder();
        await open().start(handle);
        await until('the message', () => seen.length === 1);
        expect(seen).toEqual(['c-1@1']);
      });
    });
  });
}

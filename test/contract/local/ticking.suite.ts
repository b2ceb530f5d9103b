import type { Schedules } from '../../../functions/ports/schedules';

/** Schedules that tick in this process when they are looked at. */
export interface TickingSchedules extends Schedules {
  load(): Promise<void>;
  tick(): Promise<void>;
}

export interface TickingHarness {
  /** Another process over the same stored schedules; it has read them. */
  open(): Promise<TickingSchedules>;
  pass(ms: number): void;
  /** `connection@milliseconds since the start` of every tick sent so far. */
  ticks(): readonly string[];
}

const MINUTE_MS = 60_000;

/** What every implementation promises to the connection that ticks. */
export function describeTickingSchedules(name: string, make: () => Promise<TickingHarness>): void {
  describe(`ticking: ${name}`, () => {
    let harness: TickingHarness;
    let schedules: TickingSchedules;
    beforeEach(async () => {
      harness = await make();
      schedules = await harness.open();
    });

    const passAndTick = async (ms: number, ticking = schedules) => {
      harness.pass(ms);
      await ticking.tick();
    };

    it('ticks at every slot from the start on, not before', async () => {
      await schedules.ensure('c-1', 'a-1', 1);

      await schedules.tick();
      await passAndTick(MINUTE_MS - 1);
      expect(harness.ticks()).toEqual([]);
      await passAndTick(1);
      await passAndTick(1);
      await passAndTick(MINUTE_MS - 1);

      expect(harness.ticks()).toEqual(['c-1@60000', 'c-1@120000']);
    });

    it('keeps to the slots however late it looks', async () => {
      await schedules.ensure('c-1', 'a-1', 1);

      for (const ms of [60_900, 59_500, 60_100, 59_499, 1]) await passAndTick(ms);

      expect(harness.ticks()).toEqual(['c-1@60000', 'c-1@120000', 'c-1@180000', 'c-1@240000']);
      await passAndTick(0);
      expect(harness.ticks()).toHaveLength(4);
    });

    it('ticks once for many slots that were missed, then in time again', async () => {
      await schedules.ensure('c-1', 'a-1', 1);

      await passAndTick(10 * MINUTE_MS + 30_000);
      await passAndTick(0);
      await passAndTick(29_999);
      expect(harness.ticks()).toHaveLength(1);
      await passAndTick(1);

      expect(harness.ticks()).toHaveLength(2);
      expect(harness.ticks()[1]).toBe('c-1@660000');
    });

    it('ticks each connection on its own grid', async () => {
      await schedules.ensure('c-1', 'a-1', 1);
      await passAndTick(30_000);
      await schedules.ensure('c-2', 'a-1', 1);
      await passAndTick(30_000);
      await passAndTick(30_000);

      expect(harness.ticks()).toEqual(['c-1@60000', 'c-2@90000']);
    });

    it('takes another interval from its next tick on', async () => {
      await schedules.ensure('c-1', 'a-1', 60);
      await passAndTick(10 * MINUTE_MS);
      await schedules.ensure('c-1', 'a-1', 5);

      await passAndTick(5 * MINUTE_MS - 1);
      expect(harness.ticks()).toEqual([]);
      await passAndTick(1);
      await schedules.ensure('c-1', 'a-1', 60);
      await passAndTick(59 * MINUTE_MS);
      expect(harness.ticks()).toEqual(['c-1@900000']);
      await passAndTick(MINUTE_MS);

      expect(harness.ticks()).toEqual(['c-1@900000', 'c-1@4500000']);
    });

    it('ticks no more when it is taken away, and from its new start when it is back', async () => {
      await schedules.ensure('c-1', 'a-1', 1);
      await schedules.remove('c-1');
      await passAndTick(5 * MINUTE_MS + 10_000);
      await schedules.ensure('c-1', 'a-1', 1);
      await passAndTick(50_000);
      expect(harness.ticks()).toEqual([]);

      await passAndTick(10_000);

      expect(harness.ticks()).toEqual(['c-1@370000']);
    });

    describe('after a restart', () => {
      it('goes on along the same grid', async () => {
        await schedules.ensure('c-1', 'a-1', 1);
        await passAndTick(MINUTE_MS);
        harness.pass(30_000);

        const next = await harness.open();
        await next.ensure('c-1', 'a-1', 1);
        await passAndTick(29_999, next);
        expect(harness.ticks()).toEqual(['c-1@60000']);
        await passAndTick(1, next);

        expect(harness.ticks()).toEqual(['c-1@60000', 'c-1@120000']);
      });

      it('makes one late tick of the slots missed meanwhile', async () => {
        await schedules.ensure('c-1', 'a-1', 1);
        await passAndTick(MINUTE_MS);
        harness.pass(60 * MINUTE_MS + 5_000);

        const next = await harness.open();
        await next.tick();
        await next.tick();
        expect(harness.ticks()).toHaveLength(2);
        await passAndTick(55_000, next);

        expect(harness.ticks()).toHaveLength(3);
        expect(harness.ticks()[2]).toBe(`c-1@${62 * MINUTE_MS}`);
      });

      it('knows a new interval, and not what was taken away', async () => {
        await schedules.ensure('c-1', 'a-1', 60);
        await schedules.ensure('c-2', 'a-1', 1);
        await schedules.ensure('c-1', 'a-1', 1);
        await schedules.remove('c-2');

        await passAndTick(MINUTE_MS, await harness.open());

        expect(harness.ticks()).toEqual(['c-1@60000']);
      });
    });
  });
}

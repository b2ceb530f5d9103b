import type { Schedules } from '../../../functions/ports/schedules';

export interface Standing {
  readonly accountId: string;
  readonly intervalMinutes: number;
}

export interface SchedulesHarness {
  readonly schedules: Schedules;
  /** What stands, by connection. */
  standing(): Promise<ReadonlyMap<string, Standing>>;
  /** The ticks out of turn that are still to come: when, by connection. */
  wakes(): Promise<ReadonlyMap<string, number>>;
}

/** Schedules whose time a test can move. */
export interface TimedSchedulesHarness extends SchedulesHarness {
  pass(ms: number): void;
  standing(): Promise<ReadonlyMap<string, Standing & { readonly anchorMs: number }>>;
}

const MINUTE_MS = 60_000;

/** What every implementation promises to those who set schedules. */
export function describeSchedules(name: string, make: () => Promise<SchedulesHarness>): void {
  describe(`schedules: ${name}`, () => {
    let harness: SchedulesHarness;
    beforeEach(async () => (harness = await make()));

    it.each([1, 5, 10, 15, 30, 60, 120, 360, 720, 1_440] as const)(
      'tick every %d minutes',
      async (intervalMinutes) => {
        expect(await harness.schedules.ensure('c-1', 'a-1', intervalMinutes)).toBe(true);

        expect([...(await harness.standing())]).toEqual([
          ['c-1', expect.objectContaining({ accountId: 'a-1', intervalMinutes })],
        ]);
      },
    );

    it('leave an equal one as it is and say so', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);

      expect(await harness.schedules.ensure('c-1', 'a-1', 5)).toBe(false);
    });

    it('take another interval, and another account', async () => {
      const { schedules } = harness;
      await schedules.ensure('c-1', 'a-1', 5);

      expect(await schedules.ensure('c-1', 'a-1', 10)).toBe(true);
      expect((await harness.standing()).get('c-1')).toMatchObject({ intervalMinutes: 10 });
      expect(await schedules.ensure('c-1', 'a-2', 10)).toBe(true);
      expect((await harness.standing()).get('c-1')).toMatchObject({ accountId: 'a-2', intervalMinutes: 10 });
    });

    it('are one although several set it at once', async () => {
      await Promise.all([1, 2, 3].map(() => harness.schedules.ensure('c-1', 'a-1', 5)));

      expect([...(await harness.standing()).keys()]).toEqual(['c-1']);
    });

    it('go, once or twice, and one that never was', async () => {
      const { schedules } = harness;
      await schedules.ensure('c-1', 'a-1', 5);
      await schedules.ensure('c-2', 'a-1', 5);

      await schedules.remove('c-1');
      await schedules.remove('c-1');
      await schedules.remove('c-9');

      expect([...(await harness.standing()).keys()]).toEqual(['c-2']);
    });

    it('come back after they went', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);
      await harness.schedules.remove('c-1');

      expect(await harness.schedules.ensure('c-1', 'a-1', 5)).toBe(true);
      expect([...(await harness.standing()).keys()]).toEqual(['c-1']);
    });

    it('are listed, none and many', async () => {
      const { schedules } = harness;
      expect(await schedules.list()).toEqual([]);
      const connections = Array.from({ length: 130 }, (_, index) => `c-${1_000 + index}`);

      for (const connectionId of connections) await schedules.ensure(connectionId, 'a-1', 60);

      expect([...(await schedules.list())].sort()).toEqual(connections);
    });

    describe('a tick out of turn', () => {
      // Far enough for any clock, on a full second.
      const SOON_MS = Math.ceil(Date.now() / 1_000) * 1_000 + 10 * MINUTE_MS;

      it('comes besides the regular ones, and is not listed', async () => {
        await harness.schedules.ensure('c-1', 'a-1', 60);
        await harness.schedules.wakeAt('c-1', 'a-1', SOON_MS);

        expect([...(await harness.wakes())]).toEqual([['c-1', SOON_MS]]);
        expect([...(await harness.standing()).keys()]).toEqual(['c-1']);
        expect(await harness.schedules.list()).toEqual(['c-1']);
      });

      it('is replaced by another one of its connection', async () => {
        const { schedules } = harness;
        await schedules.wakeAt('c-1', 'a-1', SOON_MS + MINUTE_MS);
        await schedules.wakeAt('c-2', 'a-1', SOON_MS + 2 * MINUTE_MS);
        await schedules.wakeAt('c-1', 'a-1', SOON_MS);

        expect((await harness.wakes()).get('c-1')).toBe(SOON_MS);
        expect((await harness.wakes()).get('c-2')).toBe(SOON_MS + 2 * MINUTE_MS);
      });

      it('goes with its schedule', async () => {
        await harness.schedules.ensure('c-1', 'a-1', 60);
        await harness.schedules.wakeAt('c-1', 'a-1', SOON_MS);

        await harness.schedules.remove('c-1');

        expect([...(await harness.wakes())]).toEqual([]);
      });
    });
  });
}

/** From when a schedule counts: where a test can move time. */
export function describeScheduleGrid(name: string, make: () => Promise<TimedSchedulesHarness>): void {
  describe(`schedules, as time goes by: ${name}`, () => {
    const START_MS = 1_727_103_600_000;
    let harness: TimedSchedulesHarness;
    beforeEach(async () => (harness = await make()));

    const anchors = async () =>
      Object.fromEntries(
        [...(await harness.standing())].map(([connectionId, { anchorMs }]) => [
          connectionId,
          anchorMs - START_MS,
        ]),
      );

    it('begin when they are made, each', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);
      harness.pass(1_000);
      await harness.schedules.ensure('c-2', 'a-1', 1_440);

      expect(await anchors()).toEqual({ 'c-1': 0, 'c-2': 1_000 });
    });

    it('do not begin anew when nothing changes', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);
      harness.pass(60_000);

      await harness.schedules.ensure('c-1', 'a-1', 5);

      expect(await anchors()).toEqual({ 'c-1': 0 });
    });

    it('begin with another interval from now', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);
      harness.pass(60_000);

      await harness.schedules.ensure('c-1', 'a-1', 10);

      expect(await anchors()).toEqual({ 'c-1': 60_000 });
    });

    it('begin anew after they were taken away', async () => {
      await harness.schedules.ensure('c-1', 'a-1', 5);
      await harness.schedules.remove('c-1');
      harness.pass(7_000);

      await harness.schedules.ensure('c-1', 'a-1', 5);

      expect(await anchors()).toEqual({ 'c-1': 7_000 });
    });
  });
}

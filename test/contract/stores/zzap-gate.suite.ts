import type { GateAnswer, ZzapGate } from '../../../functions/ports/zzap-gate';
import { NOON_MS, numbered } from './builders';

const LEASE_MS = 60_000;
const PAUSE_MS = 3_000;

export function describeZzapGate(name: string, makeGate: () => Promise<ZzapGate>): void {
  describe(`zzap gate: ${name}`, () => {
    let gate: ZzapGate;
    beforeEach(async () => (gate = await makeGate()));

    const acquire = (holder: string, nowMs: number, keyTag = 'key-1'): Promise<GateAnswer> =>
      gate.acquire({ keyTag, holder, nowMs, leaseUntilMs: nowMs + LEASE_MS });
    const release = (holder: string, nextFreeAtMs: number, keyTag = 'key-1') =>
      gate.release({ keyTag, holder, nextFreeAtMs });

    it('grants a slot nobody holds', async () => {
      expect(await acquire('run-1', NOON_MS)).toEqual({ kind: 'granted' });
    });

    it('tells whoever comes second when the lease ends', async () => {
      await acquire('run-1', NOON_MS);

      expect(await acquire('run-2', NOON_MS + 10)).toEqual({ kind: 'taken', untilMs: NOON_MS + LEASE_MS });
    });

    it('has one holder after 20 acquired at once, and tells the others when to come again', async () => {
      const answers = await Promise.all(numbered(20).map((number) => acquire(`run-${number}`, NOON_MS)));

      expect(answers.filter((answer) => answer.kind === 'granted')).toHaveLength(1);
      expect(answers.filter((answer) => answer.kind === 'taken')).toEqual(
        numbered(19).map(() => ({ kind: 'taken', untilMs: NOON_MS + LEASE_MS })),
      );
    });

    it('keeps the slots of different keys apart', async () => {
      await acquire('run-1', NOON_MS);

      expect(await acquire('run-2', NOON_MS, 'key-2')).toEqual({ kind: 'granted' });
    });

    it('passes the slot on when the lease of a dead holder ends, not a moment earlier', async () => {
      await acquire('run-1', NOON_MS);

      expect((await acquire('run-2', NOON_MS + LEASE_MS - 1)).kind).toBe('taken');
      expect(await acquire('run-2', NOON_MS + LEASE_MS)).toEqual({ kind: 'granted' });

      expect(await acquire('run-1', NOON_MS + LEASE_MS)).toEqual({
        kind: 'taken',
        untilMs: NOON_MS + 2 * LEASE_MS,
      });
    });

    it("passes a dead holder's slot to exactly one of 20 that wait", async () => {
      await acquire('run-1', NOON_MS);

      const answers = await Promise.all(
        numbered(20).map((number) => acquire(`heir-${number}`, NOON_MS + LEASE_MS)),
      );

      expect(answers.filter((answer) => answer.kind === 'granted')).toHaveLength(1);
    });

    it('lets a holder renew its lease', async () => {
      await acquire('run-1', NOON_MS);

      expect(await acquire('run-1', NOON_MS + 20_000)).toEqual({ kind: 'granted' });

      expect(await acquire('run-2', NOON_MS + LEASE_MS)).toEqual({
        kind: 'taken',
        untilMs: NOON_MS + 20_000 + LEASE_MS,
      });
    });

    it('keeps the pause after a release, for others and for the one who held it', async () => {
      await acquire('run-1', NOON_MS);
      await release('run-1', NOON_MS + PAUSE_MS);

      for (const holder of ['run-1', 'run-2']) {
        expect(await acquire(holder, NOON_MS + PAUSE_MS - 1)).toEqual({
          kind: 'taken',
          untilMs: NOON_MS + PAUSE_MS,
        });
      }

      expect(await acquire('run-2', NOON_MS + PAUSE_MS)).toEqual({ kind: 'granted' });
    });

    it('holds everybody off for as long as a blocked key wants', async () => {
      const blockedUntilMs = NOON_MS + 3_600_000;
      await acquire('run-1', NOON_MS);
      await release('run-1', blockedUntilMs);

      expect(await acquire('run-2', NOON_MS + LEASE_MS)).toEqual({ kind: 'taken', untilMs: blockedUntilMs });
    });

    it('ignores a release by somebody who does not hold the slot', async () => {
      await acquire('run-1', NOON_MS);

      await release('run-2', NOON_MS);

      expect((await acquire('run-3', NOON_MS + 1)).kind).toBe('taken');
    });

    it('ignores the late release of a holder whose slot has passed on', async () => {
      await acquire('run-1', NOON_MS);
      await acquire('run-2', NOON_MS + LEASE_MS);

      await release('run-1', NOON_MS);

      expect(await acquire('run-3', NOON_MS + LEASE_MS + 1)).toEqual({
        kind: 'taken',
        untilMs: NOON_MS + 2 * LEASE_MS,
      });
    });

    it('ignores a second release: the pause that was set stands', async () => {
      await acquire('run-1', NOON_MS);
      await release('run-1', NOON_MS + PAUSE_MS);

      await release('run-1', NOON_MS);

      expect((await acquire('run-2', NOON_MS + 1)).kind).toBe('taken');
    });

    it('ignores a release of a slot nobody ever took', async () => {
      await release('run-1', NOON_MS + PAUSE_MS);

      expect(await acquire('run-2', NOON_MS)).toEqual({ kind: 'granted' });
    });

    it('serves 20 that keep asking one after another, each after the pause of the one before', async () => {
      let waiting = numbered(20);
      let nowMs = NOON_MS;
      const grantedAtMs: number[] = [];

      for (let round = 0; round < 40 && waiting.length > 0; round += 1) {
        const answers = await Promise.all(waiting.map((holder) => acquire(holder, nowMs)));
        const served = waiting.filter((_, index) => answers[index]?.kind === 'granted');
        expect(served).toHaveLength(1);
        grantedAtMs.push(nowMs);
        await release(served[0]!, nowMs + PAUSE_MS);
        waiting = waiting.filter((holder) => holder !== served[0]);
        nowMs += PAUSE_MS;
      }

      expect(grantedAtMs).toEqual(numbered(20).map((number) => NOON_MS + Number(number) * PAUSE_MS));
    });
  });
}

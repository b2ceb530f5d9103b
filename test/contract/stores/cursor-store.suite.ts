import { DIGEST_ROWS_MAX, newCursor } from '../../../functions/domain/sync-cursor';
import type { CursorStore } from '../../../functions/ports/cursor-store';
import type { GateSlot, ZzapGate } from '../../../functions/ports/zzap-gate';
import { aCursor, NOON_MS, numbered } from './builders';

export interface CursorsAndGate {
  readonly store: CursorStore;
  /** Where the store gives slots back. */
  readonly gate: ZzapGate;
}

const LEASE_MS = 60_000;
const slot: GateSlot = { keyTag: 'key-1', holder: 'run-1', nextFreeAtMs: NOON_MS + 3_000 };

export function describeCursorStore(name: string, makeStores: () => Promise<CursorsAndGate>): void {
  describe(`cursor store: ${name}`, () => {
    let store: CursorStore;
    let gate: ZzapGate;
    beforeEach(async () => ({ store, gate } = await makeStores()));

    const acquire = (holder: string, nowMs: number) =>
      gate.acquire({ keyTag: slot.keyTag, holder, nowMs, leaseUntilMs: nowMs + LEASE_MS });

    it('reads a fresh cursor when none was saved', async () => {
      expect(await store.read('c-1')).toEqual(newCursor('c-1'));
    });

    it('writes the next version and returns it', async () => {
      const first = await store.advance(aCursor());

      expect(first).toEqual(aCursor({ version: 1 }));
      expect(await store.read('c-1')).toEqual(aCursor({ version: 1 }));
      expect(await store.read('c-2')).toEqual(newCursor('c-2'));
    });

    it('goes on from the version it returned', async () => {
      const first = await store.advance(aCursor());

      const second = await store.advance({ ...first!, pulledToMs: NOON_MS + 1, idle: null, digest: {} });

      expect(second).toEqual(aCursor({ version: 2, pulledToMs: NOON_MS + 1, idle: null, digest: {} }));
      expect(await store.read('c-1')).toEqual(second);
    });

    it('keeps a digest of the largest size, whatever its codes are called', async () => {
      const digest = Object.fromEntries(numbered(DIGEST_ROWS_MAX).map((code) => [code, `отпечаток-${code}`]));

      await store.advance(aCursor({ digest: { ...digest, constructor: 'x', 'a.b#c': '🚗' } }));

      expect((await store.read('c-1')).digest).toEqual({ ...digest, constructor: 'x', 'a.b#c': '🚗' });
    });

    describe('fence', () => {
      it.each([0, 1, 3])('turns away version %d when 2 is stored, and changes nothing', async (version) => {
        await store.advance(aCursor());
        await store.advance(aCursor({ version: 1 }));

        expect(await store.advance(aCursor({ version, pulledToMs: NOON_MS + 9 }))).toBeNull();

        expect(await store.read('c-1')).toEqual(aCursor({ version: 2 }));
      });

      it('turns away a version that was never stored', async () => {
        expect(await store.advance(aCursor({ version: 1 }))).toBeNull();

        expect(await store.read('c-1')).toEqual(newCursor('c-1'));
      });

      it.each([0, 1])('lets exactly one of 20 racing runs over version %d win', async (version) => {
        if (version > 0) await store.advance(aCursor());
        const attempts = numbered(20).map((number) => aCursor({ version, pulledToMs: Number(number) }));

        const answers = await Promise.all(attempts.map((cursor) => store.advance(cursor)));

        const winners = answers.filter((answer) => answer !== null);
        expect(winners).toHaveLength(1);
        expect(await store.read('c-1')).toEqual(winners[0]);
      });

      it('lets exactly one of 20 racing runs win that all bring the slot', async () => {
        await acquire(slot.holder, NOON_MS);
        const attempts = numbered(20).map((number) => aCursor({ pulledToMs: Number(number) }));

        const answers = await Promise.all(attempts.map((cursor) => store.advance(cursor, slot)));

        const winners = answers.filter((answer) => answer !== null);
        expect(winners).toHaveLength(1);
        expect(await store.read('c-1')).toEqual(winners[0]);
        expect(await acquire('run-2', slot.nextFreeAtMs)).toEqual({ kind: 'granted' });
      });

      it('turns away a run that began before the cursor was removed', async () => {
        await store.advance(aCursor());
        await store.remove('c-1');

        expect(await store.advance(aCursor({ version: 1 }))).toBeNull();

        expect(await store.read('c-1')).toEqual(newCursor('c-1'));
      });
    });

    describe('slot', () => {
      it('is given back with the cursor: free after the pause, not before', async () => {
        await acquire(slot.holder, NOON_MS);

        expect(await store.advance(aCursor(), slot)).toEqual(aCursor({ version: 1 }));

        expect(await acquire('run-2', slot.nextFreeAtMs - 1)).toEqual({
          kind: 'taken',
          untilMs: slot.nextFreeAtMs,
        });
        expect(await acquire('run-2', slot.nextFreeAtMs)).toEqual({ kind: 'granted' });
      });

      it.each([null, undefined])('stays held when the run brings %s', async (none) => {
        await acquire(slot.holder, NOON_MS);

        await store.advance(aCursor(), none);

        expect(await acquire('run-2', NOON_MS + 1)).toEqual({ kind: 'taken', untilMs: NOON_MS + LEASE_MS });
      });

      it('is left alone when it has passed to somebody else, and the cursor advances all the same', async () => {
        await acquire('run-2', NOON_MS);

        expect(await store.advance(aCursor(), slot)).toEqual(aCursor({ version: 1 }));

        expect(await store.read('c-1')).toEqual(aCursor({ version: 1 }));
        expect(await acquire('run-3', NOON_MS + 1)).toEqual({ kind: 'taken', untilMs: NOON_MS + LEASE_MS });
      });

      it('may be one nobody holds', async () => {
        expect(await store.advance(aCursor(), slot)).toEqual(aCursor({ version: 1 }));
      });

      it('of somebody else survives a zombie that was turned away', async () => {
        await store.advance(aCursor());
        await acquire(slot.holder, NOON_MS);
        await acquire('run-2', NOON_MS + LEASE_MS);

        expect(await store.advance(aCursor({ version: 0, pulledToMs: 1 }), slot)).toBeNull();

        expect(await store.read('c-1')).toEqual(aCursor({ version: 1 }));
        expect(await acquire('run-3', NOON_MS + LEASE_MS + 1)).toEqual({
          kind: 'taken',
          untilMs: NOON_MS + 2 * LEASE_MS,
        });
      });

      it('that a run still holds is given back although the run was turned away', async () => {
        await store.advance(aCursor());
        await acquire(slot.holder, NOON_MS);

        expect(await store.advance(aCursor({ version: 0 }), slot)).toBeNull();

        expect(await acquire('run-2', slot.nextFreeAtMs)).toEqual({ kind: 'granted' });
      });
    });

    it('begins afresh after a removal, and removes what is not there without an error', async () => {
      await store.advance(aCursor());

      await store.remove('c-1');
      await store.remove('c-1');

      expect(await store.read('c-1')).toEqual(newCursor('c-1'));
      expect(await store.advance(aCursor())).toEqual(aCursor({ version: 1 }));
    });
  });
}

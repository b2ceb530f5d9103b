import type { ClaimStore } from '../../../functions/ports/account-store';
import { NOON_MS, numbered } from './builders';

const site = { kind: 'site', value: 'koleso-moscow' } as const;
const byFirst = { connectionId: 'c-1', claimedAtMs: NOON_MS };
const bySecond = { connectionId: 'c-2', claimedAtMs: NOON_MS + 1 };

export function describeClaimStore(name: string, makeStore: () => Promise<ClaimStore>): void {
  describe(`claim store: ${name}`, () => {
    let store: ClaimStore;
    beforeEach(async () => (store = await makeStore()));

    it('grants a free claim', async () => {
      expect(await store.claim('a-1', site, byFirst)).toEqual({ granted: true });
    });

    it('refuses a claim that another connection holds and tells who', async () => {
      await store.claim('a-1', site, byFirst);

      expect(await store.claim('a-1', site, bySecond)).toEqual({ granted: false, holder: byFirst });
    });

    it('grants an own claim again and counts it from then', async () => {
      await store.claim('a-1', site, byFirst);
      const again = { ...byFirst, claimedAtMs: NOON_MS + 5_000 };

      expect(await store.claim('a-1', site, again)).toEqual({ granted: true });

      expect(await store.claim('a-1', site, bySecond)).toEqual({ granted: false, holder: again });
    });

    it.each([
      ['another account', 'a-2', site],
      ['another kind', 'a-1', { kind: 'login', value: site.value }],
      ['another value', 'a-1', { kind: 'site', value: 'koleso' }],
      ['another case', 'a-1', { kind: 'site', value: 'Koleso-Moscow' }],
      ['an address', 'a-1', { kind: 'url', value: site.value }],
    ] as const)('keeps claims on %s apart', async (_, accountId, what) => {
      await store.claim('a-1', site, byFirst);

      expect(await store.claim(accountId, what, bySecond)).toEqual({ granted: true });
    });

    it.each(['почта@пример.рф', 'a#b', 'login#x', ' ', '🚗', 'x'.repeat(254)])(
      'takes the value %j',
      async (value) => {
        const login = { kind: 'login', value } as const;

        expect(await store.claim('a-1', login, byFirst)).toEqual({ granted: true });
        expect(await store.claim('a-1', login, bySecond)).toEqual({ granted: false, holder: byFirst });
      },
    );

    it('has one holder after 20 connections claimed at once, and tells all the others', async () => {
      const claims = numbered(20).map((number) => ({ connectionId: `c-${number}`, claimedAtMs: NOON_MS }));

      const answers = await Promise.all(claims.map((by) => store.claim('a-1', site, by)));

      const winners = claims.filter((_, index) => answers[index]?.granted);
      expect(winners).toHaveLength(1);
      expect(answers.filter((answer) => !answer.granted)).toEqual(
        numbered(19).map(() => ({ granted: false, holder: winners[0] })),
      );
    });

    describe('with a stale holder named', () => {
      it('takes over from exactly that holder', async () => {
        await store.claim('a-1', site, byFirst);

        expect(await store.claim('a-1', site, bySecond, byFirst)).toEqual({ granted: true });

        expect(await store.claim('a-1', site, byFirst)).toEqual({ granted: false, holder: bySecond });
      });

      it('takes nothing from another connection', async () => {
        await store.claim('a-1', site, byFirst);
        const stale = { ...byFirst, connectionId: 'c-3' };

        expect(await store.claim('a-1', site, bySecond, stale)).toEqual({ granted: false, holder: byFirst });
      });

      it('takes nothing from a holder that has claimed again since', async () => {
        await store.claim('a-1', site, byFirst);
        const again = { ...byFirst, claimedAtMs: NOON_MS + 1 };
        await store.claim('a-1', site, again);

        expect(await store.claim('a-1', site, bySecond, byFirst)).toEqual({ granted: false, holder: again });
      });

      it('takes a claim that has meanwhile become free', async () => {
        expect(await store.claim('a-1', site, bySecond, byFirst)).toEqual({ granted: true });
      });

      it('lets exactly one of 20 racing take-overs win', async () => {
        await store.claim('a-1', site, byFirst);
        const heirs = numbered(20).map((number) => ({
          connectionId: `c-heir-${number}`,
          claimedAtMs: NOON_MS,
        }));

        const answers = await Promise.all(heirs.map((by) => store.claim('a-1', site, by, byFirst)));

        expect(answers.filter((answer) => answer.granted)).toHaveLength(1);
      });
    });

    it('frees a claim that its holder gives back', async () => {
      await store.claim('a-1', site, byFirst);

      await store.release('a-1', site, byFirst);

      expect(await store.claim('a-1', site, bySecond)).toEqual({ granted: true });
    });

    it('leaves a claim alone when somebody else gives it back', async () => {
      await store.claim('a-1', site, byFirst);

      await store.release('a-1', site, bySecond);
      await store.release('a-2', site, byFirst);
      await store.release('a-1', { kind: 'login', value: site.value }, byFirst);

      expect(await store.claim('a-1', site, bySecond)).toEqual({ granted: false, holder: byFirst });
    });

    it('keeps a claim that its holder has renewed since', async () => {
      await store.claim('a-1', site, byFirst);
      const renewed = { ...byFirst, claimedAtMs: byFirst.claimedAtMs + 1 };
      await store.claim('a-1', site, renewed);

      await store.release('a-1', site, byFirst);

      expect(await store.claim('a-1', site, bySecond)).toEqual({ granted: false, holder: renewed });
    });

    it('gives back a claim that nobody holds without an error', async () => {
      await expect(store.release('a-1', site, byFirst)).resolves.toBeUndefined();
    });
  });
}

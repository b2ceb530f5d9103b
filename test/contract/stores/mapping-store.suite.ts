import type { StatusMapping } from '../../../functions/domain/status-mapping';
import type { MappingStore } from '../../../functions/ports/mapping-store';
import { numbered } from './builders';

function aMapping(facts: Partial<StatusMapping> = {}): StatusMapping {
  return {
    connectionId: 'c-1',
    version: 1,
    pairs: [
      { crmStatus: 'send-to-delivery', zzapStatus: 20 },
      { crmStatus: 'new', zzapStatus: 10 },
    ],
    ...facts,
  };
}

export function describeMappingStore(name: string, makeStore: () => Promise<MappingStore>): void {
  describe(`mapping store: ${name}`, () => {
    let store: MappingStore;
    beforeEach(async () => (store = await makeStore()));

    it('reads version 0 without pairs when none was saved', async () => {
      expect(await store.read('c-1')).toEqual({ connectionId: 'c-1', version: 0, pairs: [] });
    });

    it('gives back the pairs in their order', async () => {
      expect(await store.save(aMapping(), 0)).toBe(true);

      expect(await store.read('c-1')).toEqual(aMapping());
      expect(await store.read('c-2')).toEqual({ connectionId: 'c-2', version: 0, pairs: [] });
    });

    it('keeps a mapping whose pairs were all taken out', async () => {
      await store.save(aMapping(), 0);
      const emptied = aMapping({ version: 2, pairs: [] });

      expect(await store.save(emptied, 1)).toBe(true);

      expect(await store.read('c-1')).toEqual(emptied);
    });

    it('takes statuses named in any script and several hundred of them', async () => {
      const pairs = numbered(500).map((number) => ({
        crmStatus: `статус-${number}-🚚`,
        zzapStatus: Number(number),
      }));

      await store.save(aMapping({ pairs }), 0);

      expect((await store.read('c-1')).pairs).toEqual(pairs);
    });

    it.each([0, 1, 3])(
      'refuses to write over version 2 when version %d is expected',
      async (expectedVersion) => {
        await store.save(aMapping(), 0);
        await store.save(aMapping({ version: 2 }), 1);
        const late = aMapping({ version: expectedVersion + 1, pairs: [] });

        expect(await store.save(late, expectedVersion)).toBe(false);

        expect(await store.read('c-1')).toEqual(aMapping({ version: 2 }));
      },
    );

    it('refuses a first save that expects an earlier one', async () => {
      expect(await store.save(aMapping({ version: 2 }), 1)).toBe(false);

      expect((await store.read('c-1')).version).toBe(0);
    });

    it.each([0, 1])('lets exactly one of 20 racing saves over version %d win', async (expectedVersion) => {
      if (expectedVersion > 0) await store.save(aMapping(), 0);
      const versions = numbered(20).map((number) =>
        aMapping({ version: expectedVersion + 1, pairs: [{ crmStatus: number, zzapStatus: 1 }] }),
      );

      const saved = await Promise.all(versions.map((version) => store.save(version, expectedVersion)));

      const winners = versions.filter((_, index) => saved[index]);
      expect(winners).toHaveLength(1);
      expect(await store.read('c-1')).toEqual(winners[0]);
    });
  });
}

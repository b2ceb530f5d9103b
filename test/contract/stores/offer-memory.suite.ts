import type { OfferMemory, RememberedOffer } from '../../../functions/ports/offer-memory';
import { NOON_MS, numbered } from './builders';

function offers(...remembered: readonly RememberedOffer[]): Map<string, RememberedOffer> {
  return new Map(remembered.map((offer) => [offer.key, offer]));
}

function anOffer(facts: Partial<RememberedOffer> = {}): RememberedOffer {
  return { key: 'article:OC90', offerId: 12, several: false, lookedUpAtMs: NOON_MS, ...facts };
}

export function describeOfferMemory(name: string, makeMemory: () => Promise<OfferMemory>): void {
  describe(`offer memory: ${name}`, () => {
    let memory: OfferMemory;
    beforeEach(async () => (memory = await makeMemory()));

    it('recalls nothing at first', async () => {
      expect(await memory.recall('c-1')).toEqual(new Map());
    });

    it('recalls a find, a miss and an ambiguity', async () => {
      const remembered = offers(
        anOffer(),
        anOffer({ key: 'article:W71294', offerId: null }),
        anOffer({ key: 'article:ФИЛЬТР 🛢️ "№1"', offerId: null, several: true }),
      );

      await memory.remember('c-1', remembered);

      expect(await memory.recall('c-1')).toEqual(remembered);
      expect(await memory.recall('c-2')).toEqual(new Map());
    });

    it('has what was remembered last in place of what was before', async () => {
      await memory.remember('c-1', offers(anOffer(), anOffer({ key: 'old' })));
      const later = offers(anOffer({ offerId: 13, lookedUpAtMs: NOON_MS + 1 }));

      await memory.remember('c-1', later);

      expect(await memory.recall('c-1')).toEqual(later);
    });

    it('can be emptied', async () => {
      await memory.remember('c-1', offers(anOffer()));

      await memory.remember('c-1', new Map());

      expect(await memory.recall('c-1')).toEqual(new Map());
    });

    it('takes more finds than it keeps, and keeps the newest', async () => {
      const many = numbered(3_000).map((number) =>
        anOffer({ key: number, lookedUpAtMs: NOON_MS + Number(number) }),
      );

      await memory.remember('c-1', offers(...many));

      const recalled = await memory.recall('c-1');
      expect(many.slice(-500).every((offer) => recalled.has(offer.key))).toBe(true);
    });

    it('takes a thousand finds with the longest keys, and keeps the newest', async () => {
      const many = numbered(1_000).map((number) =>
        anOffer({ key: `${number}${'Щ'.repeat(500)}`, lookedUpAtMs: NOON_MS + Number(number) }),
      );

      await memory.remember('c-1', offers(...many));

      const recalled = await memory.recall('c-1');
      expect(many.slice(-200).every((offer) => recalled.has(offer.key))).toBe(true);
    });
  });
}

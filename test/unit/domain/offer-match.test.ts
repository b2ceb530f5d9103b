import fc from 'fast-check';
import {
  matchByArticle,
  matchByExternalId,
  normalizeArticle,
  type OfferCandidate,
} from '../../../functions/domain/offer-match';

function anOffer(changes: Partial<OfferCandidate> = {}): OfferCandidate {
  return {
    offerId: 1,
    articles: ['W 712/95'],
    externalId: 'ext-1',
    manufacturer: null,
    active: true,
    ...changes,
  };
}

const PART = { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' };

describe('an article', () => {
  it.each([
    ['W 712/95', 'W71295'],
    ['w712-95', 'W71295'],
    ['1K0.615.301 aa', '1K0615301AA'],
    ['90915_YZZD4', '90915YZZD4'],
    ['a\\b', 'AB'],
    ['28113\u20132S000', '281132S000'],
    ['28113\u20112S000', '281132S000'],
    ['28113\u22122S000', '281132S000'],
    ['3000\u00a0951\u202f210', '3000951210'],
    ['сц-12', 'СЦ12'],
    ['', ''],
    [' - ', ''],
  ])('%p is compared as %p', (written, compared) => {
    expect(normalizeArticle(written)).toBe(compared);
  });
});

describe('finding an offer by article', () => {
  it('links the only one that fits', () => {
    const candidates = [
      anOffer({ offerId: 5, articles: ['W71295'] }),
      anOffer({ offerId: 6, articles: ['W71296'] }),
    ];

    expect(matchByArticle(PART, candidates)).toEqual({ kind: 'linked', offerId: 5 });
  });

  it('takes the article of the offer or of its product', () => {
    const candidates = [anOffer({ offerId: 5, articles: ['', 'w-712-95'] })];

    expect(matchByArticle(PART, candidates)).toEqual({ kind: 'linked', offerId: 5 });
  });

  it.each<[string, OfferCandidate[]]>([
    ['there are no candidates', []],
    ['only a longer article is there', [anOffer({ articles: ['W 712/95 X'] })]],
    ['the offer is not active', [anOffer({ active: false })]],
    ['the brand is another', [anOffer({ manufacturer: 'BOSCH' })]],
    ['the offer has no article', [anOffer({ articles: [] })]],
  ])('links nothing when %s', (_, candidates) => {
    expect(matchByArticle(PART, candidates)).toEqual({ kind: 'none' });
  });

  it.each(['', '  ', '-'])('links nothing for the article %p, even to an offer without one', (number) => {
    expect(matchByArticle({ ...PART, number }, [anOffer({ articles: [''] })])).toEqual({ kind: 'none' });
  });

  it.each([null, '', ' ', 'Mann Filter', 'MANN-FILTER', 'mann_filter'])(
    'accepts the manufacturer %p',
    (manufacturer) => {
      expect(matchByArticle(PART, [anOffer({ manufacturer })])).toEqual({ kind: 'linked', offerId: 1 });
    },
  );

  it('does not ask for a brand that ZZap does not give', () => {
    const candidates = [anOffer({ manufacturer: 'BOSCH' })];

    expect(matchByArticle({ ...PART, brand: '' }, candidates)).toEqual({ kind: 'linked', offerId: 1 });
  });

  it('lets the brand decide between two offers of one article', () => {
    const candidates = [
      anOffer({ offerId: 1, manufacturer: 'BOSCH' }),
      anOffer({ offerId: 2, manufacturer: 'Mann-Filter' }),
    ];

    expect(matchByArticle(PART, candidates)).toEqual({ kind: 'linked', offerId: 2 });
  });

  it('does not guess between several', () => {
    expect(matchByArticle(PART, [anOffer({ offerId: 1 }), anOffer({ offerId: 2 })])).toEqual({
      kind: 'several',
    });
  });

  it('counts an offer that was found twice once', () => {
    expect(matchByArticle(PART, [anOffer(), anOffer()])).toEqual({ kind: 'linked', offerId: 1 });
  });

  it('finds the same however case, spaces and dashes are written on either side', () => {
    const core = fc.stringMatching(/^[A-Z0-9]{2,12}$/);
    const separator = fc.constantFrom('', ' ', '-', '.', '/', '\u00a0', '\u2013', '\u2011');
    const writing = (article: string) =>
      fc
        .tuple(fc.array(separator, { minLength: 12, maxLength: 12 }), fc.boolean())
        .map(([separators, lower]) => {
          const spread = Array.from(article, (sign, index) => `${separators[index] ?? ''}${sign}`).join('');
          return lower ? spread.toLowerCase() : spread;
        });
    const writings = core.chain((article) =>
      fc.tuple(fc.constant(article), writing(article), writing(article)),
    );
    fc.assert(
      fc.property(writings, fc.boolean(), ([article, ordered, catalogued], alsoAnother) => {
        const candidates = [
          anOffer({ offerId: 9, articles: [catalogued] }),
          ...(alsoAnother ? [anOffer({ offerId: 10, articles: [`${article}0`] })] : []),
        ];

        expect(matchByArticle({ ...PART, number: ordered }, candidates)).toEqual({
          kind: 'linked',
          offerId: 9,
        });
      }),
    );
  });
});

describe('finding an offer by external id', () => {
  it('compares it letter by letter', () => {
    const candidates = [
      anOffer({ offerId: 1, externalId: 'AB-1' }),
      anOffer({ offerId: 2, externalId: 'ab-1' }),
    ];

    expect(matchByExternalId('ab-1', candidates)).toEqual({ kind: 'linked', offerId: 2 });
  });

  it.each<[string, OfferCandidate[], string]>([
    ['none when nothing has it', [anOffer({ externalId: null })], 'none'],
    ['none when the offer is not active', [anOffer({ active: false })], 'none'],
    ['several when two have it', [anOffer({ offerId: 1 }), anOffer({ offerId: 2 })], 'several'],
  ])('is %s', (_, candidates, kind) => {
    expect(matchByExternalId('ext-1', candidates)).toEqual({ kind });
  });
});

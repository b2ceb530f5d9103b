import type { Offer, Product } from './catalogue';

/** What a seed says of a product; ids, prices and external ids are derived, so that every start gives the same catalogue. */
interface ProductSeed {
  readonly name: string;
  readonly article?: string;
  readonly manufacturer?: string;
  readonly active?: boolean;
  readonly sites?: readonly string[];
  /** Of its offer, when the shop uses the article for it; otherwise derived from the id. */
  readonly externalId?: string;
  /** Articles of the offers; undefined = an offer without one. */
  readonly offers: readonly (string | undefined)[];
}

const plainPart = (manufacturer: string, name: string, article: string): ProductSeed => ({
  name: `${name} ${manufacturer} ${article}`,
  article,
  manufacturer,
  offers: [article],
});

/**
 * The rows that tell a good article match from a lucky one. Some are parts that buyers of the ZZap sandbox order: found
 * at once, found on one level only, ambiguous, under another spelling of the brand, or not kept here at all.
 */
const REMARKABLE: readonly ProductSeed[] = [
  plainPart('MANN-FILTER', 'Фильтр масляный', 'W 712/95'),
  plainPart('BOSCH', 'Колодки тормозные передние', '0 986 494 294'),
  { ...plainPart('NGK', 'Свеча зажигания', 'BKR6E-11'), externalId: 'BKR6E-11' },
  { ...plainPart('DENSO', 'Компрессор кондиционера', 'DCP17045'), externalId: 'DCP17045' },
  { name: 'Амортизатор передний правый', article: '339247', manufacturer: 'KYB', offers: [undefined] },
  { name: 'Комплект ГРМ', manufacturer: 'GATES', offers: ['K015578XS'] },
  plainPart('LEMFORDER', 'Рычаг подвески', '25858 01'),
  plainPart('TOYOTA', 'Фильтр масляный', '90915-YZZD4'),
  plainPart('FEBI', 'Антифриз', '26155'),
  plainPart('SWAG', 'Кронштейн', '26155'),
  plainPart('SACHS', 'Сцепление, комплект', '3000 951 210'),
  plainPart('SACHS', 'Сцепление, комплект (старая карточка)', '3000 951 210'),
  { name: 'Диск тормозной', article: '1K0 615 301 AA', offers: ['1K0 615 301 AA'] },
  plainPart('MANN-FILTER', 'Фильтр воздушный', 'C 30 005'),
  plainPart('MANN-FILTER', 'Фильтр салонный', 'CU 2939'),
  plainPart('BOSCH', 'Свеча зажигания', 'FR 7 DC+'),
  plainPart('HYUNDAI / KIA', 'Фильтр масляный', '26300-35503'),
  // One article, two brands.
  plainPart('KNECHT', 'Фильтр масляный', 'OC 90'),
  plainPart('FEBEST', 'Опора <переднего> амортизатора', 'OC 90'),
  // Ambiguous: two active products with the same article and brand.
  plainPart('TRW', 'Колодки тормозные', 'GDB1330'),
  plainPart('TRW', 'Колодки тормозные (уценка)', 'GDB1330'),
  // No manufacturer.
  { name: 'Патрубок радиатора', article: '06A121132D', offers: ['06A121132D'] },
  // The article only on the product, only on the offer.
  {
    name: 'Фильтр воздушный KNECHT LX 1006/1D',
    article: 'LX 1006/1D',
    manufacturer: 'KNECHT',
    offers: [undefined],
  },
  { name: 'Фильтр масляный FILTRON', manufacturer: 'FILTRON', offers: ['OP 526/1'] },
  // Two offers of one product, each with its own article.
  { name: 'Масло моторное 5W-40', article: 'M5W40', manufacturer: 'LIQUI MOLY', offers: ['1924', '1925'] },
  // Switched off, and sold by the other store only.
  { ...plainPart('LEMFÖRDER', 'Рычаг подвески', '35798 01'), active: false },
  { ...plainPart('DID', 'Цепь приводная', '520VX3-114'), sites: ['moto'] },
  { ...plainPart('EBC', 'Колодки тормозные', 'FA 252 HH'), sites: ['moto'] },
];

const BRANDS = [
  'BOSCH',
  'MANN-FILTER',
  'LUK',
  'SKF',
  'TRW',
  'SACHS',
  'VALEO',
  'DENSO',
  'NISSENS',
  'FEBI',
] as const;
const PARTS = [
  'Подшипник ступицы',
  'Диск тормозной',
  'Насос водяной',
  'Термостат',
  'Комплект сцепления',
  'Стойка стабилизатора',
  'Датчик ABS',
  'Катушка зажигания',
  'Радиатор охлаждения',
  'Ремень поликлиновой',
] as const;
const ORDINARY_MAX = 180;

function ordinaryParts(): ProductSeed[] {
  return Array.from({ length: ORDINARY_MAX }, (_, index) => {
    const brand = BRANDS[index % BRANDS.length] ?? 'BOSCH';
    const part = PARTS[Math.floor(index / BRANDS.length) % PARTS.length] ?? 'Термостат';
    return plainPart(brand, part, `${brand.slice(0, 2)}-${String(100_417 + index * 391)}`);
  });
}

const FIRST_PRODUCT_ID = 301;
const FIRST_OFFER_ID = 901;

/** About 200 offers, with ids below those that are given out later. */
export function seedCatalogue(updatedAt: string): Product[] {
  let offerId: number = FIRST_OFFER_ID;
  return [...REMARKABLE, ...ordinaryParts()].map((seed, index) => {
    const id = FIRST_PRODUCT_ID + index;
    const offers: Offer[] = seed.offers.map((article) => {
      const price = 190 + ((offerId * 137) % 9800) + (offerId % 4) * 0.25;
      const common = {
        id: offerId,
        productId: id,
        externalId: seed.externalId ?? `offer-${offerId}`,
        name: seed.name,
        price,
      };
      const rest = {
        purchasePrice: Math.round(price * 70) / 100,
        quantity: offerId % 23,
        active: true,
        properties: {},
      };
      offerId += 1;
      return { ...common, xmlId: `xml-${common.id}`, ...(article === undefined ? {} : { article }), ...rest };
    });
    return {
      id,
      externalId: `product-${id}`,
      name: seed.name,
      ...(seed.article === undefined ? {} : { article: seed.article }),
      ...(seed.manufacturer === undefined ? {} : { manufacturer: seed.manufacturer }),
      active: seed.active ?? true,
      sites: seed.sites ?? ['auto', 'moto'],
      updatedAt,
      offers,
    };
  });
}

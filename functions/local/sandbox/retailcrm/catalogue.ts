import { listOf, textOf, type Parameters } from './bracket-parameters';

/** A trade offer: what an order row links to. Its article may be empty when only the product has one. */
export interface Offer {
  readonly id: number;
  readonly productId: number;
  readonly externalId: string;
  readonly xmlId?: string;
  readonly name: string;
  readonly article?: string;
  readonly price: number;
  readonly purchasePrice: number;
  readonly quantity: number;
  readonly active: boolean;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Product {
  readonly id: number;
  readonly externalId: string;
  readonly name: string;
  readonly article?: string;
  readonly manufacturer?: string;
  readonly active: boolean;
  readonly sites: readonly string[];
  readonly updatedAt: string;
  readonly offers: readonly Offer[];
}

export type OfferKey = 'id' | 'externalId' | 'xmlId';
export const OFFER_KEYS = ['id', 'externalId', 'xmlId'] as const satisfies readonly OfferKey[];

export interface FoundOffer {
  readonly offer: Offer;
  readonly product: Product;
}

export interface Catalogue {
  put(product: Product): void;
  products(): readonly Product[];
  find(key: OfferKey, value: string): FoundOffer | undefined;
}

export function createCatalogue(): Catalogue {
  const products = new Map<number, Product>();
  const offers: Record<OfferKey, Map<string, FoundOffer>> = {
    id: new Map(),
    externalId: new Map(),
    xmlId: new Map(),
  };
  return {
    put(product) {
      products.set(product.id, product);
      for (const offer of product.offers) {
        for (const key of OFFER_KEYS) {
          const value = offer[key];
          if (value !== undefined) offers[key].set(String(value), { offer, product });
        }
      }
    },
    products: () => [...products.values()],
    find: (key, value) => offers[key].get(value),
  };
}

/** Articles on either level: real catalogues often fill one of them only. */
export function articlesOf(product: Product): string[] {
  return [product.article, ...product.offers.map((offer) => offer.article)].filter(
    (article) => article !== undefined,
  );
}

type Test<T> = (row: T, value: string | Parameters) => boolean;

const within = (text: string | undefined, part: string | undefined): boolean =>
  part !== undefined && (text ?? '').toLocaleLowerCase('ru').includes(part.toLocaleLowerCase('ru'));
const sameText = (text: string | undefined, wanted: string | undefined): boolean =>
  wanted !== undefined && (text ?? '').toLocaleLowerCase('ru') === wanted.toLocaleLowerCase('ru');
const oneOf = (value: string | number | undefined, list: string | Parameters): boolean =>
  value !== undefined && listOf(list).includes(String(value));
const isFlag = (value: boolean, wanted: string | Parameters): boolean =>
  value === ['1', 'true'].includes(textOf(wanted) ?? '');
const hasProperties = (offer: Offer, wanted: string | Parameters): boolean =>
  typeof wanted === 'object' &&
  Object.entries(wanted).every(([code, value]) => offer.properties[code] === value);
const numberIn = (value: string | Parameters): number => Number(textOf(value));

/** Filters of `store/products`. There is none by article: `name` finds it (see assumptions.ts). */
export const PRODUCT_FILTERS: Readonly<Record<string, Test<Product>>> = {
  ids: (row, value) => oneOf(row.id, value),
  offerIds: (row, value) => row.offers.some((offer) => oneOf(offer.id, value)),
  externalId: (row, value) => oneOf(row.externalId, value),
  offerExternalId: (row, value) => row.offers.some((offer) => oneOf(offer.externalId, value)),
  xmlId: (row, value) => row.offers.some((offer) => oneOf(offer.xmlId, value)),
  offerXmlId: (row, value) => row.offers.some((offer) => oneOf(offer.xmlId, value)),
  name: (row, value) => [row.name, ...articlesOf(row)].some((text) => within(text, textOf(value))),
  manufacturer: (row, value) => sameText(row.manufacturer, textOf(value)),
  properties: (row, value) => row.offers.some((offer) => hasProperties(offer, value)),
  active: (row, value) => isFlag(row.active, value),
  sites: (row, value) => row.sites.some((site) => oneOf(site, value)),
  sinceId: (row, value) => row.id > numberIn(value),
  sinceUpdatedAt: (row, value) => row.updatedAt >= (textOf(value) ?? ''),
  minPrice: (row, value) => row.offers.some((offer) => offer.price >= numberIn(value)),
  maxPrice: (row, value) => row.offers.some((offer) => offer.price <= numberIn(value)),
  minQuantity: (row, value) => row.offers.some((offer) => offer.quantity >= numberIn(value)),
  maxQuantity: (row, value) => row.offers.some((offer) => offer.quantity <= numberIn(value)),
};

/** Filters of `store/offers`. */
export const OFFER_FILTERS: Readonly<Record<string, Test<FoundOffer>>> = {
  ids: ({ offer }, value) => oneOf(offer.id, value),
  externalIds: ({ offer }, value) => oneOf(offer.externalId, value),
  xmlIds: ({ offer }, value) => oneOf(offer.xmlId, value),
  name: ({ offer, product }, value) =>
    [offer.name, offer.article, product.article].some((text) => within(text, textOf(value))),
  properties: ({ offer }, value) => hasProperties(offer, value),
  active: ({ offer, product }, value) => isFlag(offer.active && product.active, value),
  sites: ({ product }, value) => product.sites.some((site) => oneOf(site, value)),
  sinceId: ({ offer }, value) => offer.id > numberIn(value),
  minPrice: ({ offer }, value) => offer.price >= numberIn(value),
  maxPrice: ({ offer }, value) => offer.price <= numberIn(value),
  minQuantity: ({ offer }, value) => offer.quantity >= numberIn(value),
  maxQuantity: ({ offer }, value) => offer.quantity <= numberIn(value),
};

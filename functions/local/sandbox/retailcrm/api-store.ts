import type { Account } from './account';
import { filterOf, ok, type ApiCall, type ApiMethod } from './api-call';
import type { Parameters } from './bracket-parameters';
import { OFFER_FILTERS, PRODUCT_FILTERS, type FoundOffer, type Offer, type Product } from './catalogue';
import { PIECES } from './order-view';
import { pageBesideSinceId, paginate } from './pagination';
import { phpMap, present } from './php-shape';

/** Known by the real methods, without meaning in this catalogue: accepted, they narrow nothing. */
const OTHER_PRODUCT_FILTERS = [
  'groupExternalId',
  'groups',
  'catalogs',
  'url',
  'urlLike',
  'priceType',
  'type',
  'markable',
];
const OTHER_OFFER_FILTERS = ['groups', 'catalogs', 'priceType', 'type', 'markable'];

function filtered<T>(
  rows: readonly T[],
  filter: Parameters,
  tests: Readonly<Record<string, (row: T, value: string | Parameters) => boolean>>,
): T[] {
  const wanted = Object.entries(filter).flatMap(([name, value]) => {
    const test = tests[name];
    return test ? [(row: T): boolean => test(row, value)] : [];
  });
  return rows.filter((row) => wanted.every((test) => test(row)));
}

function offerView(account: Account, offer: Offer): Record<string, unknown> {
  return present({
    id: offer.id,
    externalId: offer.externalId,
    xmlId: offer.xmlId,
    name: offer.name,
    article: offer.article,
    active: offer.active,
    images: [],
    price: offer.price,
    prices: Object.keys(account.dictionary('priceTypes')).map((priceType, index) => ({
      priceType,
      price: offer.price,
      ordering: (index + 1) * 10,
      currency: 'RUB',
    })),
    purchasePrice: offer.purchasePrice,
    vatRate: 'none',
    properties: phpMap(offer.properties),
    quantity: offer.quantity,
    unit: PIECES,
  });
}

function productHead(product: Product): Record<string, unknown> {
  return {
    id: product.id,
    externalId: product.externalId,
    article: product.article,
    name: product.name,
    manufacturer: product.manufacturer,
    type: 'product',
    catalogId: 1,
    groups: [{ id: 1, externalId: 'parts' }],
  };
}

function productView(account: Account, product: Product): Record<string, unknown> {
  const prices = product.offers.map((offer) => offer.price);
  return present({
    ...productHead(product),
    minPrice: Math.min(...prices),
    maxPrice: Math.max(...prices),
    url: `https://auto.example/${product.id}`,
    quantity: product.offers.reduce((sum, offer) => sum + offer.quantity, 0),
    active: product.active,
    markable: false,
    offers: product.offers.map((offer) => offerView(account, offer)),
    updatedAt: product.updatedAt,
    properties: [],
  });
}

function products({ account, fields }: ApiCall) {
  const filter = filterOf(fields, [...Object.keys(PRODUCT_FILTERS), ...OTHER_PRODUCT_FILTERS]);
  const page = pageBesideSinceId(fields, filter['sinceId']);
  const { rows, pagination } = paginate(
    filtered(account.catalogue.products(), filter, PRODUCT_FILTERS),
    page,
  );
  return ok({ pagination, products: rows.map((product) => productView(account, product)) });
}

function offers({ account, fields }: ApiCall) {
  const filter = filterOf(fields, [...Object.keys(OFFER_FILTERS), ...OTHER_OFFER_FILTERS]);
  const page = pageBesideSinceId(fields, filter['sinceId']);
  const all = account.catalogue
    .products()
    .flatMap((product): FoundOffer[] => product.offers.map((offer) => ({ offer, product })));
  const { rows, pagination } = paginate(filtered(all, filter, OFFER_FILTERS), page);
  const views = rows.map(({ offer, product }) => ({
    ...offerView(account, offer),
    site: product.sites[0],
    product: present(productHead(product)),
  }));
  return ok({ pagination, offers: views });
}

export const STORE_METHODS: readonly ApiMethod[] = [
  { verb: 'GET', path: '/api/v5/store/products', scope: 'store_read', handle: products },
  { verb: 'GET', path: '/api/v5/store/offers', scope: 'store_read', handle: offers },
];

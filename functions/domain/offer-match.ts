import type { Part } from './marketplace-order';

/** A catalogue offer that may be the ordered part. */
export interface OfferCandidate {
  readonly offerId: number;
  /** Articles of the offer and of its product: catalogues fill the one or the other. */
  readonly articles: readonly string[];
  readonly externalId: string | null;
  readonly manufacturer: string | null;
  readonly active: boolean;
}

/** How a position finds its catalogue offer. `none` and `several` leave the item unlinked. */
export type OfferMatch =
  | { readonly kind: 'linked'; readonly offerId: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'several' };

/** The same article however it is written: case, spaces, dashes, dots and slashes do not count. */
export function normalizeArticle(article: string): string {
  return article.toUpperCase().replace(/[\s\p{Dash}._/\\]/gu, '');
}

function isNamed(manufacturer: string | null): manufacturer is string {
  return manufacturer !== null && manufacturer.trim() !== '';
}

function sameBrand(manufacturer: string | null, brand: string): boolean {
  if (!isNamed(manufacturer) || brand.trim() === '') return true;
  return normalizeArticle(manufacturer) === normalizeArticle(brand);
}

/** Exact match after normalising; brand decides where the catalogue has one. */
export function matchByArticle(part: Part, candidates: readonly OfferCandidate[]): OfferMatch {
  const wanted = normalizeArticle(part.number);
  if (wanted === '') return { kind: 'none' };
  const fitting = candidates.filter(
    (offer) =>
      offer.active &&
      offer.articles.some((article) => normalizeArticle(article) === wanted) &&
      sameBrand(offer.manufacturer, part.brand),
  );
  // An offer that names the brand is meant before one that names none.
  const ofBrand = fitting.filter((offer) => isNamed(offer.manufacturer) && part.brand.trim() !== '');
  return onlyOne(ofBrand.length > 0 ? ofBrand : fitting);
}

/** The offer's external id is compared as it is: shops choose it themselves. */
export function matchByExternalId(externalId: string, candidates: readonly OfferCandidate[]): OfferMatch {
  return onlyOne(candidates.filter((offer) => offer.active && offer.externalId === externalId));
}

function onlyOne(offers: readonly OfferCandidate[]): OfferMatch {
  const ids = [...new Set(offers.map((offer) => offer.offerId))];
  const [first] = ids;
  if (first === undefined) return { kind: 'none' };
  return ids.length === 1 ? { kind: 'linked', offerId: first } : { kind: 'several' };
}

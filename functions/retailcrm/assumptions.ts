/**
 * What about RetailCRM is inferred or differs between accounts, in one place. Each entry is an open question of
 * docs/open-questions.md.
 */

/** [seen in official code] Ten requests per second; nine leave room for a clock that drifts. */
export const REQUESTS_PER_SECOND = 9;

/** [inferred] Code under which an item carries ZZap's row number in `externalIds`. */
export const ITEM_EXTERNAL_ID_CODE = 'zzap';

/** [inferred] Properties of a free item: RetailCRM shows them beside its name. */
export const ITEM_PROPERTIES = {
  brand: { code: 'brand', name: 'Производитель' },
  article: { code: 'article', name: 'Артикул' },
} as const;

/** Pages of a catalogue look-up that are read at most: an article with more hits than that is not an article. */
export const CATALOGUE_PAGES_MAX = 5;

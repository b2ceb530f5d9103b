/**
 * What the module assumes about RetailCRM, by its number in docs/assumptions.md. A value that code depends on
 * stands here and is read from here; an empty entry is relied on in the places that its text names. The texts are
 * in functions/probe/retailcrm-list.ts: what runs in the cloud needs the values only.
 */
export const RETAILCRM_ASSUMED = {
  /** Ten are allowed by official code; nine leave room for a clock that drifts. */
  R1: { requestsPerSecond: 9 },
  R2: {},
  R3: {},
  R4: {},
  R5: {},
  /** Code under which an item carries ZZap's row number in `externalIds`. */
  R6: { itemExternalIdCode: 'zzap' },
  /** Properties of a free item: RetailCRM shows them beside its name. */
  R7: {
    itemProperties: {
      brand: { code: 'brand', name: 'Производитель' },
      article: { code: 'article', name: 'Артикул' },
    },
  },
  /** Pages of a catalogue look-up that are read at most: an article with more hits than that is not an article. */
  R8: { cataloguePagesMax: 5 },
  R9: {},
  R10: {},
  R11: {},
  R12: {},
  R13: {},
  R14: {},
  R15: {},
  R16: {},
  R17: {},
  R18: {},
  R19: {},
  R20: {},
  R21: {},
  R22: {},
  R23: {},
  R24: {},
} as const;

export type RetailCrmAssumptionId = keyof typeof RETAILCRM_ASSUMED;

export const { requestsPerSecond: REQUESTS_PER_SECOND } = RETAILCRM_ASSUMED.R1;
export const { itemExternalIdCode: ITEM_EXTERNAL_ID_CODE } = RETAILCRM_ASSUMED.R6;
export const { itemProperties: ITEM_PROPERTIES } = RETAILCRM_ASSUMED.R7;
export const { cataloguePagesMax: CATALOGUE_PAGES_MAX } = RETAILCRM_ASSUMED.R8;

/** One entry of a reference book. Fields beyond these are passed through as they are. */
export interface Entry {
  readonly code: string;
  readonly name: string;
  readonly active?: boolean;
  readonly [field: string]: unknown;
}

export const DICTIONARY_NAMES = [
  'sites',
  'statuses',
  'statusGroups',
  'orderMethods',
  'orderTypes',
  'priceTypes',
  'paymentTypes',
  'paymentStatuses',
  'deliveryTypes',
  'productStatuses',
  'customFields',
] as const;
export type DictionaryName = (typeof DICTIONARY_NAMES)[number];

/** Code → entry. Integer-like codes come first when a book is written out, as JavaScript and the real answers have it. */
export type Dictionary = Readonly<Record<string, Entry>>;
export type Dictionaries = Readonly<Record<DictionaryName, Dictionary>>;

/** What the error texts call an entity of each book. */
export const ENTITY_NAMES: Readonly<Record<DictionaryName, string>> = {
  sites: 'Site',
  statuses: 'OrderStatus',
  statusGroups: 'OrderStatusGroup',
  orderMethods: 'OrderMethod',
  orderTypes: 'OrderType',
  priceTypes: 'PriceType',
  paymentTypes: 'PaymentType',
  paymentStatuses: 'PaymentStatus',
  deliveryTypes: 'DeliveryType',
  productStatuses: 'OrderProductStatus',
  customFields: 'CustomField',
};

const orderingOf = (entry: Entry): number => Number(entry['ordering'] ?? 0);

/** The code used when a request does not name one: the entry with the flag, else the first active one by `ordering`. */
export function defaultCode(dictionary: Dictionary, flag: 'defaultForApi' | 'defaultForCrm'): string {
  const entries = Object.values(dictionary).sort((a, b) => orderingOf(a) - orderingOf(b));
  const chosen =
    entries.find((entry) => entry[flag] === true) ?? entries.find((entry) => entry.active !== false);
  return chosen?.code ?? '';
}

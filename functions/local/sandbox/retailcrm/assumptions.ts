/**
 * Everything this sandbox assumes about RetailCRM because no readable source settles it.
 * Nothing here was checked against a live account. When a fact becomes known, change it here
 * or in the file named here, with its test.
 * What is documented or seen in official client code lives beside the code that plays it.
 *
 * Assumed behaviour, with the file that plays it:
 * - `filter[name]` of the catalogue is a case-insensitive substring of name or article of product and offer;
 *   `filter[manufacturer]` is the whole name in any case (catalogue.ts);
 * - a filter that a method does not have is refused with 400 (api-call.ts);
 * - sinceId together with page is refused by store lists as well as by the history (pagination.ts);
 * - lists come newest first, bounds of date filters are inclusive (api-orders.ts);
 * - inactive statuses, methods and types may still be set through the API; there is no status matrix (order-checks.ts);
 * - a free-text row keeps `productName` in answers: client models have it, published fixtures do not show it (order-view.ts);
 * - orders/{id}/edit leaves `payments` alone: they have methods of their own (order-edit.ts);
 * - setting a field to the value it has leaves no history record (order-changes.ts);
 * - after a deletion the externalId is free again (order-book.ts);
 * - times are stored as account-local text and do not move when the account's time zone changes (order.ts);
 * - the CRM assigns a customer and a manager right after a create, rows follow the order's status (order-saves.ts);
 * - settings can be read with any valid key; reference/sites lists every store whatever the key may touch (api-account.ts).
 */

/** Starting values of the switches in settings.ts. */
export const ASSUMED_DEFAULTS = {
  /** Where the text of a duplicate goes on orders/create: known for upload, unknown for create. */
  duplicateTextPlace: 'errorMsg',
  /** HTTP 460 with a partial result and success:true were both seen; "nothing stored" is possible. */
  uploadFailureMode: 'http-460',
  /** Both are known to happen, not when. */
  errorsShape: 'object',
  /** The value of `source` on changes made by an automation rule: often named so, never verified. */
  ruleSource: 'rule',
  /** The limit is per key here; a per-IP limit is also reported. */
  requestsPerSecond: 10,
} as const;

/** Texts of Symfony's stock validators, which the CRM is built on. Only the offer text was seen. */
export const TEXT = {
  tooLong: (max: number): string => `This value is too long. It should have ${max} characters or less.`,
  blank: 'This value should not be blank.',
  email: 'This value is not a valid email address.',
  negative: 'This value should be either positive or zero.',
  invalid: 'This value is not valid.',
  date: 'This value is not a valid datetime.',
  extraField: 'This form should not contain extra fields.',
  notInDictionary: (entity: string, code: string): string =>
    `"${entity}" with "code"="${code}" does not exist.`,
  offerNotFound: (by: string, value: string): string => `Offer with ${by} ${value} not found.`,
  customerNotFound: (by: string, value: string): string => `Customer with ${by} ${value} not found.`,
  customFieldUnknown: (code: string): string => `Custom field with code "${code}" does not exist.`,
  notAnArray: 'This value should be of type array.',
  methodCode: 'Code may contain latin letters, digits, "-" and "_" only.',
  batchTooLarge: (max: number): string => `This collection should contain ${max} elements or less.`,
} as const;

/** `errorMsg` of refusals whose wording is not known; the known constants are in refusal.ts. */
export const ASSUMED_MESSAGE = {
  badJsonField: 'Errors in the input parameters',
  unknownFilter: 'Errors in the input parameters',
  rateLimit: 'Rate limit exceeded',
  internalError: 'Internal Server Error',
} as const;

/** HTTP code of a duplicate on orders/create. */
export const DUPLICATE_ON_CREATE_STATUS = 400;

/** A key without access to the store is answered as without a right: 403. */
export const FOREIGN_SITE_STATUS = 403;

/** Lengths: 255 is the docs' usual string constraint; per-field limits are unknown. Comments are long text. */
export const STRING_MAX = 255;
export const COMMENT_MAX = 65_000;

/** A history page this deep (page × limit, without sinceId) is refused; the real threshold is unknown. */
export const DEEP_PAGE_ROWS_MAX = 10_000;

/** The generated number is the id and a letter; we take A for orders that came by API and C for those typed in the CRM. */
export const numberOf = (orderId: number, fromApi: boolean): string => `${orderId}${fromApi ? 'A' : 'C'}`;

/** The manager whom the CRM assigns to a new order by itself, and the user behind changes made by hand. */
export const AUTO_MANAGER_ID = 19;
export const DEFAULT_USER_ID = 19;

/** First ids of a lived-in account, so that ids of different kinds never look alike. */
export const FIRST_ID = {
  order: 7146,
  item: 21_050,
  payment: 4120,
  customer: 1614,
  history: 70_420,
  product: 1301,
  offer: 1901,
} as const;

/** How long a fault that "never answers" holds the socket before it is cut, ms: longer than any sane client timeout. */
export const HANG_MS_MAX = 120_000;

/** An automation trigger's HTTP request is given up after this time, ms; the real value is unknown. */
export const TRIGGER_TIMEOUT_MS = 5000;

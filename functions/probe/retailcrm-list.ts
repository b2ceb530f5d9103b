import { REQUIRED_SCOPES } from '../domain/account';
import { CRM_DOMAINS } from '../domain/crm-address';
import { TEXT_LENGTH_MAX } from '../domain/crm-order-draft';
import { HISTORY_FIELDS } from '../domain/owned-fields';
import type { RetailCrmAssumptionId } from '../retailcrm/assumptions';
import { CANCEL_GROUP } from '../sync/collect-crm-changes';
import type { AssumptionText } from './assumption';

/** The words of the assumptions about RetailCRM. The values are in retailcrm/assumptions.ts; others are named here. */
export const RETAILCRM_TEXTS: Readonly<Record<RetailCrmAssumptionId, AssumptionText>> = {
  R1: {
    strength: 'seen',
    assumed:
      'Ten requests a second per key; a limit per address is also reported. The module keeps nine per account.',
    places: ['retailcrm/assumptions.ts', 'retailcrm/request-pace.ts'],
    ifWrong:
      'refused requests are waited out; lower `CRM_REQUESTS_PER_SECOND` where accounts share an address',
    howToSettle: 'the rules page, a live test',
  },
  R2: {
    strength: 'seen',
    assumed: '503 and 429 mean «too many requests» and had no effect.',
    places: ['retailcrm/errors.ts'],
    ifWrong: 'a write repeated after a 503 is refused as a duplicate and adopted: no harm to orders',
    howToSettle: 'live test',
  },
  R3: {
    strength: 'seen',
    assumed:
      'A second order with one external id in a store is refused, whatever the words and the HTTP code.',
    places: ['sync/store-orders.ts'],
    ifWrong:
      'the protection against duplicates rests on it: within a run an order whose answer was lost is looked up first, but after a crash the next run creates again and counts on the refusal',
    howToSettle: 'create one twice',
  },
  R4: {
    strength: 'seen',
    assumed: '`orders/upload` answers 460 or `success: true` with `failedOrders` when it stores a part.',
    places: ['retailcrm/api.ts', 'retailcrm/client.ts'],
    ifWrong: 'nothing: whatever is not certainly stored is looked up',
    howToSettle: 'upload a good one and a bad one',
  },
  R5: {
    strength: 'inferred',
    assumed: 'An item may be a free text without an offer; it may be a setting of the account.',
    places: ['retailcrm/to-wire.ts'],
    ifWrong: 'orders without a catalogue match are refused and need attention',
    howToSettle: 'one order without `offer`',
  },
  R6: {
    strength: 'inferred',
    assumed: '`externalIds` of an item with the code `zzap` is kept.',
    places: ['retailcrm/assumptions.ts', 'retailcrm/to-wire.ts'],
    ifWrong: 'quantity and price no longer follow ZZap, because the item is not recognised',
    howToSettle: 'read an imported order back',
  },
  R7: {
    strength: 'inferred',
    assumed: 'Properties `brand` and `article` of an item are shown beside its name.',
    places: ['retailcrm/assumptions.ts', 'retailcrm/to-wire.ts'],
    ifWrong: 'the operator reads brand and article from the name only',
    howToSettle: 'look at the order',
  },
  R8: {
    strength: 'unknown',
    assumed: '`filter[name]` of the catalogue finds articles of products and offers as a part of the text.',
    places: ['retailcrm/client.ts'],
    ifWrong: 'links by article are not found; orders arrive unlinked',
    howToSettle: 'search for an article',
  },
  R9: {
    strength: 'inferred',
    assumed: "The offer's external id is ZZap's part number: a row names its part by nothing else.",
    places: ['sync/link-items.ts'],
    ifWrong: '«by external id» finds nothing in shops that number otherwise',
    howToSettle: 'ask two shops',
  },
  R10: {
    strength: 'unknown',
    assumed: 'An unknown offer is refused with a path such as `items[0].offer`.',
    places: ['domain/crm-order-draft.ts'],
    ifWrong: 'the order needs attention instead of going in without the link',
    howToSettle: 'send an invented offer id',
  },
  R11: {
    strength: 'inferred',
    assumed: 'Texts have at most 255 characters; comments are long. Usual, not stated per field.',
    places: ['domain/crm-order-draft.ts'],
    ifWrong: 'a longer limit cuts needlessly, a shorter one refuses',
    howToSettle: 'the field reference',
    values: { textLengthMax: TEXT_LENGTH_MAX },
  },
  R12: {
    strength: 'unknown',
    assumed:
      "Times are naive, in the account's zone; `GET /api/v5/settings` tells the zone and needs none of our rights.",
    places: ['settings/account-access.ts', 'retailcrm/account-time.ts'],
    ifWrong: 'without it Moscow time stands in: wrong creation times for accounts elsewhere',
    howToSettle: 'live test with few rights',
  },
  R13: {
    strength: 'seen',
    assumed:
      "An account's address is one label below `retailcrm.ru`, `retailcrm.pro`, `retailcrm.es` or `simla.com`; the full list was not readable.",
    places: ['domain/crm-address.ts'],
    ifWrong: 'other accounts are refused until `CRM_ALLOWED_HOSTS` names them',
    howToSettle: "the vendor's public list",
    values: { domains: CRM_DOMAINS },
  },
  R14: {
    strength: 'inferred',
    assumed: "A wrong key is refused in JSON; a 401 or 403 page is a proxy's and condemns nothing.",
    places: ['retailcrm/errors.ts'],
    ifWrong: 'a dead key fails runs without suspending the connection',
    howToSettle: 'revoke a key',
  },
  R15: {
    strength: 'unknown',
    assumed:
      'A status may be set through the API from any other one, and required fields do not stand in the way.',
    places: ['sync/set-statuses.ts'],
    ifWrong: 'the refusal stands in the trace, the order needs attention and is tried again',
    howToSettle: 'an account with a status matrix',
  },
  R16: {
    strength: 'seen',
    assumed:
      'History: ids grow, `sinceId` without `page`, `apiKey.current` marks our own changes, `source` is an open list.',
    places: ['sync/collect-crm-changes.ts', 'domain/status-wish.ts'],
    ifWrong: 'a missing mark could echo a status; the equality with what we wrote last is the second guard',
    howToSettle: 'change by hand, by rule, by key',
  },
  R17: {
    strength: 'seen',
    assumed:
      'History fields are called `status`, `first_name`, `phone`, `order_product.quantity` and so on; not all were seen.',
    places: ['domain/owned-fields.ts'],
    ifWrong:
      "a person's edit under another name is not noticed and may be overwritten when ZZap changes the same field",
    howToSettle: 'edit each field and read the history',
    values: { fields: ['status', ...Object.keys(HISTORY_FIELDS)] },
  },
  R18: {
    strength: 'seen',
    assumed: 'The group of cancelling statuses has the code `cancel`, as is usual in accounts.',
    places: ['sync/collect-crm-changes.ts'],
    ifWrong: 'cancellations do not go first in the queue; nothing else',
    howToSettle: 'the status directory',
    values: { cancelGroup: CANCEL_GROUP },
  },
  R19: {
    strength: 'inferred',
    assumed:
      "A replaced list of items replaces the order's items as a whole; one that names only our item changes that one.",
    places: ['domain/owned-fields.ts'],
    ifWrong: "the item follows only while it is the order's only one, so no other item can be lost",
    howToSettle: 'edit an order by API',
  },
  R20: {
    strength: 'inferred',
    assumed: 'A deleted order answers 404 with words about the entity.',
    places: ['retailcrm/errors.ts'],
    ifWrong: 'the module keeps trying to set the status of an order that is gone',
    howToSettle: 'delete one and read it',
  },
  R21: {
    strength: 'unknown',
    assumed:
      "A trigger's HTTP request can be set up as [webhooks](webhooks.md) says; timeout and repeats are not known.",
    places: ['http/hook-texts.ts', 'http/hooks-app.ts'],
    ifWrong: 'hints do not come; the ticks bring everything',
    howToSettle: 'set one up',
  },
  R22: {
    strength: 'documented',
    assumed:
      '`GET /api/credentials` names the rights of the key in `scopes`, and they are enough for what the module reads.',
    places: ['domain/account.ts', 'settings/account-access.ts'],
    ifWrong: 'a good key is refused when it is saved, or a poor one fails in the first run',
    howToSettle: 'any call',
    values: { requiredScopes: REQUIRED_SCOPES },
  },
  R23: {
    strength: 'seen',
    assumed:
      'Directories are maps or lists of entries with a `code`, and an answer names them `sites`, `statuses`, `statusGroups`, `orderMethods`.',
    places: ['retailcrm/php-json.ts', 'retailcrm/wire-schemas.ts'],
    ifWrong: 'the form cannot be filled in; runs fail as `unexpected-body`',
    howToSettle: 'any call',
  },
  R24: {
    strength: 'seen',
    assumed: '`filter[externalIds][]` together with `filter[sites][]` finds exactly the orders it names.',
    places: ['retailcrm/client.ts', 'sync/store-orders.ts'],
    ifWrong: 'an order whose answer was lost is not found and is tried again; the refusal of R3 stays',
    howToSettle: 'look one order up',
  },
};

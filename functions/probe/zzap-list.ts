import { OVERLAP_MS, SEAM_MS } from '../domain/cursor-window';
import { STALE_READING_MS } from '../domain/order-decision';
import { REPLICA_LAG_MS } from '../domain/status-wish';
import type { ZzapAssumptionId } from '../zzap/assumptions';
import type { AssumptionText } from './assumption';

/** The words of the assumptions about ZZap. The values are in zzap/assumptions.ts; those of the domain are named here. */
export const ZZAP_TEXTS: Readonly<Record<ZzapAssumptionId, AssumptionText>> = {
  Z1: {
    strength: 'documented',
    assumed:
      'The service is at `https://api.zzap.pro/webservice/datasharing.asmx`. Form posts work for all seller methods (seen).',
    places: ['zzap/assumptions.ts', 'zzap/client.ts'],
    ifWrong: 'nothing works, at once and visibly; `ZZAP_BASE_URL` changes the host',
    howToSettle: 'any call',
  },
  Z2: {
    strength: 'unknown',
    assumed: 'New sellers still get a key that opens the old service. Newer keys belong to a newer API.',
    places: ['zzap/client.ts'],
    ifWrong:
      'the module needs the newer API; only this adapter changes, see [0006](adr/0006-old-zzap-service-behind-a-port.md)',
    howToSettle: 'a newly issued key',
  },
  Z3: {
    strength: 'seen',
    assumed:
      'An answer is XML with one `<string>`, `{"d": …}`, or bare JSON. Inside are `error`, and for lists `row_count` and `table`.',
    places: ['zzap/unwrap.ts', 'zzap/wire-schemas.ts'],
    ifWrong: 'runs fail as `unexpected-body`',
    howToSettle: 'any call',
  },
  Z4: {
    strength: 'documented',
    assumed:
      '`row_count` limits an answer and is 10,000 at most. An answer that long may be cut; which end is cut is unknown.',
    places: ['zzap/assumptions.ts', 'sync/pull-orders.ts'],
    ifWrong: 'should the service cut earlier without saying so, orders are missed in very full windows',
    howToSettle: 'a seller with thousands of orders',
  },
  Z5: {
    strength: 'inferred',
    assumed:
      "`date_from` and `date_to` filter by the order's last event (documented) and are read as Moscow time. Four hours of overlap also cover UTC.",
    places: ['zzap/moscow-time.ts', 'domain/cursor-window.ts'],
    ifWrong:
      'with a smaller shift nothing; were they order dates, later changes of old orders would not be seen',
    howToSettle: 'one order with narrow bounds around its last event',
    values: { overlapMs: OVERLAP_MS },
  },
  Z6: {
    strength: 'unknown',
    assumed: 'Whether bounds are inclusive is not known: parts of a window share one second.',
    places: ['domain/cursor-window.ts'],
    ifWrong: 'nothing: the seam covers both',
    howToSettle: "bounds equal to an order's last event",
    values: { seamMs: SEAM_MS },
  },
  Z7: {
    strength: 'inferred',
    assumed: 'An open window may end a day in the future, as with the only known seller client.',
    places: ['zzap/assumptions.ts', 'zzap/client.ts'],
    ifWrong: 'the service refuses the date, runs fail as `invalid`',
    howToSettle: 'any pull',
  },
  Z8: {
    strength: 'documented',
    assumed:
      'Dates carry no offset and are Moscow time, UTC+3 without summer time. A trailing `Z` changes nothing, in either direction (inferred).',
    places: ['zzap/moscow-time.ts'],
    ifWrong: 'creation times shift by three hours',
    howToSettle: 'compare one order with the cabinet; one window with and without `Z`',
  },
  Z9: {
    strength: 'seen',
    assumed: 'A row is one order with one position; `code_order` is its only identity.',
    places: ['zzap/to-domain.ts', 'domain/marketplace-order.ts'],
    ifWrong: "orders with several rows would overwrite each other's facts",
    howToSettle: 'an order of several parts',
  },
  Z10: {
    strength: 'seen',
    assumed: '`priceV2` is the unit price in roubles; the sum is price × quantity.',
    places: ['zzap/to-domain.ts'],
    ifWrong: 'wrong sums, in every order',
    howToSettle: 'compare one order with quantity 2 with the cabinet',
  },
  Z11: {
    strength: 'documented',
    assumed:
      'Quantities (`qty_order`) may be numbers or texts such as «9 шт.» (for the older version). Zero, negative and coded quantities are no quantity.',
    places: ['zzap/to-domain.ts'],
    ifWrong: 'such rows need attention instead of arriving',
    howToSettle: 'look at `unreadable-row` in the journal',
  },
  Z12: {
    strength: 'documented',
    assumed: '`class_template` is a price list, in the row or beside the table; the place is unclear.',
    places: ['zzap/to-domain.ts'],
    ifWrong: "a line is missing in the manager's comment",
    howToSettle: 'any pull',
  },
  Z13: {
    strength: 'inferred',
    assumed:
      "Dictionary rows have a `code_…` and a `class_…`. A row's `code_track` is one of those codes; `class_track` is its name where a row has it.",
    places: ['zzap/to-domain.ts', 'zzap/wire-schemas.ts'],
    ifWrong: 'statuses show as «№ 10»; an empty dictionary stops the mapping',
    howToSettle: '`GetCodesTrack`',
  },
  Z14: {
    strength: 'unknown',
    assumed: "`comment` is the buyer's, `message` is ZZap's or the latest one.",
    places: ['zzap/to-domain.ts', 'domain/crm-order-draft.ts'],
    ifWrong: 'the two texts change places in the order',
    howToSettle: 'compare one order with the cabinet',
  },
  Z15: {
    strength: 'unknown',
    assumed:
      'A contact may be missing or empty until the order is confirmed. Missing is absent, never empty; what comes later follows where nobody has edited it.',
    places: ['zzap/to-domain.ts', 'domain/owned-fields.ts'],
    ifWrong: 'a masked text, e.g. stars, would be taken for a contact',
    howToSettle: 'an unconfirmed order',
  },
  Z16: {
    strength: 'seen',
    assumed:
      'Errors come as text in `error` with HTTP 200. Only `[100]:Превышена максимальная частота запросов` is known.',
    places: ['zzap/errors.ts', 'zzap/assumptions.ts'],
    ifWrong: 'an unknown text counts as `invalid`: the run fails with the text',
    howToSettle: 'a call with a wrong password',
  },
  Z17: {
    strength: 'unknown',
    assumed: 'Words that mean refused credentials: логин, парол, ключ, доступ and the like.',
    places: ['zzap/assumptions.ts', 'zzap/errors.ts'],
    ifWrong:
      'too wide: a live connection is suspended; too narrow: a dead one keeps failing without being suspended',
    howToSettle: 'calls with a wrong password, a wrong key and a wrong login',
  },
  Z18: {
    strength: 'seen',
    assumed:
      'An HTML page with captcha words, or with 403, means blocked for 180 s; 429 and a `Retry-After` in seconds likewise.',
    places: ['zzap/assumptions.ts', 'zzap/errors.ts'],
    ifWrong: 'too short a pause may prolong the block',
    howToSettle: 'only in the wild',
  },
  Z19: {
    strength: 'documented',
    assumed: 'The pace is one request in 3 s, counted per API key (seen) from the end of an answer.',
    places: ['zzap/pace.ts', 'zzap/assumptions.ts'],
    ifWrong: 'counted per address, many connections behind one address are refused in turn',
    howToSettle: 'two keys at once',
  },
  Z20: {
    strength: 'seen',
    assumed: '`GetCodesTrack` needs login, password and key and is the cheapest check.',
    places: ['settings/check-credentials.ts'],
    ifWrong: 'wrong credentials pass the form and fail in the first run',
    howToSettle: 'a call with a wrong password',
  },
  Z21: {
    strength: 'unknown',
    assumed:
      'The seller may set every status of the dictionary, and to set the one an order has is harmless.',
    places: ['zzap/client.ts', 'sync/push-statuses.ts'],
    ifWrong: "a refusal stands in the order's trace and the order needs attention",
    howToSettle: '`SetOrderStatusV3` on a test order: a permitted status, then the same again',
  },
  Z22: {
    strength: 'documented',
    assumed:
      'Reads show a change after seconds («a few seconds»). An old status is taken for stale for 60 s after a push; an unanswered push is checked after 15 s.',
    places: ['domain/order-decision.ts', 'domain/status-wish.ts'],
    ifWrong: 'a longer lag looks like a change at ZZap',
    howToSettle: 'repeat reads after a status was set',
    values: { staleReadingMs: STALE_READING_MS, replicaLagMs: REPLICA_LAG_MS },
  },
  Z23: {
    strength: 'unknown',
    assumed: '«Заказ … не найден» is the text for an order that is not ours.',
    places: ['zzap/assumptions.ts', 'zzap/errors.ts'],
    ifWrong: 'the reason reads `invalid` instead of `not-found`; the outcome is the same',
    howToSettle: '`SetOrderStatusV3` with an order number that does not exist',
  },
  Z24: {
    strength: 'unknown',
    assumed:
      'ZZap can call an address for new orders (documented by another vendor); what it expects as an answer is not known.',
    places: ['http/hooks-app.ts'],
    ifWrong: 'hints do not come or repeat; the ticks bring everything all the same',
    howToSettle: 'set it up in the cabinet',
  },
  Z25: {
    strength: 'documented',
    assumed: 'A row names its part by `class_man` (brand), `partnumber` and `class_cat` (name).',
    places: ['zzap/wire-schemas.ts', 'zzap/to-domain.ts'],
    ifWrong: 'items arrive without brand, article or name and are not linked to the catalogue',
    howToSettle: 'any pull',
  },
};

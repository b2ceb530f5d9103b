import { missingScopes } from '../domain/account';
import { externalIdOf } from '../domain/marketplace-order';
import { isTimeZone } from '../domain/zoned-time';
import type { RetailCrmAssumptionId } from '../retailcrm/assumptions';
import { crmError, saysEntityIsGone } from '../retailcrm/errors';
import * as wire from '../retailcrm/wire-schemas';
import { CANCEL_GROUP } from '../sync/collect-crm-changes';
import type { CrmCall } from './crm-call';
import { CRM_HISTORY_JUDGES } from './crm-history-judges';
import { parsedAs, type CrmReadings } from './crm-reading';
import { differs, holds, unseen, type Blind, type Judge } from './finding';
import { formatOf } from './shape';

const NOTHING_CAME = unseen('nothing-to-see', 'no answer to judge by');
const NO_ORDERS = unseen('nothing-to-see', 'no order that shows it');

function isData(call: CrmCall | undefined): boolean {
  return call?.read.kind === 'data';
}

const pace: Judge<CrmReadings> = ({ all }) => {
  const refused = all.filter(({ answer }) => answer?.status === 503 || answer?.status === 429).length;
  return refused > 0
    ? differs(`${refused} of ${all.length} calls were refused at the allowed pace`)
    : unseen('needs-time', `${all.length} calls one after the other are fewer than the limit`);
};

const tooMany: Judge<CrmReadings> = ({ all }) => {
  const refused = all.find(({ answer }) => answer?.status === 503 || answer?.status === 429);
  if (!refused) return unseen('needs-time', 'no request was refused as too frequent');
  return unseen('needs-write', `HTTP ${statusOf(refused)} came; that it had no effect, only writes show`);
};

const freeText: Judge<CrmReadings> = ({ orders }) => {
  const free = sum(orders.map(({ itemsWithoutOffer }) => itemsWithoutOffer));
  if (free === 0) return unseen('needs-write', 'no item without an offer among the orders listed');
  return holds(`${free} of ${sum(orders.map(({ items }) => items))} items are free texts`);
};

const rowIds: Judge<CrmReadings> = ({ orders }) => {
  const ours = orders.filter(
    ({ externalId, items }) => items > 0 && externalId?.startsWith(externalIdOf('')),
  );
  if (ours.length === 0) return unseen('needs-write', 'no order of this module among those listed');
  const bare = ours.filter(({ itemsWithRow }) => itemsWithRow === 0).length;
  return bare > 0
    ? differs(`${bare} of ${ours.length} imported orders have no item with a ZZap row's number`)
    : holds(`${ours.length} imported orders have it`);
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function hasArticle(call: CrmCall | undefined, article: string): boolean {
  const products = parsedAs(wire.productsAnswer, call)?.products ?? [];
  return products.some(
    (product) => product.article === article || product.offers?.some((offer) => offer.article === article),
  );
}

const articleFilter: Judge<CrmReadings> = ({ calls, article }) => {
  if (article === null) return unseen('nothing-to-see', 'no item with an article among the orders listed');
  const read = calls['catalogue-as-the-module']?.read;
  if (read?.kind === 'refused') {
    return read.facts.kind === 'auth'
      ? unseen('nothing-to-see', 'the key may not read the catalogue')
      : differs('the catalogue refuses the filter');
  }
  if (read?.kind !== 'data') return NOTHING_CAME;
  if (hasArticle(calls['catalogue-as-the-module'], article))
    return holds("an order's article was found by it");
  return hasArticle(calls['catalogue-by-name'], article)
    ? unseen('nothing-to-see', 'the article is found, but in another store or switched off')
    : differs("an order's article is not found by it");
};

const offerIds: Judge<CrmReadings> = ({ calls }) => {
  const offers = parsedAs(wire.offersAnswer, calls['offers-by-external-id'])?.offers;
  if (!offers) return unseen('nothing-to-see', 'no part number to look for');
  return offers.length > 0
    ? holds(`offers whose external id is a ZZap part number: ${offers.length}`)
    : unseen(
        'needs-person',
        "no offer has one of ZZap's part numbers as its external id: ask the shop how it numbers",
      );
};

const timeZone: Judge<CrmReadings> = ({ calls, orders }) => {
  const read = calls.settings?.read;
  if (read === undefined || read.kind === 'no-answer') return NOTHING_CAME;
  if (read.kind !== 'data') return differs('the settings are refused');
  if (!isTimeZone(zoneIn(calls.settings))) return differs('the settings tell no time zone');
  const times = orders.flatMap(({ createdAt }) => (createdAt === null ? [] : [formatOf(createdAt)]));
  const odd = times.filter((format) => format !== NAIVE_TIME).length;
  return odd > 0
    ? differs(`${odd} of ${times.length} times of orders are not naive`)
    : holds(`the zone is told; times of orders that are naive: ${times.length}`);
};

function zoneIn(settings: CrmCall | undefined): string {
  return parsedAs(wire.settingsAnswer, settings)?.settings.timezone?.value ?? '';
}

const NAIVE_TIME = 'date 9999-99-99 99:99:99';

function statusOf({ answer }: CrmCall): number {
  return answer?.status ?? 0;
}

const address: Judge<CrmReadings> = ({ isOwnDomain }) => {
  if (isOwnDomain === null) return unseen('nothing-to-see', 'an address of this machine');
  return isOwnDomain ? holds('the account is at one of them') : differs('the account is at another domain');
};

const wrongKey: Judge<CrmReadings> = ({ calls }) => {
  const tried = calls['wrong-key']?.read;
  const read = tried ?? calls.credentials?.read;
  if (read === undefined || read.kind === 'no-answer') return NOTHING_CAME;
  const isUnderstood = read.kind === 'refused' && read.facts.kind === 'auth';
  if (isUnderstood) return holds('it is refused in JSON and understood');
  if (tried === undefined) return unseen('not-asked', 'seen with --try-wrong-key');
  return tried.kind === 'data'
    ? differs('a wrong key is accepted')
    : differs('the refusal of a wrong key is not understood');
};

const anyStatus: Judge<CrmReadings> = ({ calls }) => {
  if (!calls['order-before-write']) return unseen('needs-write', 'seen in part with --write-crm-order');
  if (!isData(calls['order-before-write']))
    return unseen('nothing-to-see', 'the named order could not be read');
  if (calls.write?.read.kind === 'refused') return differs('to set the status an order has is refused');
  return isData(calls.write)
    ? unseen('needs-write', 'the status an order has could be set; other steps were not tried')
    : NOTHING_CAME;
};

const cancelGroup: Judge<CrmReadings> = ({ calls }) => {
  const groups = parsedAs(wire.statusGroupsAnswer, calls['status-groups'])?.statusGroups;
  if (!groups) return NOTHING_CAME;
  return groups.some(({ code }) => code === CANCEL_GROUP)
    ? holds(`it is one of ${groups.length} groups`)
    : differs(`none of ${groups.length} groups has this code`);
};

const goneOrder: Judge<CrmReadings> = ({ calls }) => {
  const read = calls['order-that-is-not-there']?.read;
  if (read === undefined || read.kind === 'no-answer') return NOTHING_CAME;
  if (read.kind === 'refused' && saysEntityIsGone(crmError(read.facts))) {
    return holds('an order that never was answers so');
  }
  return differs('an order that never was is not answered as one that is gone');
};

const scopes: Judge<CrmReadings> = ({ calls, all }) => {
  const answer = parsedAs(wire.credentialsAnswer, calls.credentials);
  if (!answer) return isData(calls.credentials) ? differs('the answer cannot be read') : NOTHING_CAME;
  if (!answer.scopes) return differs('the answer names no scopes');
  const { required } = missingScopes(answer.scopes);
  if (required.length > 0) return unseen('nothing-to-see', `the key lacks ${required.join(', ')}`);
  const readsCatalogue = answer.scopes.includes('store_read');
  const denied = all.filter(
    ({ name, path, read }) =>
      name !== 'wrong-key' &&
      name !== 'settings' &&
      (readsCatalogue || !path.startsWith('/api/v5/store/')) &&
      read.kind === 'refused' &&
      read.facts.credential === 'scope',
  );
  return denied.length > 0
    ? differs(`${denied.length} calls are denied to a key with the rights they should need`)
    : holds('they are named and were enough');
};

const directories: Judge<CrmReadings> = ({ calls }) => {
  const books = [
    ['sites', wire.sitesAnswer],
    ['statuses', wire.statusesAnswer],
    ['status-groups', wire.statusGroupsAnswer],
    ['order-methods', wire.orderMethodsAnswer],
  ] as const;
  const came = books.filter(([name]) => isData(calls[name]));
  if (came.length === 0) return NOTHING_CAME;
  const odd = came.filter(([name, schema]) => !schema.safeParse(jsonOf(calls[name])).success);
  return odd.length > 0
    ? differs(`cannot be read: ${odd.map(([name]) => name).join(', ')}`)
    : holds(`${came.length} directories can be read`);
};

function jsonOf(call: CrmCall | undefined): unknown {
  return call?.read.kind === 'data' ? call.read.json : undefined;
}

const lookUp: Judge<CrmReadings> = ({ calls, lookedUp }) => {
  const call = calls['orders-by-external-id'];
  if (lookedUp === null || call === undefined) return NO_ORDERS;
  if (call.read.kind !== 'data')
    return call.read.kind === 'no-answer' ? NOTHING_CAME : differs('it is refused');
  const orders = parsedAs(wire.ordersAnswer, call)?.orders;
  if (!orders) return differs('the orders found cannot be read');
  const others = orders.filter(({ externalId }) => externalId !== lookedUp).length;
  if (others > 0) return differs(`${others} other orders are found as well`);
  return orders.length === 1
    ? holds('one order was looked up and found')
    : differs('an order listed is not found');
};

/** How each assumption about RetailCRM is judged, or why it cannot be. */
export const CRM_JUDGES: Readonly<Record<RetailCrmAssumptionId, Judge<CrmReadings> | Blind>> = {
  ...CRM_HISTORY_JUDGES,
  R1: pace,
  R2: tooMany,
  R3: { why: 'needs-write', said: 'an order has to be created twice; the probe creates none' },
  R4: { why: 'needs-write', said: 'orders have to be uploaded; the probe uploads none' },
  R5: freeText,
  R6: rowIds,
  R7: { why: 'needs-person', said: 'look at an imported order' },
  R8: articleFilter,
  R9: offerIds,
  R10: { why: 'needs-write', said: 'an order with an unknown offer has to be sent' },
  R11: { why: 'needs-write', said: 'too long a text has to be sent' },
  R12: timeZone,
  R13: address,
  R14: wrongKey,
  R15: anyStatus,
  R18: cancelGroup,
  R19: { why: 'needs-write', said: "an order's items have to be changed; the probe changes none" },
  R20: goneOrder,
  R21: { why: 'cannot-be-probed', said: 'RetailCRM calls us: set a trigger up' },
  R22: scopes,
  R23: directories,
  R24: lookUp,
};

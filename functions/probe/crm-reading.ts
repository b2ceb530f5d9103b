import { isTimeZone } from '../domain/zoned-time';
import type { Clock } from '../ports/clock';
import { toAccountTime } from '../retailcrm/account-time';
import { DEFAULT_TIME_ZONE } from '../settings/account-access';
import * as wire from '../retailcrm/wire-schemas';
import type * as z from 'zod';
import { createCrmCaller, type CallCrm, type CrmCall, type CrmCallName, type CrmProbeDoor } from './crm-call';
import { recording, untilEnded } from './recording';
import { listedOrdersOf, type ListedCrmOrder } from './crm-orders';

export interface CrmWishes {
  /** One call with a wrong key. */
  readonly tryWrongKey: boolean;
  /** CRM id of the order to which the status it has is written again; null: nothing is written. */
  readonly writeOrder: string | null;
  /** Part numbers of ZZap's rows, to be looked for among the external ids of offers. */
  readonly partNumbers: readonly string[];
}

/** Everything that came back from RetailCRM. Calls that were not made are missing. */
export interface CrmReadings {
  readonly calls: Readonly<Partial<Record<CrmCallName, CrmCall>>>;
  readonly all: readonly CrmCall[];
  /** True: RetailCRM's own domain. False: a host that is allowed by setting. Null: this machine. */
  readonly isOwnDomain: boolean | null;
  readonly orders: readonly ListedCrmOrder[];
  /** External id that was looked up. */
  readonly lookedUp: string | null;
  /** Article of a linked item that was searched for in the catalogue. */
  readonly article: string | null;
}

const DAY_MS = 24 * 3_600_000;
const HISTORY_DAYS = 7;
/** Of the sizes RetailCRM takes. */
const PAGE_LIMIT = '100';
const EXTERNAL_IDS_MAX = 50;
/** Beyond any id an account will have. */
const NO_ORDER_ID = 2_000_000_000;

interface Found {
  orders: readonly ListedCrmOrder[];
  lookedUp: string | null;
  article: string | null;
}

/** A dozen reading calls, one after the other; stops when there were too many or the key is refused. */
export async function readCrm(
  door: CrmProbeDoor,
  wishes: CrmWishes,
  clock: Clock,
  isOwnDomain: boolean | null,
): Promise<CrmReadings> {
  const { made, call } = recording(createCrmCaller(door, clock), isTooMany);
  const found: Found = { orders: [], lookedUp: null, article: null };
  await untilEnded(() => readInOrder(call, door, wishes, clock, found));
  return { calls: Object.fromEntries(made.map((one) => [one.name, one])), all: made, isOwnDomain, ...found };
}

function isTooMany({ answer }: CrmCall): boolean {
  return answer?.status === 503 || answer?.status === 429;
}

async function readInOrder(
  call: CallCrm,
  door: CrmProbeDoor,
  wishes: CrmWishes,
  clock: Clock,
  found: Found,
): Promise<void> {
  const credentials = await call('credentials', { path: '/api/credentials' });
  if (wishes.tryWrongKey) {
    await call('wrong-key', { path: '/api/credentials', apiKey: `${door.apiKey}-wrong` });
  }
  if (credentials.read.kind !== 'data') return;
  const timeZone = await readDirectories(call);
  const site = door.site === null ? [] : [['filter[sites][]', door.site] as const];
  const listed = await call('recent-orders', {
    path: '/api/v5/orders',
    parameters: [...site, ['limit', PAGE_LIMIT]],
  });
  found.orders = listedOrdersOf(listed);
  found.lookedUp = await lookUpOrder(call, found.orders);
  await readHistory(call, timeZone, clock);
  found.article = await searchArticle(call, found.orders);
  await lookUpOffers(call, wishes.partNumbers);
  await call('order-that-is-not-there', {
    path: '/api/v5/orders/{id}',
    id: NO_ORDER_ID,
    parameters: [['by', 'id']],
  });
  if (wishes.writeOrder !== null) await writeSameStatus(call, wishes.writeOrder);
}

/** Returns the account's zone, or Moscow's as the module does without one. */
async function readDirectories(call: CallCrm): Promise<string> {
  const settings = await call('settings', { path: '/api/v5/settings' });
  for (const name of ['sites', 'statuses', 'status-groups', 'order-methods'] as const) {
    await call(name, { path: `/api/v5/reference/${name}` });
  }
  const name = parsedAs(wire.settingsAnswer, settings)?.settings.timezone?.value ?? '';
  return isTimeZone(name) ? name : DEFAULT_TIME_ZONE;
}

async function lookUpOrder(call: CallCrm, orders: readonly ListedCrmOrder[]): Promise<string | null> {
  const one = orders.find(({ externalId, site }) => externalId !== null && site !== null);
  if (!one?.externalId || !one.site) return null;
  await call('orders-by-external-id', {
    path: '/api/v5/orders',
    parameters: [
      ['filter[externalIds][]', one.externalId],
      ['filter[sites][]', one.site],
      ['limit', '50'],
    ],
  });
  return one.externalId;
}

/** By date first, as the module begins, then by the id of a record that came. */
async function readHistory(call: CallCrm, timeZone: string, clock: Clock): Promise<void> {
  const since = toAccountTime(clock.nowMs() - HISTORY_DAYS * DAY_MS, timeZone);
  const path = '/api/v5/orders/history';
  const byDate = await call('history-since-date', {
    path,
    parameters: [
      ['filter[startDate]', since],
      ['limit', PAGE_LIMIT],
    ],
  });
  const first = parsedAs(wire.historyAnswer, byDate)?.history[0];
  if (!first) return;
  await call('history-since-id', {
    path,
    parameters: [
      ['filter[sinceId]', String(first.id)],
      ['limit', PAGE_LIMIT],
    ],
  });
}

/** An article that certainly is in the catalogue: an order's item is linked to it. */
async function searchArticle(call: CallCrm, orders: readonly ListedCrmOrder[]): Promise<string | null> {
  const linked = orders.find(({ articles, site }) => articles.length > 0 && site !== null);
  const article = linked?.articles[0];
  if (article === undefined || !linked?.site) return null;
  const path = '/api/v5/store/products';
  const name = ['filter[name]', article] as const;
  const asTheModule = [name, ['filter[active]', '1'], ['filter[sites][]', linked.site]] as const;
  await call('catalogue-as-the-module', { path, parameters: [...asTheModule, ['limit', PAGE_LIMIT]] });
  await call('catalogue-by-name', { path, parameters: [name, ['limit', PAGE_LIMIT]] });
  return article;
}

async function lookUpOffers(call: CallCrm, partNumbers: readonly string[]): Promise<void> {
  const numbers = [...new Set(partNumbers)].slice(0, EXTERNAL_IDS_MAX);
  if (numbers.length === 0) return;
  const ids = numbers.map((number) => ['filter[externalIds][]', number] as const);
  await call('offers-by-external-id', {
    path: '/api/v5/store/offers',
    parameters: [...ids, ['limit', PAGE_LIMIT]],
  });
}

/** The status is read right before, so that a change by somebody else is not undone. */
async function writeSameStatus(call: CallCrm, id: string): Promise<void> {
  const path = '/api/v5/orders/{id}';
  const before = await call('order-before-write', { path, id, parameters: [['by', 'id']] });
  const status = parsedAs(wire.orderAnswer, before)?.order.status;
  const [site] = listedOrdersOf(before).map((order) => order.site);
  if (!status || !site) return;
  await call('write', {
    method: 'POST',
    path: `${path}/edit`,
    id,
    parameters: [
      ['by', 'id'],
      ['site', site],
      ['order', JSON.stringify({ status })],
    ],
  });
}

/** A good answer as the module reads it; undefined when it cannot. */
export function parsedAs<Answer>(schema: z.ZodType<Answer>, call: CrmCall | undefined): Answer | undefined {
  return call?.read.kind === 'data' ? schema.safeParse(call.read.json).data : undefined;
}

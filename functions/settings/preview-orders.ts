import type { Connection } from '../domain/connection';
import { nextWindow } from '../domain/cursor-window';
import { externalIdOf, type MarketplaceOrder } from '../domain/marketplace-order';
import { decideOrder, type OrderDecision } from '../domain/order-decision';
import { Refusal } from '../domain/refusal';
import { crmStatusFor, type StatusMapping } from '../domain/status-mapping';
import { CRM_BATCH_MAX, type CrmSystem } from '../ports/crm-system';
import { lastOfEach } from '../sync/import-orders';
import { chunksOf, inParallel } from '../sync/in-parallel';
import { createItemLinker } from '../sync/link-items';
import { getAccount, openCrmOf } from './account-access';
import { askZzap, storedCredentials } from './check-credentials';
import { getConnection } from './get-connection';
import { refusalOf } from './remote-refusal';
import type { SettingsPorts } from './settings-ports';

/** How many of the orders' parts would be linked to the catalogue, as far as they were looked up. */
export interface PreviewedItems {
  readonly articles: number;
  readonly lookedUp: number;
  readonly linked: number;
  readonly unlinked: number;
  readonly unasked: number;
}

export interface PreviewedStatus {
  readonly code: number;
  readonly name: string;
  readonly count: number;
  /** Null when the status is unmapped. */
  readonly crmStatus: string | null;
}

/** What the first run would do. `found` is the sum of the five numbers after it. */
export interface OrdersPreview {
  /** False: ZZap's answer was full, there may be more of everything. */
  readonly complete: boolean;
  readonly found: number;
  readonly wouldCreate: number;
  readonly alreadyThere: number;
  readonly tooOld: number;
  readonly setAside: number;
  readonly unreadable: number;
  readonly unreadableRows: readonly { readonly zzapOrderCode: string | null; readonly field: string }[];
  readonly lookedForInCrm: number;
  /** Null when items are not linked. */
  readonly items: PreviewedItems | null;
  readonly statuses: readonly PreviewedStatus[];
  /** Some that would be created, newest first. */
  readonly orders: readonly MarketplaceOrder[];
}

/** Both remotes have twelve seconds each in the cloud; the function that answers has 29. */
const PATIENCE_MS = 25_000;
/** Ten requests to RetailCRM. A shop that has more orders at ZZap learns enough from these. */
const LOOKED_FOR_MAX = 10 * CRM_BATCH_MAX;
/** A look-up by article is a request of its own. */
const LOOKED_UP_MAX = 20;
const REQUESTS_AT_ONCE = 3;
const UNREADABLE_SHOWN_MAX = 5;
const SHOWN_MAX = 10;

/**
 * What a first run would find and do now, by the rules of the run itself: one request to ZZap and a bounded number
 * to RetailCRM. Nothing is written but the pace of both. Without a store it is refused: all that a preview promises
 * depends on where the orders go, and ZZap's slot is too scarce for half an answer.
 */
export async function previewOrders(ports: SettingsPorts, connectionId: string): Promise<OrdersPreview> {
  const connection = await getConnection(ports, connectionId);
  const { site, state, version } = connection;
  // Credentials that suspended it are not tried again: repeating them brings ZZap's captcha.
  if (state === 'suspended') throw new Refusal('conflict', 'preview-suspended');
  if (site === null) {
    const fields = [{ path: 'site', code: 'required' }];
    throw new Refusal('invalid', 'preview-needs-store', { fields });
  }
  const mapping = await ports.mappings.read(connectionId);
  const preview = await ports.patience({
    // With the versions: a look by settings that were just replaced is not joined.
    key: `preview#${connectionId}#${version}#${mapping.version}`,
    begin: () =>
      look(ports, { ...connection, site }, mapping).catch((error: unknown) => {
        throw refusalOf(error);
      }),
    maxMs: PATIENCE_MS,
    failedLate: (error) => ports.log.error('preview.failed-late', { connectionId }, error),
  });
  if (preview === null) throw new Refusal('remote', 'preview-late');
  return preview;
}

type SoldFrom = Connection & { readonly site: string };

async function look(
  ports: SettingsPorts,
  connection: SoldFrom,
  mapping: StatusMapping,
): Promise<OrdersPreview> {
  const window = nextWindow(null, connection.importFromMs, ports.clock.nowMs());
  const { rows, full } = await askZzap(ports, await storedCredentials(ports, connection), (cabinet) =>
    cabinet.listChangedOrders(window),
  );
  const distinct = lastOfEach(rows);
  const unreadable = distinct.flatMap((row) => (row.kind === 'unreadable' ? [row.row] : []));
  const sorted = await sortOrders(
    ports,
    connection,
    mapping,
    distinct.flatMap((row) => (row.kind === 'order' ? [row.order] : [])),
  );
  // Opened only now: its time begins with that.
  const crm = await openCrmOf(ports, await getAccount(ports, connection.accountId));
  const lookedFor = sorted.new.slice(0, LOOKED_FOR_MAX);
  const there = await findThere(crm, connection.site, lookedFor);
  const creates = sorted.new.filter(({ code }) => !there.has(externalIdOf(code)));
  return {
    complete: !full,
    found: distinct.length,
    wouldCreate: creates.length,
    alreadyThere: sorted.known.length + sorted.new.length - creates.length,
    tooOld: sorted.tooOld.length,
    setAside: sorted.setAside.length,
    unreadable: unreadable.length,
    unreadableRows: unreadable
      .slice(0, UNREADABLE_SHOWN_MAX)
      .map(({ code, problem }) => ({ zzapOrderCode: code, field: problem })),
    lookedForInCrm: lookedFor.length,
    items: await lookUpItems(ports, crm, connection, creates),
    statuses: await countStatuses(ports, mapping, [...sorted.new, ...sorted.known, ...sorted.setAside]),
    orders: creates.slice(0, SHOWN_MAX),
  };
}

type Sort = 'new' | 'known' | 'tooOld' | 'setAside';

/** Orders by what the run would decide about each; newest first. */
async function sortOrders(
  ports: SettingsPorts,
  connection: SoldFrom,
  { pairs }: StatusMapping,
  orders: readonly MarketplaceOrder[],
): Promise<Readonly<Record<Sort, MarketplaceOrder[]>>> {
  const codes = orders.map(({ code }) => code);
  const links = await ports.links.findMany(connection.connectionId, codes);
  const settings = { ...connection, pairs, lastSyncAtMs: null };
  const sorted: Record<Sort, MarketplaceOrder[]> = { new: [], known: [], tooOld: [], setAside: [] };
  const newestFirst = [...orders].sort((a, b) => (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0));
  for (const order of newestFirst) {
    const link = links.get(order.code) ?? null;
    sorted[sortOf(decideOrder(order, link, settings, ports.clock.nowMs()))].push(order);
  }
  return sorted;
}

function sortOf(decision: OrderDecision): Sort {
  if (decision.kind === 'create') return 'new';
  if (decision.kind !== 'skip') return 'known';
  if (decision.reason === 'before-import-start') return 'tooOld';
  return decision.reason === 'waiting-for-retry' ? 'setAside' : 'known';
}

async function findThere(
  { orders }: CrmSystem,
  site: string,
  lookedFor: readonly MarketplaceOrder[],
): Promise<Set<string>> {
  const there = new Set<string>();
  await inParallel(REQUESTS_AT_ONCE, chunksOf(CRM_BATCH_MAX, lookedFor), async (batch) => {
    const ids = batch.map(({ code }) => externalIdOf(code));
    for (const { externalId } of await orders.findByExternalIds(site, ids)) there.add(externalId);
  });
  return there;
}

async function lookUpItems(
  ports: SettingsPorts,
  { catalogue }: CrmSystem,
  connection: SoldFrom,
  orders: readonly MarketplaceOrder[],
): Promise<PreviewedItems | null> {
  if (connection.itemLink === 'none') return null;
  const offers = { recall: () => Promise.resolve(new Map()), remember: () => Promise.resolve() };
  const linker = createItemLinker({ ...ports, offers }, catalogue, connection);
  const articles = [...new Map(orders.map((order) => [linker.keyOf(order.part), order])).values()];
  const sample = articles.slice(0, LOOKED_UP_MAX);
  await linker.find(sample);
  const kinds = sample.map(({ part }) => linker.linkOf(part).kind);
  const linked = kinds.filter((kind) => kind === 'linked').length;
  const unasked = kinds.filter((kind) => kind === 'unasked').length;
  const unlinked = sample.length - linked - unasked;
  return { articles: articles.length, lookedUp: sample.length, linked, unlinked, unasked };
}

/** Most frequent first. Named as the mapping names them, where its dictionary was read. */
async function countStatuses(
  ports: SettingsPorts,
  { connectionId, pairs }: StatusMapping,
  orders: readonly MarketplaceOrder[],
): Promise<PreviewedStatus[]> {
  const dictionary = (await ports.dictionaries.recall(connectionId))?.zzap?.statuses ?? [];
  const names = new Map(dictionary.map(({ code, name }) => [code, name]));
  const counts = new Map<number, number>();
  for (const { statusCode, statusName } of orders) {
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1);
    if (statusName !== undefined && !names.has(statusCode)) names.set(statusCode, statusName);
  }
  return [...counts]
    .map(([code, count]) => ({
      code,
      name: names.get(code) ?? `№ ${code}`,
      count,
      crmStatus: crmStatusFor(pairs, code),
    }))
    .sort((a, b) => b.count - a.count || a.code - b.code);
}

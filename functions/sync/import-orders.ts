import type { ListedRow, MarketplaceOrder } from '../domain/marketplace-order';
import { decideOrder, isDue, type OrderDecision } from '../domain/order-decision';
import type { OrderLink } from '../domain/order-link';
import { refusalOver, statusNoted, unreadableLink } from '../domain/order-link-steps';
import { isRemembered, type RowDigest } from '../domain/sync-cursor';
import { CRM_BATCH_MAX } from '../ports/crm-system';
import { followContents } from './follow-contents';
import { checkTime, type ImportContext } from './import-context';
import { chunksOf, inParallel } from './in-parallel';
import { setStatuses, type StatusChange } from './set-statuses';
import { quarantine, save, settleOrders, stepOf, type WantedOrder } from './settle-orders';

/** Batches under way at once: enough to keep RetailCRM's pace while links are written. */
const BATCHES_AT_ONCE = 5;

/**
 * Settles rows of one pull: afterwards each order is in RetailCRM, set aside with a reason, or needs nothing.
 * `handled` holds what this run has already seen, since parts of a window overlap.
 */
export async function importRows(
  context: ImportContext,
  rows: readonly ListedRow[],
  digest: RowDigest,
  handled: Map<string, string>,
): Promise<void> {
  const fresh = lastOfEach(rows).filter((row) => isNews(context, row, digest, handled));
  const codes = fresh.map(codeOf).filter((code) => code !== null);
  const links = await context.ports.links.findMany(context.snapshot.connection.connectionId, codes);
  const work: RowWork = { creates: [], statuses: [] };
  for (const row of fresh) await sortOut(context, row, links.get(codeOf(row) ?? '') ?? null, work);
  await createAll(context, work.creates, 'creating-orders');
  await setStatuses(context, work.statuses);
}

/** What the rows of a page ask to be written to RetailCRM. */
interface RowWork {
  readonly creates: WantedOrder[];
  readonly statuses: StatusChange[];
}

/** An order listed twice in one answer is one order. */
export function lastOfEach(rows: readonly ListedRow[]): ListedRow[] {
  return [...new Map(rows.map((row) => [identityOf(row).code, row])).values()];
}

/** Creates orders batch by batch, watching the clock between batches. */
export async function createAll(
  context: ImportContext,
  wanted: readonly WantedOrder[],
  stage: 'creating-orders' | 'retrying-orders',
): Promise<void> {
  if (wanted.length === 0) return;
  context.journal.enter(stage, wanted.length);
  await inParallel(BATCHES_AT_ONCE, chunksOf(CRM_BATCH_MAX, wanted), async (batch) => {
    checkTime(context);
    await settleOrders(context, batch);
  });
  await catchUp(context, wanted);
}

/** Orders that an earlier attempt had created after all: what ZZap has changed since then follows at once. */
async function catchUp(context: ImportContext, wanted: readonly WantedOrder[]): Promise<void> {
  const again = wanted.filter(({ link }) => link !== null);
  if (again.length === 0) return;
  const codes = again.map(({ order }) => order.code);
  const links = await context.ports.links.findMany(context.snapshot.connection.connectionId, codes);
  const work: RowWork = { creates: [], statuses: [] };
  for (const { order, raw } of again) {
    const link = links.get(order.code);
    if (link?.state !== 'linked') continue;
    const same = link.zzapStatus === order.statusCode && link.fingerprint === order.contentFingerprint;
    if (!same) await sortOut(context, { kind: 'order', order, raw }, link, work);
  }
  await setStatuses(context, work.statuses);
}

function codeOf(row: ListedRow): string | null {
  return row.kind === 'order' ? row.order.code : row.row.code;
}

/** What a row is remembered by. An unreadable one is news only until its problem has been told once. */
export function identityOf(row: ListedRow): { readonly code: string; readonly fingerprint: string } {
  if (row.kind === 'order') return row.order;
  return { code: row.row.code ?? `?${row.raw.length}`, fingerprint: `!${row.row.problem}` };
}

/** Whether the row says something that neither this run nor the one before has seen. */
function isNews(
  context: ImportContext,
  row: ListedRow,
  digest: RowDigest,
  handled: Map<string, string>,
): boolean {
  const { journal } = context;
  const { code, fingerprint } = identityOf(row);
  const seen = handled.get(code);
  if (seen === undefined) journal.count('found');
  if (seen === fingerprint) return false;
  handled.set(code, fingerprint);
  if (!isRemembered(digest, code, fingerprint)) return true;
  if (seen === undefined) journal.count('unchanged');
  return false;
}

async function sortOut(
  context: ImportContext,
  row: ListedRow,
  link: OrderLink | null,
  work: RowWork,
): Promise<void> {
  if (row.kind === 'unreadable') {
    await setUnreadableAside(context, row, link);
    return;
  }
  const { order, raw } = row;
  const { connection, mapping } = context.snapshot;
  const settings = {
    ...connection,
    pairs: mapping.pairs,
    lastSyncAtMs: context.snapshot.cursor.lastSyncAtMs,
  };
  const decision = decideOrder(order, link, settings, context.ports.clock.nowMs());
  if (decision.kind === 'create') work.creates.push({ order, raw, link });
  else if (link === null || decision.kind === 'skip' || decision.kind === 'unchanged')
    await pass(context, order, link, decision);
  else await follow(context, { ...row, link, decision }, work);
}

/** A row that asks for nothing. */
async function pass(
  context: ImportContext,
  order: MarketplaceOrder,
  link: OrderLink | null,
  decision: OrderDecision,
): Promise<void> {
  if (decision.kind !== 'skip') {
    // ZZap is back at the status from before the refused one.
    if (link && refusalOver(link) !== link) await save(context, refusalOver(link));
    context.journal.count('unchanged');
    return;
  }
  if (decision.reason === 'stale-reading') context.unsettled.add(order.code);
  if (decision.reason === 'waiting-for-retry') keepRetry(context, link);
  context.journal.skip(decision.reason);
}

/** The run that set the order aside may have stopped before the cursor knew of it. */
function keepRetry(context: ImportContext, link: OrderLink | null): void {
  context.retries.push(link?.quarantine?.retryAtMs ?? null);
}

/** A linked order that changed at ZZap. */
async function follow(
  context: ImportContext,
  row: Extract<ListedRow, { kind: 'order' }> & {
    readonly link: OrderLink;
    readonly decision: Exclude<OrderDecision, { kind: 'create' | 'skip' | 'unchanged' }>;
  },
  work: RowWork,
): Promise<void> {
  const { order, raw, link, decision } = row;
  switch (decision.kind) {
    case 'set-crm-status':
      work.statuses.push({ order, raw, link, status: decision.status });
      return;
    case 'follow-contents': {
      const { link: followed, updated } = await followContents(context, order, link);
      if (updated) context.journal.count('updated');
      else if (followed.zzapStatus === order.statusCode) context.journal.skip('changed-at-zzap');
      if (followed.zzapStatus !== order.statusCode) await sortOut(context, row, followed, work);
      return;
    }
    case 'note-status':
      await save(context, statusNoted(link, order, decision.reason, stepOf(context)));
      context.journal.skip(decision.reason);
  }
}

/** The order may be in RetailCRM already: then only its news are lost, and the next readable row brings them. */
async function setUnreadableAside(
  context: ImportContext,
  row: Extract<ListedRow, { kind: 'unreadable' }>,
  link: OrderLink | null,
): Promise<void> {
  const { code, problem } = row.row;
  const { journal, ports } = context;
  const { connectionId } = context.snapshot.connection;
  ports.log.warn('row.unreadable', { connectionId, zzapOrderCode: code, field: problem });
  if (code === null || link?.state === 'linked') {
    journal.fail(code, 'unreadable-row', problem);
    return;
  }
  const step = { nowMs: ports.clock.nowMs(), runId: journal.record().runId };
  if (link?.quarantine && !isDue(link, step.nowMs)) {
    keepRetry(context, link);
    journal.skip('waiting-for-retry');
    return;
  }
  await quarantine(context, link ?? unreadableLink(connectionId, code, step), row.raw, {
    reason: 'unreadable-row',
    detail: problem,
  });
}

import type { ListedRow } from '../domain/marketplace-order';
import { decideOrder, isDue } from '../domain/order-decision';
import type { OrderLink } from '../domain/order-link';
import { noted, unreadableLink } from '../domain/order-link-steps';
import { isRemembered, type RowDigest } from '../domain/sync-cursor';
import { CRM_BATCH_MAX } from '../ports/crm-system';
import { checkTime, type ImportContext } from './import-context';
import { chunksOf, inParallel } from './in-parallel';
import { quarantine, save, settleOrders, type WantedOrder } from './settle-orders';

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
  const wanted: WantedOrder[] = [];
  for (const row of fresh) {
    const link = links.get(codeOf(row) ?? '') ?? null;
    if (await needsCreating(context, row, link)) wanted.push({ ...orderRow(row), link });
  }
  await createAll(context, wanted, 'creating-orders');
}

/** An order listed twice in one answer is one order. */
function lastOfEach(rows: readonly ListedRow[]): ListedRow[] {
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
}

function codeOf(row: ListedRow): string | null {
  return row.kind === 'order' ? row.order.code : row.row.code;
}

/** What a row is remembered by. An unreadable one is news only until its problem has been told once. */
export function identityOf(row: ListedRow): { readonly code: string; readonly fingerprint: string } {
  if (row.kind === 'order') return row.order;
  return { code: row.row.code ?? `?${row.raw.length}`, fingerprint: `!${row.row.problem}` };
}

function orderRow(row: ListedRow) {
  if (row.kind !== 'order') throw new Error('an unreadable row cannot be created');
  return { order: row.order, raw: row.raw };
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

async function needsCreating(
  context: ImportContext,
  row: ListedRow,
  link: OrderLink | null,
): Promise<boolean> {
  if (row.kind === 'unreadable') {
    await setUnreadableAside(context, row, link);
    return false;
  }
  const { journal, ports } = context;
  const nowMs = ports.clock.nowMs();
  const decision = decideOrder(row.order, link, context.snapshot.connection, nowMs);
  switch (decision.kind) {
    case 'create':
      return true;
    case 'unchanged':
      journal.count('unchanged');
      return false;
    case 'skip':
      journal.skip(decision.reason);
      return false;
    case 'note-change': {
      const step = { nowMs, runId: journal.record().runId };
      if (link) await save(context, noted(link, row.order, decision.statusChanged, step));
      journal.skip('changed-at-zzap');
      return false;
    }
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
    journal.skip('waiting-for-retry');
    return;
  }
  await quarantine(context, link ?? unreadableLink(connectionId, code, step), row.raw, {
    reason: 'unreadable-row',
    detail: problem,
  });
}

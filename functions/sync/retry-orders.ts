import { isDue } from '../domain/order-decision';
import type { OrderLink } from '../domain/order-link';
import { refusalOver, rowLost } from '../domain/order-link-steps';
import { earliest } from '../domain/sync-cursor';
import { crmStatusFor } from '../domain/status-mapping';
import { createAll } from './import-orders';
import { setStatuses, type StatusChange } from './set-statuses';
import type { ImportContext } from './import-context';
import { quarantine, save, stepOf, type WantedOrder } from './settle-orders';
import type { ZzapCabinet } from '../ports/zzap-cabinet';

const PAGE_LIMIT = 100;

/**
 * Tries the orders set aside whose time has come, from the rows kept for it: ZZap's window may have moved on.
 * Returns when the next one wants a try.
 */
export async function retryOrders(context: ImportContext, zzap: ZzapCabinet): Promise<number | null> {
  const { ports, snapshot } = context;
  const { connectionId } = snapshot.connection;
  const nowMs = ports.clock.nowMs();
  let nextAtMs: number | null = null;
  let after: string | undefined;
  do {
    const page = await ports.links.listAttention(connectionId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    const due = page.links.filter((link) => isDue(link, nowMs));
    for (const link of page.links) {
      if (!isDue(link, nowMs)) nextAtMs = earliest(nextAtMs, link.quarantine?.retryAtMs ?? null);
    }
    const reopened = await Promise.all(due.map((link) => reopen(context, zzap, link)));
    const orders = reopened.filter((order) => order !== null);
    await createAll(
      context,
      orders.filter(({ link }) => link?.state !== 'linked'),
      'retrying-orders',
    );
    const changes = await Promise.all(orders.map((order) => statusChangeOf(context, order)));
    await setStatuses(
      context,
      changes.filter((change) => change !== null),
    );
    after = page.next ?? undefined;
  } while (after !== undefined);
  return nextAtMs;
}

async function reopen(
  context: ImportContext,
  zzap: ZzapCabinet,
  link: OrderLink,
): Promise<WantedOrder | null> {
  if (link.sealedRow === null) return null;
  const raw = await openRow(context, link.sealedRow, link);
  if (raw === null) return null;
  const row = zzap.readRow(raw);
  if (row.kind === 'order') return { order: row.order, raw, link };
  await quarantine(context, link, raw, { reason: 'unreadable-row', detail: row.row.problem });
  return null;
}

/** Null when this deployment cannot open it any more: one order must not stop the others. */
async function openRow(context: ImportContext, sealed: string, link: OrderLink): Promise<string | null> {
  try {
    return await context.ports.vault.open(sealed, link.connectionId);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'VaultError')) throw error;
    await save(context, rowLost(link, stepOf(context)));
    context.lost.add(link.zzapOrderCode);
    return null;
  }
}

/** The status that RetailCRM refused before, as settings and mapping are now; null when nothing is to be set. */
async function statusChangeOf(
  context: ImportContext,
  { order, raw, link }: WantedOrder,
): Promise<StatusChange | null> {
  if (link?.state !== 'linked') return null;
  const { connection, mapping } = context.snapshot;
  const follows = connection.statusDirection === 'zzapToCrm' && !link.crmGone;
  const status = follows ? crmStatusFor(mapping.pairs, order.statusCode) : null;
  if (status !== null) return { order, raw, link, status };
  await save(context, refusalOver(link));
  return null;
}

import type { CrmChange } from '../domain/crm-change';
import type { OrderLink } from '../domain/order-link';
import { crmGone } from '../domain/order-link-steps';
import { wished, type Step } from '../domain/push-steps';
import { mayCarryWish, wishOf } from '../domain/status-wish';
import { earliest, type HistoryCursor, type SyncCursor } from '../domain/sync-cursor';
import { CRM_BATCH_MAX, type CrmSystem, type HistoryMark } from '../ports/crm-system';
import { Overtaken, type ImportContext } from './import-context';
import { chunksOf } from './in-parallel';
import { saveMany, stepOf } from './settle-orders';

const EXTERNAL_ID = /^zzap-(\d+)$/;
/** RetailCRM's group of statuses that end an order without a sale. */
export const CANCEL_GROUP = 'cancel';
/** Pages read in one run: the rest is read by the next one. */
const PAGES_MAX = 50;

/**
 * RetailCRM → ZZap, first half: reads what changed in RetailCRM and puts the wanted ZZap statuses into the outbox.
 * Only then the mark moves on: a crash in between reads the same records again, and the same wishes change nothing.
 */
export async function collectCrmChanges(
  context: ImportContext,
  crm: CrmSystem,
  cursor: SyncCursor,
  sinceMs: number,
): Promise<SyncCursor> {
  let current: SyncCursor = { ...cursor, history: historyOf(cursor, sinceMs) };
  const readAtMs = context.ports.clock.nowMs();
  const isCancelled = cancelledStatuses(crm);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { changes, more } = await crm.history.listChanges(markOf(current.history, sinceMs));
    const pushed = await noteWishes(context, crm, changes, isCancelled);
    current = passed(current, sinceMs, changes);
    if (pushed > 0) current = { ...current, pushAtMs: earliest(current.pushAtMs, readAtMs) };
    if (!more || changes.length === 0) {
      return { ...current, history: { ...historyOf(current, sinceMs), readAtMs } };
    }
    const written = await context.ports.cursors.advance(current);
    if (!written) throw new Overtaken();
    current = written;
  }
  return current;
}

/** The walk begins anew when the direction was switched off and on again. */
function historyOf({ history }: SyncCursor, sinceMs: number): HistoryCursor {
  return history?.sinceMs === sinceMs ? history : { sinceMs, sinceId: null, readAtMs: null };
}

function markOf(history: HistoryCursor | null, sinceMs: number): HistoryMark {
  const id = history?.sinceId ?? null;
  return id === null ? { kind: 'since-time', atMs: sinceMs } : { kind: 'since-id', id };
}

function passed(cursor: SyncCursor, sinceMs: number, changes: readonly CrmChange[]): SyncCursor {
  const history = historyOf(cursor, sinceMs);
  const ids = changes.map(({ historyId }) => historyId);
  const sinceId = ids.length === 0 ? history.sinceId : Math.max(history.sinceId ?? 0, ...ids);
  return { ...cursor, history: { ...history, sinceId } };
}

/** RetailCRM's cancelling statuses, asked for only when there is a wish to rank. */
function cancelledStatuses(crm: CrmSystem): () => Promise<ReadonlySet<string>> {
  let codes: Promise<ReadonlySet<string>> | null = null;
  return () =>
    (codes ??= crm.directories
      .listStatuses()
      .then((all) => new Set(all.filter(({ group }) => group === CANCEL_GROUP).map(({ code }) => code))));
}

/** Returns how many orders have a status to send, or one that a run sent which died before it could tell. */
async function noteWishes(
  context: ImportContext,
  crm: CrmSystem,
  changes: readonly CrmChange[],
  isCancelled: () => Promise<ReadonlySet<string>>,
): Promise<number> {
  const links = await linksOf(context, changes);
  const concerned = [...links.values()].filter((link) =>
    changes.some(
      (change) =>
        change.crmOrderId === link.crmOrderId &&
        (change.deleted || mayCarryWish(change, context.snapshot.connection, link)),
    ),
  );
  if (concerned.length === 0) return 0;
  const cancelled = await isCancelled();
  // One instant for all: within a page the queue goes by the orders' numbers, not by the order of reading.
  const step = stepOf(context);
  let pushes = 0;
  for (const batch of chunksOf(CRM_BATCH_MAX, concerned)) {
    // The truth is the order's status now, not the record's: several changes end in the last one.
    const statuses = await crm.statuses.readMany(batch.flatMap(({ crmOrderId }) => crmOrderId ?? []));
    const next = batch.map((link) =>
      wishedLink(context, link, { status: statuses.get(link.crmOrderId ?? 0), cancelled, step }),
    );
    await saveMany(
      context,
      next.filter((link, index) => link !== batch[index]),
    );
    pushes += next.filter(({ push }) => push && push.state !== 'rejected').length;
  }
  return pushes;
}

function wishedLink(
  context: ImportContext,
  link: OrderLink,
  now: { readonly status: string | undefined; readonly cancelled: ReadonlySet<string>; readonly step: Step },
): OrderLink {
  const { status, cancelled, step } = now;
  if (status === undefined) return crmGone(link, step);
  const wish = wishOf(link, status, context.snapshot.mapping.pairs);
  if (wish.kind === 'unmapped') context.journal.skip('status-unmapped');
  return wished(link, status, { ...wish, urgent: cancelled.has(status) }, step);
}

/** Orders of ours that a page speaks of; others have no link. */
async function linksOf(
  context: ImportContext,
  changes: readonly CrmChange[],
): Promise<Map<string, OrderLink>> {
  const codes = changes.flatMap(({ externalId, field, deleted }) => {
    const code = EXTERNAL_ID.exec(externalId ?? '')?.[1];
    return code !== undefined && (field === 'status' || deleted) ? [code] : [];
  });
  if (codes.length === 0) return new Map();
  return context.ports.links.findMany(context.snapshot.connection.connectionId, codes);
}

import { nextWindow } from '../domain/cursor-window';
import type { LaneMessage } from '../domain/lane-message';
import { digestOf, earliest, isRemembered, type RowDigest, type SyncCursor } from '../domain/sync-cursor';
import type { CrmSystem } from '../ports/crm-system';
import type { Trigger } from '../domain/run-record';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import type { GateSlot } from '../ports/zzap-gate';
import type { ZzapCabinet } from '../ports/zzap-cabinet';
import type { SyncOutcome } from './fail-run';
import { finishRun } from './finish-run';
import { Overtaken, type ImportContext } from './import-context';
import { identityOf, importRows } from './import-orders';
import { collectCrmChanges } from './collect-crm-changes';
import { createItemLinker } from './link-items';
import { openRemotes, type Remotes } from './open-remotes';
import { askedAhead, pullOrders, type PulledPage } from './pull-orders';
import { dropPushes, pushStatuses, type PushOutcome } from './push-statuses';
import { retryOrders } from './retry-orders';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';
import { wakeWhenDue } from './wake';

export type ActiveSnapshot = SyncSnapshot & { readonly connection: { readonly site: string } };

export interface RunInHand {
  readonly message: LaneMessage;
  readonly journal: RunJournal;
  readonly deadlineMs: number;
}

/**
 * Reads RetailCRM's changes, pulls ZZap's orders when that is due, settles them, spends what slots are left on the
 * status queue, and commits. Throws what stops the run; everything settled until then is stored.
 */
export async function syncOrders(
  ports: SyncPorts,
  snapshot: ActiveSnapshot,
  run: RunInHand,
): Promise<SyncOutcome> {
  const remotes = await openRemotes(ports, snapshot, run.journal);
  const context = contextOf(ports, snapshot, run, remotes);
  const { zzap } = remotes;
  try {
    const started = await followCrm(context, remotes.crm, snapshot);
    const pulled = isPullDue(run.message, snapshot, ports.clock.nowMs())
      ? await pullAndImport(context, zzap, snapshot, started)
      : { cursor: started, handled: null, idlePage: null };
    if (pulled.idlePage && isNothingLeft(run.message, pulled.cursor, ports.clock.nowMs())) {
      const idle = { ...pulled.cursor, outage: null };
      const next = await wakeWhenDue(ports, snapshot.connection, idle, run.message.trigger);
      return await commitIdle(ports, run, next, { page: pulled.idlePage, slot: zzap.takeSlot() });
    }
    const retried = await retryWhenDue(context, zzap, run.message, pulled.cursor);
    const { cursor, rest } = await pushWhenDue(context, zzap, snapshot, {
      cursor: retried,
      trigger: run.message.trigger,
    });
    if (rest) await sendOn(ports, run.message);
    const next = {
      ...cursor,
      outage: isZzapUnasked(pulled, cursor) ? cursor.outage : null,
      digest: settledRows(pulled, context, snapshot),
      ...(context.lost.size > 0 && { pulledToMs: null, digest: {} }),
    };
    await finishRun(ports, run, await wakeWhenDue(ports, snapshot.connection, next, run.message.trigger));
    return { kind: 'done' };
  } finally {
    await releaseSlot(ports, zzap);
    await context.linker.remember();
  }
}

function contextOf(
  ports: SyncPorts,
  snapshot: ActiveSnapshot,
  { journal, deadlineMs }: RunInHand,
  { crm }: Remotes,
): ImportContext {
  return {
    ports,
    snapshot,
    orders: crm.orders,
    statuses: crm.statuses,
    ownedFields: crm.ownedFields,
    linker: createItemLinker(ports, crm.catalogue, snapshot.connection),
    journal,
    deadlineMs,
    unsettled: new Set(),
    lost: new Set(),
    retries: [],
  };
}

/** A hint from RetailCRM and the rest of the queue need no pull, unless the connection's interval is over. */
function isPullDue({ trigger }: LaneMessage, { connection, cursor }: ActiveSnapshot, nowMs: number): boolean {
  if (trigger !== 'crm-hint' && trigger !== 'pushes') return true;
  const unansweredDue = cursor.verifyAtMs !== null && cursor.verifyAtMs <= nowMs;
  return unansweredDue || nowMs >= nextPullAtMs(connection.intervalMinutes, cursor);
}

function nextPullAtMs(intervalMinutes: number, { lastSyncAtMs }: SyncCursor): number {
  return lastSyncAtMs === null ? 0 : lastSyncAtMs + intervalMinutes * MINUTE_MS;
}

const MINUTE_MS = 60_000;

/** Flag 2: wishes into the outbox. With the direction off, what an earlier setting left in it is dropped. */
async function followCrm(
  context: ImportContext,
  crm: CrmSystem,
  { connection, cursor }: ActiveSnapshot,
): Promise<SyncCursor> {
  if (connection.statusDirection === 'crmToZzap') {
    context.journal.enter('reading-crm-changes');
    const sinceMs = connection.crmToZzapSinceMs ?? connection.createdAtMs;
    // Off and on again between two runs: wishes from before are as old as those that are not replayed.
    if (cursor.history !== null && cursor.history.sinceMs !== sinceMs) await dropPushes(context);
    return collectCrmChanges(context, crm, cursor, sinceMs);
  }
  if (cursor.history === null) return cursor;
  await dropPushes(context);
  return { ...cursor, history: null, pushAtMs: null, verifyAtMs: null };
}

interface Pulled {
  readonly cursor: SyncCursor;
  /** Rows seen by code; null without a pull. */
  readonly handled: ReadonlyMap<string, string> | null;
  /** The whole answer, when it held nothing new. */
  readonly idlePage: PulledPage | null;
}

async function pullAndImport(
  context: ImportContext,
  zzap: ZzapCabinet,
  { connection, cursor: before }: ActiveSnapshot,
  started: SyncCursor,
): Promise<Pulled> {
  const { ports, journal } = context;
  journal.enter('asking-zzap');
  const window = nextWindow(started.pulledToMs, connection.importFromMs, ports.clock.nowMs());
  const handled = new Map<string, string>();
  let cursor = started;
  let askedAtMs = started.lastSyncAtMs;
  for await (const page of askedAhead(pullOrders(zzap, window))) {
    askedAtMs = page.askedAtMs;
    if (page.wholeWindow && isIdle(page, before)) {
      const idleCursor = { ...cursor, pulledToMs: page.settlesToMs, lastSyncAtMs: askedAtMs };
      return { cursor: idleCursor, handled: null, idlePage: page };
    }
    await journal.begin();
    await releaseSlot(ports, zzap);
    await importRows(context, page.rows, before.digest, handled);
    cursor = await commitPage(ports, cursor, page, context);
  }
  // Only now: a run that breaks off has answered nobody, its message must be taken up again.
  return { cursor: { ...cursor, lastSyncAtMs: askedAtMs }, handled, idlePage: null };
}

async function retryWhenDue(
  context: ImportContext,
  zzap: ZzapCabinet,
  { trigger }: LaneMessage,
  cursor: SyncCursor,
): Promise<SyncCursor> {
  const nowMs = context.ports.clock.nowMs();
  const due = trigger === 'replay' || (cursor.retryAtMs !== null && cursor.retryAtMs <= nowMs);
  if (due) await context.journal.begin();
  const waiting = due ? await retryOrders(context, zzap) : cursor.retryAtMs;
  return { ...cursor, retryAtMs: context.retries.reduce(earliest, waiting) };
}

async function pushWhenDue(
  context: ImportContext,
  zzap: ZzapCabinet,
  { connection }: ActiveSnapshot,
  { cursor, trigger }: { readonly cursor: SyncCursor; readonly trigger: Trigger },
): Promise<PushOutcome> {
  const nowMs = context.ports.clock.nowMs();
  // A replay may have put a rejected status back into the queue.
  const due = trigger === 'replay' ? nowMs : earliest(cursor.pushAtMs, cursor.verifyAtMs);
  if (connection.statusDirection !== 'crmToZzap' || due === null || due > nowMs)
    return { cursor, rest: false };
  await context.journal.begin();
  return pushStatuses(context, zzap, cursor, {
    pullDueAtMs: Math.max(nextPullAtMs(connection.intervalMinutes, cursor), nowMs + 1),
    pulledAtMs: cursor.lastSyncAtMs,
  });
}

/** A run that RetailCRM alone has answered knows nothing of ZZap's outage. */
function isZzapUnasked({ handled, idlePage }: Pulled, { outage }: SyncCursor): boolean {
  return outage?.remote === 'zzap' && handled === null && idlePage === null;
}

/** No order set aside and no status waits for this run. */
function isNothingLeft({ trigger }: LaneMessage, cursor: SyncCursor, nowMs: number): boolean {
  const dueMs = [cursor.retryAtMs, cursor.pushAtMs, cursor.verifyAtMs].reduce(earliest, null);
  return trigger !== 'replay' && (dueMs === null || dueMs > nowMs);
}

/** The rest of the queue, behind whatever has come into the lane meanwhile. */
async function sendOn(ports: SyncPorts, { accountId, connectionId }: LaneMessage): Promise<void> {
  await ports.lane.send({ accountId, connectionId, trigger: 'pushes', atMs: ports.clock.nowMs() });
}

/** What the next run may take as known: rows of this pull but for those not taken at their word. */
function settledRows(pulled: Pulled, context: ImportContext, { cursor }: ActiveSnapshot): RowDigest {
  if (pulled.idlePage) return digestOf(pulled.idlePage.rows.map(identityOf));
  if (!pulled.handled) return cursor.digest;
  const rows = [...pulled.handled].filter(([code]) => !context.unsettled.has(code));
  return digestOf(rows.map(([code, fingerprint]) => ({ code, fingerprint })));
}

/** Every row is one that was settled before: nothing to write but the cursor. */
function isIdle(page: PulledPage, cursor: SyncCursor): boolean {
  return page.rows.every((row) => {
    const { code, fingerprint } = identityOf(row);
    return isRemembered(cursor.digest, code, fingerprint);
  });
}

/** The slot is held for a next request; while orders are written nobody should wait for it. */
async function releaseSlot(ports: SyncPorts, zzap: ZzapCabinet): Promise<void> {
  const slot = zzap.takeSlot();
  if (slot) await ports.gate.release(slot);
}

/** Idle runs are folded into one journal line, kept in the cursor: a quiet tick costs one write. */
async function commitIdle(
  ports: SyncPorts,
  { message, journal }: RunInHand,
  cursor: SyncCursor,
  { page, slot }: { readonly page: PulledPage; readonly slot: GateSlot | null },
): Promise<SyncOutcome> {
  const { runId, startedAtMs } = journal.record();
  const atMs = startedAtMs ?? page.askedAtMs;
  const watched = message.runId !== undefined;
  const streak = cursor.idle ?? { runId, firstAtMs: atMs, lastAtMs: atMs, runs: 0, rowsSeen: 0 };
  const next: SyncCursor = {
    ...cursor,
    digest: digestOf(page.rows.map(identityOf)),
    idle: watched
      ? cursor.idle
      : { ...streak, lastAtMs: atMs, runs: streak.runs + 1, rowsSeen: page.rows.length },
  };
  if (!(await ports.cursors.advance(next, slot))) throw new Overtaken();
  journal.count('found', page.rows.length);
  journal.count('unchanged', page.rows.length);
  if (watched) await journal.finish('done');
  ports.log.debug('sync.run.idle', { connectionId: message.connectionId, rows: page.rows.length });
  return { kind: 'done' };
}

/** The window's mark moves as soon as its rows are settled: a long import resumes where it stopped. */
async function commitPage(
  ports: SyncPorts,
  cursor: SyncCursor,
  page: PulledPage,
  context: ImportContext,
): Promise<SyncCursor> {
  if (page.overfullFromMs !== null) context.journal.overfull(page.overfullFromMs);
  if (page.settlesToMs === null) return cursor;
  const next: SyncCursor = {
    ...cursor,
    pulledToMs: Math.max(cursor.pulledToMs ?? 0, page.settlesToMs),
    retryAtMs: context.retries.reduce(earliest, cursor.retryAtMs),
  };
  const written = await ports.cursors.advance(next);
  if (!written) throw new Overtaken();
  return written;
}

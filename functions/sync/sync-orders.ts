import { nextWindow } from '../domain/cursor-window';
import type { LaneMessage } from '../domain/lane-message';
import { digestOf, earliest, isRemembered, type SyncCursor } from '../domain/sync-cursor';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import type { GateSlot } from '../ports/zzap-gate';
import type { ZzapCabinet } from '../ports/zzap-cabinet';
import type { SyncOutcome } from './fail-run';
import { finishRun } from './finish-run';
import { Overtaken, type ImportContext } from './import-context';
import { identityOf, importRows } from './import-orders';
import { createItemLinker } from './link-items';
import { openRemotes } from './open-remotes';
import { askedAhead, pullOrders, type PulledPage } from './pull-orders';
import { retryOrders } from './retry-orders';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

export type ActiveSnapshot = SyncSnapshot & { readonly connection: { readonly site: string } };

export interface RunInHand {
  readonly message: LaneMessage;
  readonly journal: RunJournal;
  readonly deadlineMs: number;
}

/** Pulls, settles and commits. Throws what stops the run; everything settled until then is stored. */
export async function syncOrders(
  ports: SyncPorts,
  snapshot: ActiveSnapshot,
  run: RunInHand,
): Promise<SyncOutcome> {
  const { journal } = run;
  const { zzap, crm } = await openRemotes(ports, snapshot, journal);
  const { connection, cursor } = snapshot;
  journal.enter('asking-zzap');
  const window = nextWindow(cursor.pulledToMs, connection.importFromMs, ports.clock.nowMs());
  const pages = askedAhead(pullOrders(zzap, window));
  const context: ImportContext = {
    ports,
    snapshot,
    orders: crm.orders,
    linker: createItemLinker(ports, crm.catalogue, connection),
    journal,
    deadlineMs: run.deadlineMs,
    retries: [],
  };
  const retryDue =
    run.message.trigger === 'replay' ||
    (cursor.retryAtMs !== null && cursor.retryAtMs <= ports.clock.nowMs());

  let current = cursor;
  let askedAtMs = cursor.lastSyncAtMs;
  const handled = new Map<string, string>();
  try {
    for await (const page of pages) {
      if (page.wholeWindow && !retryDue && isIdle(page, cursor)) {
        return await commitIdle(ports, run, current, { page, slot: zzap.takeSlot() });
      }
      await journal.begin();
      await releaseSlot(ports, zzap);
      await importRows(context, page.rows, cursor.digest, handled);
      current = await commitPage(ports, current, page, context);
      askedAtMs = page.askedAtMs;
    }
    if (retryDue) current = { ...current, retryAtMs: await retryOrders(context, zzap) };
    const retryAtMs = context.retries.reduce(earliest, current.retryAtMs);
    // Only now: a run that breaks off has answered nobody, its message must be taken up again.
    current = { ...current, retryAtMs, lastSyncAtMs: askedAtMs };
  } finally {
    await releaseSlot(ports, zzap);
    await context.linker.remember();
  }
  await finishRun(ports, run, current, handled);
  return { kind: 'done' };
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
    pulledToMs: page.settlesToMs,
    lastSyncAtMs: page.askedAtMs,
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

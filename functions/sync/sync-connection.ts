import { isAnswered, type LaneMessage } from '../domain/lane-message';
import { isSatOut } from '../domain/outage';
import { queuedRun, type RunRecord, type RunState } from '../domain/run-record';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import { failRun, type SyncOutcome } from './fail-run';
import { createRunJournal } from './run-journal';
import { syncOrders, type ActiveSnapshot } from './sync-orders';
import type { SyncPorts } from './sync-ports';

export type { SyncOutcome } from './fail-run';

/**
 * One run for one connection.
 *
 * 1. Read connection, mapping and cursor; a message that a younger run has answered, that comes during an outage's
 *    pause, or whose connection is not active, ends here. 2. Pull what changed at ZZap, settle it, retry what was set aside. 3. Advance the cursor,
 *    write the run record. The lane calls this for one message of a connection at a time and delivers it again
 *    when the outcome says so.
 *
 * @param deadlineMs no new work is begun after this instant; the rest continues in a new message
 */
export async function syncConnection(
  ports: SyncPorts,
  message: LaneMessage,
  deadlineMs: number,
): Promise<SyncOutcome> {
  await untilHintsAreIn(ports, message);
  const startedAtMs = ports.clock.nowMs();
  const snapshot = await ports.readSnapshot(message.accountId, message.connectionId);
  if (!snapshot || snapshot.connection.state === 'removed') {
    // A removal that died half-way left its schedule behind.
    await ports.schedules.remove(message.connectionId);
    return settleWatched(ports, message, 'dropped');
  }
  if (!isActive(snapshot)) return settleWatched(ports, message, 'dropped');
  if (isAnswered(message, snapshot.cursor)) return settleWatched(ports, message, 'answered');
  if (isSatOut(snapshot.cursor.outage, message.trigger, startedAtMs)) {
    return settleWatched(ports, message, 'dropped');
  }

  const runId = message.runId ?? ports.ids.newRunId(startedAtMs);
  const queued = queuedRun(message.connectionId, runId, message.trigger, message.atMs);
  const journal = createRunJournal(ports, { ...queued, startedAtMs });
  if (message.runId !== undefined) await journal.begin();
  try {
    return await syncOrders(ports, snapshot, { message, journal, deadlineMs });
  } catch (error) {
    return failRun(ports, snapshot, { message, journal }, error);
  }
}

/**
 * Hints of one second are one message, dated at the second's end: whoever reads before that could miss what the
 * last of them was about.
 */
async function untilHintsAreIn({ clock }: SyncPorts, { trigger, atMs }: LaneMessage): Promise<void> {
  const waitMs = atMs - clock.nowMs();
  if ((trigger === 'crm-hint' || trigger === 'zzap-hint') && waitMs > 0) {
    await clock.sleep(Math.min(waitMs, HINTS_TOGETHER_MS));
  }
}

/** Longest that hints are gathered. */
const HINTS_TOGETHER_MS = 1_000;

function isActive(snapshot: SyncSnapshot): snapshot is ActiveSnapshot {
  return snapshot.connection.state === 'active' && snapshot.connection.site !== null;
}

/** Nothing to do. If somebody watches this very message, its record says so. */
async function settleWatched(ports: SyncPorts, message: LaneMessage, state: RunState): Promise<SyncOutcome> {
  ports.log.debug('sync.message.dropped', { connectionId: message.connectionId, state });
  if (message.runId === undefined) return { kind: 'done' };
  const nowMs = ports.clock.nowMs();
  const record: RunRecord = {
    ...queuedRun(message.connectionId, message.runId, message.trigger, message.atMs),
    state,
    startedAtMs: nowMs,
    finishedAtMs: nowMs,
  };
  await ports.runs.put(record);
  return { kind: 'done' };
}

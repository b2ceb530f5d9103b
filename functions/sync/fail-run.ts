import type { SuspensionReason } from '../domain/connection';
import type { LaneMessage } from '../domain/lane-message';
import { nextOutage } from '../domain/outage';
import { asRemoteError, type RemoteErrorFacts, type RemoteFailure } from '../domain/remote-error';
import type { RunRecord } from '../domain/run-record';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import { logFinished } from './finish-run';
import { asUnreadableSecret, openRemotes } from './open-remotes';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';
import { wakeWhenDue } from './wake';

/** done: the message is settled. retry: the lane delivers it again after that time. */
export type SyncOutcome = { readonly kind: 'done' } | { readonly kind: 'retry'; readonly afterMs: number };

/** After something that should not happen: the message is delivered again, at last to where failed ones are kept. */
const RETRY_AFTER_MS = 60_000;

/**
 * Another run was faster, or our own write whose answer was lost: then the work is not done. Delivered again, the
 * message ends at once when a younger run has answered it.
 */
const LOOK_AGAIN_MS = 5_000;

interface FailedRun {
  readonly message: LaneMessage;
  readonly journal: RunJournal;
}

/** Turns what stopped a run into its record, and into what the lane does with the message. */
export async function failRun(
  ports: SyncPorts,
  snapshot: SyncSnapshot,
  { message, journal }: FailedRun,
  error: unknown,
): Promise<SyncOutcome> {
  if (error instanceof Error && error.name === 'OutOfTime') return continueLater(ports, message, journal);
  if (error instanceof Error && error.name === 'Overtaken') {
    const retry = { kind: 'retry', afterMs: LOOK_AGAIN_MS } as const;
    return end(ports, journal, { kind: 'overtaken', detail: '' }, retry);
  }
  const unreadable = asUnreadableSecret(error);
  if (unreadable) {
    await suspend(ports, snapshot, unreadable.reason);
    return end(ports, journal, { kind: 'auth', detail: '' }, { kind: 'done' });
  }
  const remote = asRemoteError(error);
  if (!remote) {
    ports.log.error('sync.run.broken', { connectionId: message.connectionId }, error);
    const retry = { kind: 'retry', afterMs: RETRY_AFTER_MS } as const;
    return end(ports, journal, { kind: 'internal', detail: '' }, retry);
  }
  const { kind, detail } = remote.facts;
  ports.log.warn('remote.failed', { connectionId: message.connectionId, remote: remote.facts.remote, kind });
  const stopped = kind === 'auth' && (await suspendIfDead(ports, snapshot, journal, remote));
  if (!stopped) await backOff(ports, snapshot, message, remote.facts);
  const failure = { kind, detail: `${remote.facts.remote}: ${detail}` };
  return end(ports, journal, failure, { kind: 'done' });
}

/** The lane stays free for a person's wish; the next attempt comes as a tick, ever later while the outage lasts. */
async function backOff(
  ports: SyncPorts,
  { connection }: SyncSnapshot,
  { trigger }: LaneMessage,
  facts: RemoteErrorFacts,
): Promise<void> {
  const cursor = await ports.cursors.read(connection.connectionId);
  const outage = nextOutage(cursor.outage, facts, ports.clock.nowMs());
  // Overtaken by another run: its own end tells how the remote is.
  await ports.cursors.advance(await wakeWhenDue(ports, connection, { ...cursor, outage }, trigger));
}

async function end(
  ports: SyncPorts,
  journal: RunJournal,
  failure: NonNullable<RunRecord['failure']>,
  outcome: SyncOutcome,
): Promise<SyncOutcome> {
  logFinished(ports, await journal.finish('failed', failure));
  return outcome;
}

async function continueLater(
  ports: SyncPorts,
  message: LaneMessage,
  journal: RunJournal,
): Promise<SyncOutcome> {
  const { accountId, connectionId } = message;
  await ports.lane.send({ accountId, connectionId, trigger: 'continuation', atMs: ports.clock.nowMs() });
  logFinished(ports, await journal.finish('continued'));
  return { kind: 'done' };
}

/** In a row: one refusal may be a slip of the remote. */
const REFUSALS_TO_SUSPEND = 3;

async function isRefused(probe: () => Promise<unknown>): Promise<boolean> {
  try {
    await probe();
    return false;
  } catch (error) {
    return asRemoteError(error)?.facts.kind === 'auth';
  }
}

/**
 * Stops a connection whose credentials are dead, keeping its settings and cursor: the cheapest call is asked until
 * the refusals are enough or one succeeds. False when it goes on.
 */
async function suspendIfDead(
  ports: SyncPorts,
  snapshot: SyncSnapshot,
  journal: RunJournal,
  failure: RemoteFailure,
): Promise<boolean> {
  const { zzap, crm } = await openRemotes(ports, snapshot, journal);
  const probe = () => (failure.facts.remote === 'zzap' ? zzap.listStatuses() : crm.access.readAccess());
  let refusals = 1;
  while (refusals < REFUSALS_TO_SUSPEND && (await isRefused(probe))) refusals += 1;
  const slot = zzap.takeSlot();
  if (slot) await ports.gate.release(slot);
  if (refusals < REFUSALS_TO_SUSPEND) return false;
  return suspend(ports, snapshot, failure.facts.remote === 'zzap' ? 'zzap-credentials' : 'crm-credentials');
}

/** Keeps settings, cursor and queue. False when the connection was changed meanwhile: that stands. */
async function suspend(
  ports: SyncPorts,
  { connection }: SyncSnapshot,
  suspension: SuspensionReason,
): Promise<boolean> {
  const suspended = {
    ...connection,
    state: 'suspended' as const,
    suspension,
    version: connection.version + 1,
  };
  if (!(await ports.connections.save(suspended, connection.version))) return false;
  await ports.schedules.remove(connection.connectionId);
  ports.log.warn('connection.suspended', { connectionId: connection.connectionId, suspension });
  return true;
}

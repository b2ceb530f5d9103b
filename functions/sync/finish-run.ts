import { idleRecord, type RunRecord } from '../domain/run-record';
import type { LaneMessage } from '../domain/lane-message';
import type { SyncCursor } from '../domain/sync-cursor';
import { Overtaken } from './import-context';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

/**
 * Commits the cursor and records what the run did, after the idle runs before it. A run that neither found nor did
 * anything, e.g. for a hint that meant nothing, leaves no line unless somebody watches it.
 */
export async function finishRun(
  ports: SyncPorts,
  { journal, message }: { readonly journal: RunJournal; readonly message: LaneMessage },
  cursor: SyncCursor,
): Promise<void> {
  const told = journal.isBegun();
  const { idle } = cursor;
  if (told && idle) await ports.runs.put(idleRecord(cursor.connectionId, idle));
  const next = { ...cursor, idle: told ? null : idle };
  if (!(await ports.cursors.advance(next))) throw new Overtaken();
  if (told || message.runId !== undefined) logFinished(ports, await journal.finish('done'));
}

/** One wide event per run. */
export function logFinished(ports: SyncPorts, record: RunRecord): void {
  const { counts } = record;
  const sum = (by: Readonly<Record<string, number>>) => Object.values(by).reduce((a, b) => a + b, 0);
  ports.log.info('sync.run.finished', {
    connectionId: record.connectionId,
    runId: record.runId,
    trigger: record.trigger,
    state: record.state,
    failure: record.failure?.kind,
    found: counts.found,
    created: counts.created,
    adopted: counts.adopted,
    updated: counts.updated,
    pushed: counts.pushed,
    unchanged: counts.unchanged,
    skipped: sum(counts.skipped),
    failed: sum(counts.failed),
    zzapCalls: record.calls.zzap,
    crmCalls: record.calls.crm,
    durationMs: (record.finishedAtMs ?? 0) - (record.startedAtMs ?? 0),
  });
}

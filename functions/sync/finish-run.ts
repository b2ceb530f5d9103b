import { idleRecord, type RunRecord } from '../domain/run-record';
import { digestOf, type SyncCursor } from '../domain/sync-cursor';
import { Overtaken } from './import-context';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

/** Records what the run did, after the idle runs before it, and remembers its rows. */
export async function finishRun(
  ports: SyncPorts,
  { journal }: { readonly journal: RunJournal },
  cursor: SyncCursor,
  handled: ReadonlyMap<string, string>,
): Promise<void> {
  if (cursor.idle) await ports.runs.put(idleRecord(cursor.connectionId, cursor.idle));
  const digest = digestOf([...handled].map(([code, fingerprint]) => ({ code, fingerprint })));
  if (!(await ports.cursors.advance({ ...cursor, digest, idle: null }))) throw new Overtaken();
  logFinished(ports, await journal.finish('done'));
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
    unchanged: counts.unchanged,
    skipped: sum(counts.skipped),
    failed: sum(counts.failed),
    zzapCalls: record.calls.zzap,
    crmCalls: record.calls.crm,
    durationMs: (record.finishedAtMs ?? 0) - (record.startedAtMs ?? 0),
  });
}

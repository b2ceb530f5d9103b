import type { SkipReason } from '../domain/order-decision';
import type { QuarantineReason } from '../domain/order-link';
import { addTo, RUN_PROBLEMS_MAX, type RunRecord, type RunStage, type RunState } from '../domain/run-record';
import type { CallObserver } from '../ports/call-observer';
import type { SyncPorts } from './sync-ports';

/** How often the counts of a running record are written. A new stage or a long wait is written at once. */
const PROGRESS_EVERY_MS = 2_000;
/** Runs before this one that are looked at: one that died is among the last. */
const RUNS_LOOKED_AT = 10;
/** Waiting for less is not worth telling. */
const WAITING_WORTH_TELLING_MS = 1_000;

type Counter = 'found' | 'created' | 'adopted' | 'updated' | 'pushed' | 'unchanged';

/** Collects what a run does and keeps its stored record fresh while it lasts. */
export interface RunJournal {
  readonly zzapCalls: CallObserver;
  readonly crmCalls: CallObserver;
  record(): RunRecord;
  /** Writes the record as running. A run that finds nothing never begins one. */
  begin(): Promise<void>;
  isBegun(): boolean;
  enter(stage: RunStage, total?: number): void;
  advance(by: number): void;
  count(counter: Counter, by?: number): void;
  skip(reason: SkipReason): void;
  fail(code: string | null, reason: QuarantineReason, detail: string): void;
  overfull(fromMs: number): void;
  finish(state: RunState, failure?: RunRecord['failure']): Promise<RunRecord>;
}

export function createRunJournal(ports: SyncPorts, start: RunRecord): RunJournal {
  const { clock, runs } = ports;
  let record = start;
  let begun = false;
  let writtenAtMs = 0;
  let writes: Promise<void> = Promise.resolve();

  /** One after another: an older state must not land on a newer one. */
  function write(): Promise<void> {
    const snapshot = record;
    writtenAtMs = clock.nowMs();
    writes = writes.then(() => runs.put(snapshot));
    return writes;
  }

  function changed(next: Partial<RunRecord>, everyMs = PROGRESS_EVERY_MS): void {
    record = { ...record, ...next };
    if (!begun || clock.nowMs() - writtenAtMs < everyMs) return;
    write().catch((error: unknown) => {
      ports.log.warn('run.progress-not-written', { runId: record.runId, reason: nameOf(error) });
      writes = Promise.resolve();
    });
  }

  function observing(remote: 'zzap' | 'retailcrm', key: 'zzap' | 'crm'): CallObserver {
    return {
      called: () => changed({ calls: { ...record.calls, [key]: record.calls[key] + 1 } }),
      waiting(untilMs) {
        const worthTelling = untilMs !== null && untilMs - clock.nowMs() >= WAITING_WORTH_TELLING_MS;
        const told = record.waiting?.remote === remote && record.waiting.untilMs === untilMs;
        if (worthTelling && !told) changed({ waiting: { remote, untilMs } }, 0);
        if (untilMs === null && record.waiting?.remote === remote) changed({ waiting: null });
      },
    };
  }

  const counts = (next: Partial<RunRecord['counts']>) => changed({ counts: { ...record.counts, ...next } });
  return {
    zzapCalls: observing('zzap', 'zzap'),
    crmCalls: observing('retailcrm', 'crm'),
    record: () => record,
    async begin() {
      if (begun) return;
      begun = true;
      record = { ...record, state: 'running' };
      await closeAbandoned(ports, record);
      await write();
    },
    isBegun: () => begun,
    enter: (stage, total) => changed({ stage, progress: total === undefined ? null : { done: 0, total } }, 0),
    advance: (by) =>
      changed({ progress: record.progress && { ...record.progress, done: record.progress.done + by } }),
    count: (counter, by = 1) => counts({ [counter]: record.counts[counter] + by }),
    skip: (reason) => counts({ skipped: addTo(record.counts.skipped, reason) }),
    fail(code, reason, detail) {
      const problem = { zzapOrderCode: code, reason, detail };
      changed({ problems: [...record.problems, problem].slice(0, RUN_PROBLEMS_MAX) });
      counts({ failed: addTo(record.counts.failed, reason) });
    },
    overfull: (fromMs) => changed({ overfullFromMs: record.overfullFromMs ?? fromMs }),
    async finish(state, failure = null) {
      begun = false;
      const finishedAtMs = clock.nowMs();
      record = { ...record, state, failure, finishedAtMs, stage: null, progress: null, waiting: null };
      await write();
      return record;
    },
  };
}

/** Its name only: a text might quote what was to be written. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** A process that was killed leaves its record running: this run does the rest of it. */
async function closeAbandoned({ clock, runs }: SyncPorts, { connectionId, runId }: RunRecord): Promise<void> {
  const latest = await runs.list(connectionId, { limit: RUNS_LOOKED_AT });
  for (const run of latest.filter((each) => each.state === 'running' && each.runId !== runId)) {
    const ended = { stage: null, progress: null, waiting: null, finishedAtMs: clock.nowMs() };
    await runs.put({ ...run, ...ended, state: 'continued' });
  }
}

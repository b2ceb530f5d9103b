import { join } from 'node:path';
import { nextMessage, startTypeScriptWorker } from '../typescript-worker';
import { DatabaseInUseError, type RunningDatabase } from './start';
import type { WorkerOptions, WorkerReport } from './worker-messages';

/**
 * Starts the same database as startDatabase in a thread of its own, so that the caller's thread keeps its CPU.
 * Fails with the same errors. When the thread dies later of an unexpected error, so does the process.
 */
export async function startDatabaseInWorker(options: WorkerOptions): Promise<RunningDatabase> {
  const worker = startTypeScriptWorker(join(__dirname, 'worker.ts'), options);
  const started = await nextMessage<WorkerReport>(worker, 'database');
  if (started.kind !== 'started') throw failureOf(started, options);
  let closing: Promise<void> | undefined;
  const closeOnce = async () => {
    const closed = nextMessage<WorkerReport>(worker, 'database');
    worker.postMessage('close');
    const report = await closed;
    if (report.kind !== 'closed') throw failureOf(report, options);
  };
  return { endpoint: started.endpoint, close: () => (closing ??= closeOnce()) };
}

function failureOf(report: WorkerReport, { directory = '' }: WorkerOptions): Error {
  switch (report.kind) {
    case 'in use':
      return new DatabaseInUseError(directory);
    case 'failed':
      return Object.assign(new Error(report.message), report.code !== undefined && { code: report.code });
    default:
      return new Error(`The database thread reported "${report.kind}" out of turn.`);
  }
}

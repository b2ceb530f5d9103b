import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseInUseError, type RunningDatabase } from './start';
import type { WorkerOptions, WorkerReport } from './worker-messages';

// A worker does not reliably inherit the loader its parent was started with (and under a test runner there is none to
// inherit), so the one for TypeScript is named here. By absolute path: a bare name would be looked up from the working
// directory. As `--require`, because these files are CommonJS: `--import` would bring a second thread of loader hooks.
const execArgv = ['--require', require.resolve('tsx/cjs')];

/**
 * Starts the same database as startDatabase in a thread of its own, so that the caller's thread keeps its CPU.
 * Fails with the same errors. When the thread dies later of an unexpected error, so does the process.
 */
export async function startDatabaseInWorker(options: WorkerOptions): Promise<RunningDatabase> {
  const worker = new Worker(join(__dirname, 'worker.ts'), { workerData: options, execArgv });
  const started = await nextReport(worker);
  if (started.kind !== 'started') throw failureOf(started, options);
  let closing: Promise<void> | undefined;
  const closeOnce = async () => {
    const closed = nextReport(worker);
    worker.postMessage('close');
    const report = await closed;
    if (report.kind !== 'closed') throw failureOf(report, options);
  };
  return { endpoint: started.endpoint, close: () => (closing ??= closeOnce()) };
}

function nextReport(worker: Worker): Promise<WorkerReport> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (report: WorkerReport) => settle(() => resolve(report));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`The database thread ended unexpectedly with code ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
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

import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { startDatabase, DatabaseInUseError } from './start';
import { asError, codeOf } from './thrown';
import type { WorkerOptions, WorkerReport } from './worker-messages';

/** Runs the database in this worker thread until the parent says "close" or goes away. */
async function serve(parent: MessagePort, options: WorkerOptions): Promise<void> {
  const report = (message: WorkerReport) => parent.postMessage(message);
  try {
    const database = await startDatabase(options);
    parent.once('message', () => {
      void database.close().then(
        () => finish({ kind: 'closed' }),
        (error: unknown) => finish(failure(error)),
      );
    });
    report({ kind: 'started', endpoint: database.endpoint });
  } catch (error) {
    finish(error instanceof DatabaseInUseError ? { kind: 'in use' } : failure(error));
  }

  function finish(message: WorkerReport): void {
    report(message);
    parent.close();
  }
}

function failure(thrown: unknown): WorkerReport {
  const error = asError(thrown);
  return { kind: 'failed', message: error.message, code: codeOf(error) };
}

if (parentPort === null) throw new Error('This file runs in a worker thread only.');
// Passed by startDatabaseInWorker, which has typed it.
void serve(parentPort, workerData as WorkerOptions);

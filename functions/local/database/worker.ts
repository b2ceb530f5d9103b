import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { startDatabase, DatabaseInUseError } from './start';
import type { WorkerOptions, WorkerReport } from './worker-messages';

/** Runs the database in this worker thread until the parent says "close" or goes away. */
async function serve(parent: MessagePort, options: WorkerOptions): Promise<void> {
  const report = (message: WorkerReport) => parent.postMessage(message);
  try {
    const database = await startDatabase(options);
    parent.once('message', () => {
      void database.close().then(
        () => finish({ kind: 'closed' }),
        (error: unknown) => finish({ kind: 'failed', error, isInUse: false }),
      );
    });
    report({ kind: 'started', endpoint: database.endpoint });
  } catch (error) {
    finish({ kind: 'failed', error, isInUse: error instanceof DatabaseInUseError });
  }

  function finish(message: WorkerReport): void {
    report(message);
    parent.close();
  }
}

if (parentPort === null) throw new Error('This file runs in a worker thread only.');
// Passed by startDatabaseInWorker, which has typed it.
void serve(parentPort, workerData as WorkerOptions);

import { Worker } from 'node:worker_threads';

// A worker does not reliably inherit the loader its parent was started with (and under a test runner there is none to
// inherit), so the one for TypeScript is named here. By absolute path: a bare name would be looked up from the working
// directory. As `--require`, because these files are CommonJS: `--import` would bring a second thread of loader hooks.
const execArgv = ['--require', require.resolve('tsx/cjs')];

/** A worker thread whose entry is a TypeScript file, started with `workerData`. */
export function startTypeScriptWorker(file: string, workerData: unknown): Worker {
  return new Worker(file, { workerData, execArgv });
}

/** The worker's next message; fails when it dies instead. */
export function nextMessage<Message>(worker: Worker, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (message: Message) => settle(() => resolve(message));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`The ${name} thread ended unexpectedly with code ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

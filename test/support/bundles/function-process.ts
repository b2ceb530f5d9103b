import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Invoked {
  /** As it stands in JSON. */
  readonly result: unknown;
  /** The most memory the process has had at once so far. */
  readonly peakMb: number;
}

/** A bundle in a process of its own, called as Lambda calls it. */
export interface FunctionProcess {
  /** What it exports. */
  readonly names: readonly string[];
  readonly importMs: number;
  invoke(name: string, event: unknown, remainingMs?: number): Promise<Invoked>;
  /** What it has written on both outputs. */
  printed(): string;
  stop(): Promise<void>;
}

type Report =
  | { readonly kind: 'loaded'; readonly names: readonly string[]; readonly importMs: number }
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'answered'; readonly id: number; readonly result: string; readonly peakKb: number }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

const HOST = join(__dirname, 'function-host.mjs');
const MINUTE_MS = 60_000;

/** Loads a bundle with exactly these variables. Rejects with the words of the error when it cannot be loaded. */
export async function startFunction(
  file: string,
  environment: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): Promise<FunctionProcess> {
  const child = fork(HOST, [file], {
    // As in Lambda; the SDK reads it.
    env: {
      AWS_LAMBDA_FUNCTION_NAME: 'bundle',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...environment,
    },
    execArgv: [...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  }
  const waiting = new Map<number, (report: Report) => void>();
  let calls = 0;
  const first = new Promise<Report>((resolve, reject) => {
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', () => reject(new Error(`the function ended: ${printed}`)));
  });
  const ended = once(child, 'exit');
  const loaded = await first;
  if (loaded.kind !== 'loaded') {
    child.kill();
    throw new Error(loaded.kind === 'broken' ? loaded.message : 'no report');
  }
  child.on('message', (message) => {
    const report = message as Report;
    if ('id' in report) waiting.get(report.id)?.(report);
  });
  return {
    names: loaded.names,
    importMs: loaded.importMs,
    async invoke(name: string, event: unknown, remainingMs = 15 * MINUTE_MS) {
      calls += 1;
      const id = calls;
      const report = await new Promise<Report>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, name, event, remainingMs });
      });
      if (report.kind !== 'answered')
        throw new Error(report.kind === 'failed' ? report.message : 'no answer');
      return { result: JSON.parse(report.result) as unknown, peakMb: report.peakKb / 1024 };
    },
    printed: () => printed,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

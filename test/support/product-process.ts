import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './product-harness';

const ROOT = join(__dirname, '..', '..');

/** The product as `npm start` runs it, in a process of its own that can be killed. */
export interface ProductProcess {
  /** What it has printed on both outputs. */
  printed(): string;
  /** The address it serves; waits for it. */
  url(): Promise<string>;
  signal(name: 'SIGKILL' | 'SIGINT' | 'SIGTERM'): void;
  /** The exit code, or null when a signal ended it. */
  exit(): Promise<number | null>;
}

export function startProductProcess(
  environment: Record<string, string>,
  entry = 'functions/local/main.ts',
): ProductProcess {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', SANDBOX: 'off', LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  }
  const ended = once(child, 'close');
  return {
    printed: () => printed,
    url: () =>
      until('the address of the product', () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${printed}`);
        return /API\s+(http:\S+)\/openapi\.json/.exec(printed)?.[1];
      }),
    signal: (name) => void child.kill(name),
    async exit() {
      await ended;
      return child.exitCode;
    },
  };
}

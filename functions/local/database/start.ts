import { once } from 'node:events';
import type { Server } from 'node:http';
import { createEngine, type Engine } from './engine';
import { createFront } from './http-front';
import { LevelStore } from './level-store';

export { DatabaseInUseError } from './level-store';

export interface DatabaseOptions {
  /** Where the data lives; created when missing. Absent: in memory. */
  readonly directory?: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Pause between two searches for expired items; 0 turns them off. Default: a minute. */
  readonly ttlSweepMs?: number;
  readonly nowMs?: () => number;
}

export interface RunningDatabase {
  /** Base URL for the SDK, e.g. `http://127.0.0.1:8000`. Only this machine can reach it. */
  readonly endpoint: string;
  /** Stores what was begun, then lets go of the port and the directory. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/**
 * Starts the embedded database. directory absent = in memory. port 0/absent = any free loopback port.
 * Throws DatabaseInUseError when another process already holds the directory.
 * A write that was answered survives the end of the process, however it ends; a power failure may cost the last ones.
 */
export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  const { directory, port = 0, ttlSweepMs = 60_000, nowMs = Date.now } = options;
  const store = await LevelStore.open(directory);
  const engine = createEngine(store, nowMs);
  const server = createFront(engine.operations);
  try {
    await listen(server, port);
  } catch (error) {
    await store.close();
    throw error;
  }
  const sweeping = startSweeping(engine.sweep, ttlSweepMs);
  let closing: Promise<void> | undefined;
  const closeOnce = async () => {
    await sweeping.stop();
    await stopServing(server);
    await engine.idle();
    await store.close();
  };
  return { endpoint: endpointOf(server), close: () => (closing ??= closeOnce()) };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, loopback);
  // Rejects when the server reports an error instead, e.g. a port that is taken.
  await once(server, 'listening');
}

async function stopServing(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function endpointOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The database has no port.');
  return `http://${loopback}:${address.port}`;
}

function startSweeping(sweep: Engine['sweep'], pauseMs: number): { stop(): Promise<void> } {
  if (pauseMs === 0) return { stop: () => Promise.resolve() };
  const stopping = new AbortController();
  let current: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A failed sweep is made up for by the next one; a sick disk shows in every write anyway.
    current ??= sweep(stopping.signal)
      .catch(() => undefined)
      .finally(() => (current = undefined));
  }, pauseMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await current;
    },
  };
}

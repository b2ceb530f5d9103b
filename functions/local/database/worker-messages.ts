import type { DatabaseOptions } from './start';

/** A function cannot travel to another thread, so the worker keeps its own clock. */
export type WorkerOptions = Omit<DatabaseOptions, 'nowMs'>;

/** What the worker tells its parent. An error loses its class on the way, hence the mark beside it. */
export type WorkerReport =
  | { readonly kind: 'started'; readonly endpoint: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly isInUse: boolean };

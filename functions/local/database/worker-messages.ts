import type { DatabaseOptions } from './start';

/** A function cannot travel to another thread, so the worker keeps its own clock. */
export type WorkerOptions = Omit<DatabaseOptions, 'nowMs'>;

/** What the worker tells its parent. An error would lose its class and its code on the way, so it travels in parts. */
export type WorkerReport =
  | { readonly kind: 'started'; readonly endpoint: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'in use' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined };

import { types } from 'node:util';

/** Whatever was thrown, as an Error. Errors made by native code or in another thread count, `instanceof` or not. */
export function asError(thrown: unknown): Error {
  return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
}

/** The system's name for a fault, e.g. `EADDRINUSE`. */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

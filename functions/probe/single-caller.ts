import type { RequestBudget } from '../ports/request-budget';
import type { ZzapGate } from '../ports/zzap-gate';

/** The gate of a process that is alone with a key: the pace itself keeps the pause between its own requests. */
export const openGate: ZzapGate = {
  acquire: () => Promise.resolve({ kind: 'granted' }),
  release: () => Promise.resolve(),
};

/** The budget of a process that is alone with an account. */
export function createOwnBudget(): RequestBudget {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  return {
    reserve({ nowMs, spacingMs }) {
      const reservedMs = Math.max(nowMs, freeAtMs);
      freeAtMs = reservedMs + spacingMs;
      return Promise.resolve(reservedMs);
    },
  };
}

import type { RequestBudget } from '../../../functions/ports/request-budget';

export function createMemoryRequestBudget(): RequestBudget {
  const nextFreeAtMs = new Map<string, number>();

  return {
    reserve: ({ budgetKey, nowMs, spacingMs }) => {
      const reservedMs = Math.max(nowMs, nextFreeAtMs.get(budgetKey) ?? nowMs);
      nextFreeAtMs.set(budgetKey, reservedMs + spacingMs);
      return Promise.resolve(reservedMs);
    },
  };
}

import type { ZzapGate } from '../../../functions/ports/zzap-gate';

interface KeySlot {
  holder: string | null;
  leaseUntilMs: number;
  nextFreeAtMs: number;
}

/** The gate as one process keeps it. */
export function createMemoryZzapGate() {
  const slots = new Map<string, KeySlot>();
  return {
    acquire({ keyTag, holder, nowMs, leaseUntilMs }) {
      const slot = slots.get(keyTag) ?? { holder: null, leaseUntilMs: 0, nextFreeAtMs: 0 };
      const isLeased = slot.holder !== null && slot.leaseUntilMs > nowMs;
      if (isLeased && slot.holder !== holder)
        return Promise.resolve({ kind: 'taken', untilMs: slot.leaseUntilMs });
      if (!isLeased && slot.nextFreeAtMs > nowMs)
        return Promise.resolve({ kind: 'taken', untilMs: slot.nextFreeAtMs });
      slots.set(keyTag, { ...slot, holder, leaseUntilMs });
      return Promise.resolve({ kind: 'granted' });
    },
    release({ keyTag, holder, nextFreeAtMs }) {
      if (slots.get(keyTag)?.holder === holder)
        slots.set(keyTag, { holder: null, leaseUntilMs: 0, nextFreeAtMs });
      return Promise.resolve();
    },
  } satisfies ZzapGate;
}

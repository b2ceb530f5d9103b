import { newCursor, type SyncCursor } from '../../../functions/domain/sync-cursor';
import type { CursorStore } from '../../../functions/ports/cursor-store';
import type { ZzapGate } from '../../../functions/ports/zzap-gate';
import { frozenCopy } from './frozen-copy';

/** Slots are given back at `gate`, which has to do so at once: cursor and slot move in one step. */
export function createMemoryCursorStore(gate: Pick<ZzapGate, 'release'>): CursorStore {
  const cursors = new Map<string, SyncCursor>();
  const current = (connectionId: string) => cursors.get(connectionId) ?? newCursor(connectionId);

  return {
    read: (connectionId) => Promise.resolve(current(connectionId)),
    advance: async (cursor, slot) => {
      const isCurrent = current(cursor.connectionId).version === cursor.version;
      const next = frozenCopy({ ...cursor, version: cursor.version + 1 });
      if (isCurrent) cursors.set(cursor.connectionId, next);
      if (slot) await gate.release(slot);
      return isCurrent ? next : null;
    },
    remove: (connectionId) => {
      cursors.delete(connectionId);
      return Promise.resolve();
    },
  };
}

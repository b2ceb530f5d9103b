import type { SyncCursor } from '../domain/sync-cursor';
import type { GateSlot } from './zzap-gate';

export interface CursorStore {
  /** A fresh cursor of version 0 when none was saved. */
  read(connectionId: string): Promise<SyncCursor>;
  /**
   * Writes the next version over `cursor.version` and returns the stored cursor, or null when another run was
   * faster. A slot is given back in the same operation.
   */
  advance(cursor: SyncCursor, slot?: GateSlot | null): Promise<SyncCursor | null>;
  remove(connectionId: string): Promise<void>;
}

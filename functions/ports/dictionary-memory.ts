import type { CrmStatus } from './crm-system';
import type { ZzapStatus } from './zzap-cabinet';

/** A status dictionary as a remote had it at that moment. */
export interface RememberedDictionary<Status> {
  readonly statuses: readonly Status[];
  readonly readAtMs: number;
}

/** What both remotes said last; null where that remote was never read. */
export interface RememberedDictionaries {
  readonly crm: RememberedDictionary<CrmStatus> | null;
  readonly zzap: RememberedDictionary<ZzapStatus> | null;
}

/** The status dictionaries that a connection read last, to be shown when a remote does not answer. */
export interface DictionaryMemory {
  /** Null when nothing was ever remembered. */
  recall(connectionId: string): Promise<RememberedDictionaries | null>;
  /**
   * Replaces the sides that are given and leaves the others. A dictionary too large to be kept whole is not
   * remembered at all: half of one would call the other half vanished.
   */
  remember(connectionId: string, read: Partial<RememberedDictionaries>): Promise<void>;
}

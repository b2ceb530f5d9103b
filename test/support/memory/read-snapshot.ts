import type { AccountStore } from '../../../functions/ports/account-store';
import type { ConnectionStore } from '../../../functions/ports/connection-store';
import type { CursorStore } from '../../../functions/ports/cursor-store';
import type { MappingStore } from '../../../functions/ports/mapping-store';
import type { ReadSnapshot } from '../../../functions/ports/sync-snapshot';

export interface SnapshotSources {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly connections: Pick<ConnectionStore, 'find'>;
  readonly mappings: Pick<MappingStore, 'read'>;
  readonly cursors: Pick<CursorStore, 'read'>;
}

export function createMemorySnapshotReader(sources: SnapshotSources): ReadSnapshot {
  return async (accountId, connectionId) => {
    const [account, connection, mapping, cursor] = await Promise.all([
      sources.accounts.find(accountId),
      sources.connections.find(connectionId),
      sources.mappings.read(connectionId),
      sources.cursors.read(connectionId),
    ]);
    if (account === null || connection?.accountId !== accountId) return null;
    return { account, connection, mapping, cursor };
  };
}

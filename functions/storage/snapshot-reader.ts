import type { ReadSnapshot } from '../ports/sync-snapshot';
import { ACCOUNT_ITEM, readAccountItem } from './account-store';
import { readBatch } from './batch-read';
import { readConnectionItem } from './connection-store';
import { readCursorItem } from './cursor-store';
import type { Database } from './database';
import { readMappingItem } from './mapping-store';

export function createSnapshotReader(db: Database): ReadSnapshot {
  const { connections, mappings, cursors } = db.tables;
  return async (accountId, connectionId) => {
    const found = await readBatch(db, {
      [connections]: [
        { accountId, connectionId: ACCOUNT_ITEM },
        { accountId, connectionId },
      ],
      [mappings]: [{ connectionId }],
      [cursors]: [{ connectionId }],
    });
    const stored = found.get(connections) ?? [];
    const account = stored.find((item) => item['connectionId'] === ACCOUNT_ITEM);
    const connection = stored.find((item) => item['connectionId'] === connectionId);
    if (!account || !connection) return null;
    return {
      account: readAccountItem(account),
      connection: readConnectionItem(connection),
      mapping: readMappingItem(connectionId, found.get(mappings)?.[0]),
      cursor: readCursorItem(connectionId, found.get(cursors)?.[0]),
    };
  };
}

import type { Account } from '../domain/account';
import type { Connection } from '../domain/connection';
import type { StatusMapping } from '../domain/status-mapping';
import type { SyncCursor } from '../domain/sync-cursor';

/** Everything a run has to know before it acts. */
export interface SyncSnapshot {
  readonly account: Account;
  readonly connection: Connection;
  readonly mapping: StatusMapping;
  readonly cursor: SyncCursor;
}

/** One batch read: an idle tick spends no more. Null when the connection or its account is gone. */
export type ReadSnapshot = (accountId: string, connectionId: string) => Promise<SyncSnapshot | null>;

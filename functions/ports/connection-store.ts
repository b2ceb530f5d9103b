import type { Connection } from '../domain/connection';

export interface ConnectionStore {
  create(connection: Connection): Promise<void>;
  /** By its id alone; removed ones included. */
  find(connectionId: string): Promise<Connection | null>;
  /** Of one account, removed ones left out, ordered by id. */
  list(accountId: string, page: { readonly limit: number; readonly after?: string }): Promise<Connection[]>;
  /** Writes over `expectedVersion`; false when somebody else was faster. */
  save(connection: Connection, expectedVersion: number): Promise<boolean>;
}

export const TABLE_NAMES = ['connections', 'mappings', 'cursors', 'orders', 'runs'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export interface TableKey {
  readonly hash: string;
  readonly range?: string;
}

/** One table: string keys only; every index projects all attributes. */
export interface TableDefinition {
  readonly key: TableKey;
  readonly indexes: Readonly<Record<string, TableKey>>;
  /** Attribute with the second (epoch) after which an item may vanish. */
  readonly expiry?: string;
}

/**
 * The only description of the tables: the embedded run, the tests and the stack are built from it. Nothing is imported
 * here, so that the stack can read it.
 *
 * connections: accounts (`#account`), connections, and the claims on addresses, stores and logins (`claim#…`).
 * mappings: the 1:1 pairs, and the dictionaries read last (`dictionaries#…`).
 * cursors: sync cursors, and what the remotes' limits share (`gate#…`, `budget#…`) and catalogue finds (`offers#…`).
 */
export const TABLES: Readonly<Record<TableName, TableDefinition>> = {
  connections: {
    key: { hash: 'accountId', range: 'connectionId' },
    indexes: { byConnection: { hash: 'connectionId', range: 'accountId' } },
  },
  mappings: { key: { hash: 'connectionId' }, indexes: {} },
  cursors: { key: { hash: 'connectionId' }, indexes: {} },
  orders: {
    key: { hash: 'connectionId', range: 'zzapOrderCode' },
    indexes: {
      byAttention: { hash: 'connectionId', range: 'attentionSince' },
      byPush: { hash: 'connectionId', range: 'pushOrder' },
      byCrmNumber: { hash: 'connectionId', range: 'crmNumber' },
    },
  },
  runs: { key: { hash: 'connectionId', range: 'runId' }, indexes: {}, expiry: 'expiresAt' },
};

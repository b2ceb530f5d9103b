import type { ConnectionState } from '../domain/connection';

/** What a hook has to know of a connection, and nothing more. */
export interface HookedConnection {
  readonly accountId: string;
  readonly connectionId: string;
  readonly state: ConnectionState;
  /** Recognises the secret in the connection's hook URLs. */
  readonly digest: string;
}

/** Connections as hooks see them. What was saved moments ago may be missing or old: a hook can be repeated. */
export interface HookedConnections {
  /** Removed ones included; null for an id that was never given out. */
  find(connectionId: string): Promise<HookedConnection | null>;
}

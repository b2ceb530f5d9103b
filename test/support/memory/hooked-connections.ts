import type { ConnectionStore } from '../../../functions/ports/connection-store';
import type { HookedConnections } from '../../../functions/ports/hooked-connections';

/** What hooks see of the connections of a memory store. */
export function createMemoryHookedConnections(connections: ConnectionStore): HookedConnections {
  return {
    async find(id) {
      const connection = await connections.find(id);
      if (!connection) return null;
      const { accountId, connectionId, state, hookSecret } = connection;
      return { accountId, connectionId, state, digest: hookSecret.digest };
    },
  };
}

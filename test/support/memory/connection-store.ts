import type { Connection } from '../../../functions/domain/connection';
import type { ConnectionStore } from '../../../functions/ports/connection-store';
import { frozenCopy } from './frozen-copy';
import { compareTexts } from './sorted';

export function createMemoryConnectionStore(): ConnectionStore {
  const connections = new Map<string, Connection>();

  return {
    create: (connection) => {
      if (connections.has(connection.connectionId)) {
        return Promise.reject(new Error(`Connection ${connection.connectionId} is there already.`));
      }
      connections.set(connection.connectionId, frozenCopy(connection));
      return Promise.resolve();
    },
    find: (connectionId) => Promise.resolve(connections.get(connectionId) ?? null),
    list: (accountId, { limit, after = '' }) =>
      Promise.resolve(
        [...connections.values()]
          .filter((connection) => connection.accountId === accountId && connection.state !== 'removed')
          .sort((a, b) => compareTexts(a.connectionId, b.connectionId))
          .filter((connection) => compareTexts(connection.connectionId, after) > 0)
          .slice(0, limit),
      ),
    save: (connection, expectedVersion) => {
      if (connections.get(connection.connectionId)?.version !== expectedVersion)
        return Promise.resolve(false);
      connections.set(connection.connectionId, frozenCopy(connection));
      return Promise.resolve(true);
    },
  };
}

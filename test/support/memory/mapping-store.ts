import type { StatusMapping } from '../../../functions/domain/status-mapping';
import type { MappingStore } from '../../../functions/ports/mapping-store';
import { frozenCopy } from './frozen-copy';

export function createMemoryMappingStore(): MappingStore {
  const mappings = new Map<string, StatusMapping>();
  const current = (connectionId: string): StatusMapping =>
    mappings.get(connectionId) ?? { connectionId, version: 0, pairs: [] };

  return {
    read: (connectionId) => Promise.resolve(current(connectionId)),
    save: (mapping, expectedVersion) => {
      if (current(mapping.connectionId).version !== expectedVersion) return Promise.resolve(false);
      mappings.set(mapping.connectionId, frozenCopy(mapping));
      return Promise.resolve(true);
    },
  };
}

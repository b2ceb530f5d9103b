import type { DictionaryMemory, RememberedDictionaries } from '../../../functions/ports/dictionary-memory';
import { frozenCopy } from './frozen-copy';

/** Unlike the database it keeps a dictionary of any size. */
export function createMemoryDictionaryMemory(): DictionaryMemory {
  const connections = new Map<string, RememberedDictionaries>();

  return {
    recall: (connectionId) => Promise.resolve(connections.get(connectionId) ?? null),
    remember: (connectionId, { crm, zzap }) => {
      const before = connections.get(connectionId) ?? { crm: null, zzap: null };
      const after = { crm: crm ?? before.crm, zzap: zzap ?? before.zzap };
      if (crm ?? zzap) connections.set(connectionId, frozenCopy(after));
      return Promise.resolve();
    },
  };
}

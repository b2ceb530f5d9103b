import type { CrmModule } from '../../../functions/domain/crm-module';
import type { ModuleStore } from '../../../functions/ports/module-store';
import { frozenCopy } from './frozen-copy';

export function createMemoryModuleStore(): ModuleStore {
  const modules = new Map<string, CrmModule>();

  return {
    find: (accountId) => Promise.resolve(modules.get(accountId) ?? null),
    save: (module, expectedVersion) => {
      if ((modules.get(module.accountId)?.version ?? 0) !== expectedVersion) return Promise.resolve(false);
      modules.set(module.accountId, frozenCopy(module));
      return Promise.resolve(true);
    },
    remove: (accountId) => {
      modules.delete(accountId);
      return Promise.resolve();
    },
  };
}

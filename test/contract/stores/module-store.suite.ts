import type { CrmModule } from '../../../functions/domain/crm-module';
import type { ModuleStore } from '../../../functions/ports/module-store';
import { numbered } from './builders';

function aModule(facts: Partial<CrmModule> = {}): CrmModule {
  return {
    accountId: 'a-1',
    version: 1,
    clientId: { digest: 'digest', sealed: 'sealed' },
    told: { active: true, baseUrl: 'https://module.example' },
    frozen: false,
    ...facts,
  };
}

export function describeModuleStore(name: string, makeStore: () => Promise<ModuleStore>): void {
  describe(`module store: ${name}`, () => {
    let store: ModuleStore;
    beforeEach(async () => (store = await makeStore()));

    it('gives back what was saved, of this account only', async () => {
      expect(await store.save(aModule(), 0)).toBe(true);

      expect(await store.find('a-1')).toEqual(aModule());
      expect(await store.find('a-2')).toBeNull();
    });

    it('writes over the expected version and keeps what somebody faster wrote', async () => {
      await store.save(aModule(), 0);
      const later = aModule({ version: 2, told: null, frozen: true });

      expect(await store.save(aModule({ version: 2 }), 0)).toBe(false);
      expect(await store.save(later, 1)).toBe(true);
      expect(await store.save(aModule({ version: 2 }), 1)).toBe(false);

      expect(await store.find('a-1')).toEqual(later);
    });

    it('lets exactly one of 20 first saves win', async () => {
      const modules = numbered(20).map((number) => aModule({ clientId: { digest: number, sealed: '' } }));

      const saved = await Promise.all(modules.map((module) => store.save(module, 0)));

      const winners = modules.filter((_, index) => saved[index]);
      expect(winners).toHaveLength(1);
      expect(await store.find('a-1')).toEqual(winners[0]);
    });

    it('forgets a removed one, however often', async () => {
      await store.save(aModule(), 0);

      await store.remove('a-1');
      await store.remove('a-1');

      expect(await store.find('a-1')).toBeNull();
      expect(await store.save(aModule(), 0)).toBe(true);
    });
  });
}

import type { AccountStore } from '../../../functions/ports/account-store';
import { anAccount, numbered } from './builders';

export function describeAccountStore(name: string, makeStore: () => Promise<AccountStore>): void {
  describe(`account store: ${name}`, () => {
    let store: AccountStore;
    beforeEach(async () => (store = await makeStore()));

    it('gives back an account as it was created', async () => {
      const account = anAccount({ scopes: [], name: 'Запчасти 🚗 "и" \\ другое' });

      expect(await store.create(account)).toBe(true);

      expect(await store.find(account.accountId)).toEqual(account);
    });

    it('knows no account that was not created', async () => {
      expect(await store.find('a-nobody')).toBeNull();
      expect(await store.list({ limit: 10 })).toEqual([]);
    });

    it('refuses a second account with the same address', async () => {
      await store.create(anAccount());

      expect(await store.create(anAccount({ accountId: 'a-2' }))).toBe(false);

      expect(await store.find('a-2')).toBeNull();
      expect(await store.list({ limit: 10 })).toEqual([anAccount()]);
    });

    it('gives an address to exactly one of 20 accounts created at once', async () => {
      const accounts = numbered(20).map((number) => anAccount({ accountId: `a-${number}` }));

      const created = await Promise.all(accounts.map((account) => store.create(account)));

      const winners = accounts.filter((_, index) => created[index]);
      expect(winners).toHaveLength(1);
      expect(await store.list({ limit: 100 })).toEqual(winners);
    });

    it('lists accounts by id, page by page', async () => {
      for (const number of ['2', '5', '1', '4', '3']) {
        await store.create(
          anAccount({ accountId: `a-${number}`, crmUrl: `https://shop${number}.retailcrm.ru` }),
        );
      }
      const idsOf = async (page: Parameters<AccountStore['list']>[0]) =>
        (await store.list(page)).map((account) => account.accountId);

      expect(await idsOf({ limit: 2 })).toEqual(['a-1', 'a-2']);
      expect(await idsOf({ limit: 2, after: 'a-2' })).toEqual(['a-3', 'a-4']);
      expect(await idsOf({ limit: 2, after: 'a-4' })).toEqual(['a-5']);
      expect(await idsOf({ limit: 2, after: 'a-5' })).toEqual([]);
      expect(await idsOf({ limit: 10, after: 'a-25' })).toEqual(['a-3', 'a-4', 'a-5']);
    });

    it('writes over the expected version', async () => {
      await store.create(anAccount());
      const renamed = anAccount({ version: 2, name: 'Новое имя', timeZone: 'Asia/Yekaterinburg' });

      expect(await store.save(renamed, 1)).toBe(true);

      expect(await store.find('a-1')).toEqual(renamed);
    });

    it('keeps what somebody faster wrote', async () => {
      await store.create(anAccount());
      await store.save(anAccount({ version: 2, name: 'faster' }), 1);

      expect(await store.save(anAccount({ version: 2, name: 'slower' }), 1)).toBe(false);

      expect((await store.find('a-1'))?.name).toBe('faster');
    });

    it('saves no account that is not there', async () => {
      expect(await store.save(anAccount({ version: 2 }), 1)).toBe(false);

      expect(await store.find('a-1')).toBeNull();
    });

    it('lets exactly one of 20 racing saves win', async () => {
      await store.create(anAccount());
      const versions = numbered(20).map((number) => anAccount({ version: 2, name: number }));

      const saved = await Promise.all(versions.map((version) => store.save(version, 1)));

      const winners = versions.filter((_, index) => saved[index]);
      expect(winners).toHaveLength(1);
      expect(await store.find('a-1')).toEqual(winners[0]);
    });

    it('finds an account by the address it has, and by no other', async () => {
      await store.create(anAccount());

      expect(await store.findByUrl(anAccount().crmUrl)).toEqual(anAccount());
      expect(await store.findByUrl('https://nobody.retailcrm.ru')).toBeNull();
    });

    it('moves an account to a free address and frees the former one', async () => {
      const former = anAccount();
      const moved = anAccount({ version: 2, crmUrl: 'https://moved.simla.com' });
      await store.create(former);

      expect(await store.move(moved, former.crmUrl, 1)).toBe(true);

      expect(await store.findByUrl('https://moved.simla.com')).toEqual(moved);
      expect(await store.findByUrl(former.crmUrl)).toBeNull();
      expect(await store.create(anAccount({ accountId: 'a-2' }))).toBe(true);
    });

    it('moves no account to the address of another one', async () => {
      const other = anAccount({ accountId: 'a-2', crmUrl: 'https://other.retailcrm.ru' });
      await store.create(anAccount());
      await store.create(other);

      const taken = anAccount({ version: 2, crmUrl: other.crmUrl });
      expect(await store.move(taken, anAccount().crmUrl, 1)).toBe(false);

      expect(await store.findByUrl(other.crmUrl)).toEqual(other);
      expect(await store.find('a-1')).toEqual(anAccount());
    });

    it('keeps the address, and takes none, when a move comes too late', async () => {
      const renamed = anAccount({ version: 2, name: 'faster' });
      await store.create(anAccount());
      await store.save(renamed, 1);

      const late = anAccount({ version: 2, crmUrl: 'https://moved.simla.com' });
      expect(await store.move(late, anAccount().crmUrl, 1)).toBe(false);

      expect(await store.findByUrl(anAccount().crmUrl)).toEqual(renamed);
      expect(await store.create(anAccount({ accountId: 'a-2', crmUrl: 'https://moved.simla.com' }))).toBe(
        true,
      );
    });

    it('forgets a removed account and frees its address', async () => {
      await store.create(anAccount());

      await store.remove(anAccount());

      expect(await store.find('a-1')).toBeNull();
      expect(await store.list({ limit: 10 })).toEqual([]);
      expect(await store.create(anAccount({ accountId: 'a-2' }))).toBe(true);
    });

    it('removes an account twice without harm to the next owner of its address', async () => {
      await store.create(anAccount());
      await store.remove(anAccount());
      await store.create(anAccount({ accountId: 'a-2' }));

      await store.remove(anAccount());

      expect(await store.create(anAccount({ accountId: 'a-3' }))).toBe(false);
      expect(await store.find('a-2')).toEqual(anAccount({ accountId: 'a-2' }));
    });
  });
}

import type { ConnectionStore } from '../../../functions/ports/connection-store';
import { aConnection, numbered } from './builders';

export function describeConnectionStore(name: string, makeStore: () => Promise<ConnectionStore>): void {
  describe(`connection store: ${name}`, () => {
    let store: ConnectionStore;
    beforeEach(async () => (store = await makeStore()));

    it.each([
      ['a complete connection', aConnection()],
      [
        'a draft without a store',
        aConnection({ site: null, state: 'draft', orderMethod: { code: null, source: 'default' } }),
      ],
      ['a suspended connection', aConnection({ state: 'suspended', suspension: 'zzap-credentials' })],
      ['texts in any script', aConnection({ name: 'Заказ 🚚 с "ZZap"\n', login: 'почта@пример.рф' })],
    ])('gives back %s as it was created', async (_, connection) => {
      await store.create(connection);

      expect(await store.find('c-1')).toEqual(connection);
    });

    it('knows no connection that was not created', async () => {
      expect(await store.find('c-nobody')).toBeNull();
      expect(await store.list('a-1', { limit: 10 })).toEqual([]);
    });

    it.each(['', '#account', 'c-', 'claim#site#x', '🚗'])('finds nothing under the odd id %j', async (id) => {
      await store.create(aConnection());

      expect(await store.find(id)).toBeNull();
    });

    it('creates no connection over another one', async () => {
      await store.create(aConnection());

      await expect(store.create(aConnection({ name: 'intruder' }))).rejects.toThrow();

      expect(await store.find('c-1')).toEqual(aConnection());
    });

    it('still finds a removed connection but does not list it', async () => {
      await store.create(aConnection());
      const removed = aConnection({ version: 2, state: 'removed' });

      await store.save(removed, 1);

      expect(await store.find('c-1')).toEqual(removed);
      expect(await store.list('a-1', { limit: 10 })).toEqual([]);
    });

    it('lists the connections of one account by id, page by page', async () => {
      for (const number of ['2', '5', '1', '4', '3']) {
        await store.create(aConnection({ connectionId: `c-${number}` }));
      }
      await store.create(aConnection({ accountId: 'a-2', connectionId: 'c-25' }));
      const idsOf = async (page: Parameters<ConnectionStore['list']>[1]) =>
        (await store.list('a-1', page)).map((connection) => connection.connectionId);

      expect(await idsOf({ limit: 2 })).toEqual(['c-1', 'c-2']);
      expect(await idsOf({ limit: 2, after: 'c-2' })).toEqual(['c-3', 'c-4']);
      expect(await idsOf({ limit: 2, after: 'c-4' })).toEqual(['c-5']);
      expect(await idsOf({ limit: 2, after: 'c-5' })).toEqual([]);
      expect(await idsOf({ limit: 10, after: 'c-25' })).toEqual(['c-3', 'c-4', 'c-5']);
    });

    it.each([
      ['', ['c-1']],
      ['#', ['c-1']],
      ['c-', ['c-1']],
      ['c-🚗', []],
      ['zzz', []],
      ['🚗', []],
    ])('lists what sorts behind the odd id %j', async (after, ids) => {
      await store.create(aConnection());

      const listed = await store.list('a-1', { limit: 10, after });

      expect(listed.map((connection) => connection.connectionId)).toEqual(ids);
    });

    it('fills a page although many removed connections lie in between', async () => {
      const numbers = numbered(60);
      for (const number of numbers) {
        const isKept = number === '00000' || number === '00059';
        await store.create(
          aConnection({ connectionId: `c-${number}`, state: isKept ? 'active' : 'removed' }),
        );
      }

      const listed = await store.list('a-1', { limit: 2 });

      expect(listed.map((connection) => connection.connectionId)).toEqual(['c-00000', 'c-00059']);
    });

    it('writes over the expected version', async () => {
      await store.create(aConnection());
      const changed = aConnection({ version: 2, intervalMinutes: 1440, itemLink: 'none', state: 'paused' });

      expect(await store.save(changed, 1)).toBe(true);

      expect(await store.find('c-1')).toEqual(changed);
      expect(await store.list('a-1', { limit: 10 })).toEqual([changed]);
    });

    it('keeps what somebody faster wrote', async () => {
      await store.create(aConnection());
      await store.save(aConnection({ version: 2, name: 'faster' }), 1);

      expect(await store.save(aConnection({ version: 2, name: 'slower' }), 1)).toBe(false);

      expect((await store.find('c-1'))?.name).toBe('faster');
    });

    it('saves no connection that is not there', async () => {
      expect(await store.save(aConnection({ version: 2 }), 1)).toBe(false);

      expect(await store.find('c-1')).toBeNull();
    });

    it('lets exactly one of 20 racing saves win', async () => {
      await store.create(aConnection());
      const versions = numbered(20).map((number) => aConnection({ version: 2, name: number }));

      const saved = await Promise.all(versions.map((version) => store.save(version, 1)));

      const winners = versions.filter((_, index) => saved[index]);
      expect(winners).toHaveLength(1);
      expect(await store.find('c-1')).toEqual(winners[0]);
    });
  });
}

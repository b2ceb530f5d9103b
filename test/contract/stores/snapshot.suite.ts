import { newCursor } from '../../../functions/domain/sync-cursor';
import type { AccountStore } from '../../../functions/ports/account-store';
import type { ConnectionStore } from '../../../functions/ports/connection-store';
import type { CursorStore } from '../../../functions/ports/cursor-store';
import type { MappingStore } from '../../../functions/ports/mapping-store';
import type { ReadSnapshot } from '../../../functions/ports/sync-snapshot';
import { aConnection, aCursor, anAccount } from './builders';

export interface SnapshotWorld {
  readonly accounts: AccountStore;
  readonly connections: ConnectionStore;
  readonly mappings: MappingStore;
  readonly cursors: CursorStore;
  readonly readSnapshot: ReadSnapshot;
}

export function describeSnapshot(name: string, makeWorld: () => Promise<SnapshotWorld>): void {
  describe(`snapshot: ${name}`, () => {
    let world: SnapshotWorld;
    beforeEach(async () => (world = await makeWorld()));

    it('holds all four parts as their stores have them', async () => {
      const mapping = { connectionId: 'c-1', version: 1, pairs: [{ crmStatus: 'new', zzapStatus: 10 }] };
      await world.accounts.create(anAccount());
      await world.connections.create(aConnection());
      await world.mappings.save(mapping, 0);
      const cursor = await world.cursors.advance(aCursor());

      expect(await world.readSnapshot('a-1', 'c-1')).toEqual({
        account: anAccount(),
        connection: aConnection(),
        mapping,
        cursor,
      });
    });

    it('begins with an empty mapping and a fresh cursor', async () => {
      await world.accounts.create(anAccount());
      await world.connections.create(aConnection());

      expect(await world.readSnapshot('a-1', 'c-1')).toEqual({
        account: anAccount(),
        connection: aConnection(),
        mapping: { connectionId: 'c-1', version: 0, pairs: [] },
        cursor: newCursor('c-1'),
      });
    });

    it('shows a removed connection as removed', async () => {
      await world.accounts.create(anAccount());
      await world.connections.create(aConnection());
      await world.connections.save(aConnection({ version: 2, state: 'removed' }), 1);

      expect((await world.readSnapshot('a-1', 'c-1'))?.connection.state).toBe('removed');
    });

    it('is null without the connection', async () => {
      await world.accounts.create(anAccount());

      expect(await world.readSnapshot('a-1', 'c-1')).toBeNull();
    });

    it('is null without the account', async () => {
      await world.connections.create(aConnection());

      expect(await world.readSnapshot('a-1', 'c-1')).toBeNull();
    });

    it('is null for a connection of another account', async () => {
      await world.accounts.create(anAccount());
      await world.accounts.create(anAccount({ accountId: 'a-2', crmUrl: 'https://other.retailcrm.ru' }));
      await world.connections.create(aConnection({ accountId: 'a-2' }));

      expect(await world.readSnapshot('a-1', 'c-1')).toBeNull();
    });
  });
}

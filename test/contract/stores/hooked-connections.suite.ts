import { CONNECTION_STATES } from '../../../functions/domain/connection';
import type { ConnectionStore } from '../../../functions/ports/connection-store';
import type { HookedConnections } from '../../../functions/ports/hooked-connections';
import { aConnection } from './builders';

const hookSecret = { digest: 'the-digest', sealed: 'sealed-text' };

export function describeHookedConnections(
  name: string,
  make: () => Promise<{ readonly hooked: HookedConnections; readonly connections: ConnectionStore }>,
): void {
  describe(`hooked connections: ${name}`, () => {
    let hooked: HookedConnections;
    let connections: ConnectionStore;
    beforeEach(async () => ({ hooked, connections } = await make()));

    it.each(CONNECTION_STATES)(
      'are found by id while they are %s, with what a hook needs only',
      async (state) => {
        await connections.create(aConnection({ accountId: 'a-7', connectionId: 'c-7', state, hookSecret }));
        await connections.create(aConnection({ accountId: 'a-7', connectionId: 'c-70' }));

        expect(await hooked.find('c-7')).toEqual({
          accountId: 'a-7',
          connectionId: 'c-7',
          state,
          digest: 'the-digest',
        });
      },
    );

    it('have the digest saved last', async () => {
      await connections.create(aConnection({ hookSecret }));
      await connections.save(aConnection({ version: 2, hookSecret: { digest: 'new', sealed: 's' } }), 1);

      expect((await hooked.find('c-1'))?.digest).toBe('new');
    });

    it.each(['c-nobody', '', '#account', 'c-', 'claim#site#x', '🚗'])(
      'are none under the id %j',
      async (id) => {
        await connections.create(aConnection());

        expect(await hooked.find(id)).toBeNull();
      },
    );
  });
}

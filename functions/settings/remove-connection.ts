import { exclusivesOf, giveBack } from './exclusive-claims';
import { getConnection } from './get-connection';
import { reflectModule } from './reflect-module';
import { staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';

/**
 * Removes a connection: its credentials are erased, its schedule and cursor go, its store and login are free
 * again. Made anew, it finds its orders in RetailCRM by their external ids.
 */
export async function removeConnection(ports: SettingsPorts, connectionId: string): Promise<void> {
  const connection = await getConnection(ports, connectionId);
  const removed = {
    ...connection,
    state: 'removed' as const,
    sealedCredentials: '',
    hookSecret: { digest: '', sealed: '' },
    version: connection.version + 1,
  };
  if (!(await ports.connections.save(removed, connection.version))) throw staleVersion();
  await ports.schedules.remove(connectionId);
  await ports.cursors.remove(connectionId);
  await giveBack(ports, connection, exclusivesOf(connection), ports.clock.nowMs());
  await reflectModule(ports, connection.accountId);
}

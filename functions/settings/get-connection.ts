import type { Connection } from '../domain/connection';
import { Refusal } from '../domain/refusal';
import type { SettingsPorts } from './settings-ports';

/** The connection or a refusal that it does not exist (any more). */
export async function getConnection(ports: SettingsPorts, connectionId: string): Promise<Connection> {
  const connection = await ports.connections.find(connectionId);
  if (!connection || connection.state === 'removed') throw new Refusal('not-found', 'connection-not-found');
  return connection;
}

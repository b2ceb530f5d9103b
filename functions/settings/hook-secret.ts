import type { Connection, HookSecret } from '../domain/connection';
import { getConnection } from './get-connection';
import { staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';
import { openStored } from './stored-secret';

/** A fresh secret for a connection's hook URLs. */
export async function newHookSecret(ports: SettingsPorts, connectionId: string): Promise<HookSecret> {
  const secret = ports.secrets.newSecret();
  return { digest: ports.secrets.digest(secret), sealed: await ports.vault.seal(secret, connectionId) };
}

/** The secret as it stands in the connection's hook URLs; null when it cannot be read: then only a new one helps. */
export function readHookSecret(
  ports: SettingsPorts,
  { connectionId, hookSecret }: Connection,
): Promise<string | null> {
  return openStored(ports, hookSecret.sealed, connectionId);
}

/** Gives a connection a new secret: the URLs with the old one lead nowhere from now on. */
export async function rotateHookSecret(ports: SettingsPorts, connectionId: string): Promise<Connection> {
  const before = await getConnection(ports, connectionId);
  const after: Connection = {
    ...before,
    hookSecret: await newHookSecret(ports, connectionId),
    version: before.version + 1,
  };
  if (!(await ports.connections.save(after, before.version))) throw staleVersion();
  return after;
}

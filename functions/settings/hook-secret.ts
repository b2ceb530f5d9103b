import type { HookSecret } from '../domain/connection';
import type { SettingsPorts } from './settings-ports';

/** A fresh secret for a connection's hook URLs. */
export async function newHookSecret(ports: SettingsPorts, connectionId: string): Promise<HookSecret> {
  const secret = ports.secrets.newSecret();
  return { digest: ports.secrets.digest(secret), sealed: await ports.vault.seal(secret, connectionId) };
}

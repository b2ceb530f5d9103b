import { Refusal } from '../domain/refusal';
import type { SettingsPorts } from './settings-ports';

/** A secret as it was sealed; null when this deployment cannot open it, e.g. because its key was lost. */
export async function openStored(
  { vault }: Pick<SettingsPorts, 'vault'>,
  sealed: string,
  context: string,
): Promise<string | null> {
  try {
    return await vault.open(sealed, context);
  } catch (error) {
    if (error instanceof Error && error.name === 'VaultError') return null;
    throw error;
  }
}

/** The same for one that is needed now: a refusal says that it has to be entered anew. */
export async function requireStored(
  ports: Pick<SettingsPorts, 'vault'>,
  sealed: string,
  context: string,
): Promise<string> {
  const secret = await openStored(ports, sealed, context);
  if (secret === null) throw new Refusal('conflict', 'stored-secret-unreadable');
  return secret;
}

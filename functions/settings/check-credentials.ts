import type { Connection, ZzapCredentials } from '../domain/connection';
import type { ZzapCabinet, ZzapStatus } from '../ports/zzap-cabinet';
import { refusalOf } from './remote-refusal';
import type { SettingsPorts } from './settings-ports';
import { requireStored } from './stored-secret';

/** Tries ZZap credentials with the cheapest call. Refuses naming the field ZZap rejects, as far as it tells. */
export async function checkZzap(ports: SettingsPorts, credentials: ZzapCredentials): Promise<ZzapStatus[]> {
  try {
    return await askZzapStatuses(ports, credentials);
  } catch (error) {
    throw refusalOf(error);
  }
}

/** ZZap's status dictionary. Throws RemoteError. */
export function askZzapStatuses(ports: SettingsPorts, credentials: ZzapCredentials): Promise<ZzapStatus[]> {
  return askZzap(ports, credentials, (cabinet) => cabinet.listStatuses());
}

/** One question to ZZap; the slot at the gate is given back whatever ZZap says. Throws RemoteError. */
export async function askZzap<Answer>(
  ports: SettingsPorts,
  credentials: ZzapCredentials,
  ask: (cabinet: ZzapCabinet) => Promise<Answer>,
): Promise<Answer> {
  const cabinet = ports.openZzap(credentials);
  try {
    return await ask(cabinet);
  } finally {
    const slot = cabinet.takeSlot();
    if (slot) await ports.gate.release(slot);
  }
}

type Secrets = Pick<ZzapCredentials, 'password' | 'apiKey'>;

export function sealCredentials(
  ports: SettingsPorts,
  connectionId: string,
  { password, apiKey }: Secrets,
): Promise<string> {
  return ports.vault.seal(JSON.stringify({ password, apiKey }), connectionId);
}

export async function storedCredentials(
  ports: SettingsPorts,
  connection: Connection,
): Promise<ZzapCredentials> {
  const sealed = await requireStored(ports, connection.sealedCredentials, connection.connectionId);
  return { login: connection.login, ...(JSON.parse(sealed) as Secrets) };
}

import { asRefusal, Refusal, type RefusedField } from '../domain/refusal';
import { findDuplicates, type StatusMapping, type StatusPair } from '../domain/status-mapping';
import type { CrmStatus } from '../ports/crm-system';
import type { ZzapStatus } from '../ports/zzap-cabinet';
import { getAccount, openCrmOf } from './account-access';
import { checkZzap, storedCredentials } from './check-credentials';
import { getConnection } from './get-connection';
import { refusalOf } from './remote-refusal';
import { staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';

/** Both sides' statuses; null where that side could not be asked. */
export interface StatusDictionaries {
  readonly crm: readonly CrmStatus[] | null;
  readonly zzap: readonly ZzapStatus[] | null;
}

export interface MappingView {
  readonly mapping: StatusMapping;
  readonly dictionaries: StatusDictionaries;
}

export async function readMapping(ports: SettingsPorts, connectionId: string): Promise<MappingView> {
  const [mapping, dictionaries] = await Promise.all([
    ports.mappings.read(connectionId),
    readDictionaries(ports, connectionId),
  ]);
  return { mapping, dictionaries };
}

/** Saves the 1:1 pairs (M7). Each status repeated on a side or unknown to it is named. */
export async function saveMapping(
  ports: SettingsPorts,
  connectionId: string,
  input: { readonly version: number; readonly pairs: readonly StatusPair[] },
): Promise<MappingView> {
  const dictionaries = await readDictionaries(ports, connectionId);
  const fields = [...duplicates(input.pairs), ...unknownCodes(input.pairs, dictionaries)];
  if (fields.length > 0) throw new Refusal('invalid', 'mapping-refused', { fields });
  const mapping = { connectionId, version: input.version + 1, pairs: input.pairs };
  if (!(await ports.mappings.save(mapping, input.version))) throw staleVersion();
  return { mapping, dictionaries };
}

function duplicates(pairs: readonly StatusPair[]): RefusedField[] {
  return findDuplicates(pairs).map(({ index, side, firstIndex }) => ({
    path: `pairs.${index}.${side}`,
    code: 'status-used-twice',
    params: { status: pairs[index]?.[side] ?? '', firstRow: firstIndex + 1 },
  }));
}

function unknownCodes(pairs: readonly StatusPair[], { crm, zzap }: StatusDictionaries): RefusedField[] {
  return pairs.flatMap((pair, index) => [
    ...(crm && !crm.some(({ code }) => code === pair.crmStatus)
      ? [{ path: `pairs.${index}.crmStatus`, code: 'status-unknown', params: { status: pair.crmStatus } }]
      : []),
    ...(zzap && !zzap.some(({ code }) => code === pair.zzapStatus)
      ? [{ path: `pairs.${index}.zzapStatus`, code: 'status-unknown', params: { status: pair.zzapStatus } }]
      : []),
  ]);
}

/** A side that does not answer must not keep the page from opening. */
async function readDictionaries(ports: SettingsPorts, connectionId: string): Promise<StatusDictionaries> {
  const connection = await getConnection(ports, connectionId);
  const account = await getAccount(ports, connection.accountId);
  const { directories } = await openCrmOf(ports, account);
  const [crm, zzap] = await Promise.all([
    directories.listStatuses().catch((error: unknown) => noneIfRefused(refusalOf(error))),
    storedCredentials(ports, connection)
      .then((credentials) => checkZzap(ports, credentials))
      .catch(noneIfRefused),
  ]);
  return { crm, zzap };
}

function noneIfRefused(error: unknown): null {
  if (!asRefusal(error)) throw error;
  return null;
}

import type { Connection } from '../domain/connection';
import { diagnoseMapping, type Finding } from '../domain/mapping-doctor';
import { Refusal, type RefusedField } from '../domain/refusal';
import { findDuplicates, type StatusMapping, type StatusPair } from '../domain/status-mapping';
import { getConnection } from './get-connection';
import { readDictionaries, type StatusDictionaries } from './read-dictionaries';
import { staleVersion } from './save-account';
import { countSeenStatuses } from './seen-statuses';
import type { SettingsPorts } from './settings-ports';

export interface MappingView {
  readonly mapping: StatusMapping;
  readonly dictionaries: StatusDictionaries;
  readonly findings: readonly Finding[];
}

/** The mapping with both dictionaries and what the doctor says. `refresh` asks the remotes again. */
export async function readMapping(
  ports: SettingsPorts,
  connectionId: string,
  { refresh }: { readonly refresh: boolean },
): Promise<MappingView> {
  const connection = await getConnection(ports, connectionId);
  const [mapping, dictionaries] = await Promise.all([
    ports.mappings.read(connectionId),
    readDictionaries(ports, connection, { refresh }),
  ]);
  return examined(ports, connection, mapping, dictionaries);
}

/**
 * Saves the 1:1 pairs (M7). Each status repeated on a side, unknown to it or newly paired although switched off is
 * named. A dictionary that was never read refuses nothing.
 */
export async function saveMapping(
  ports: SettingsPorts,
  connectionId: string,
  input: { readonly version: number; readonly pairs: readonly StatusPair[] },
): Promise<MappingView> {
  const connection = await getConnection(ports, connectionId);
  const before = await ports.mappings.read(connectionId);
  // First of all: what is wrong with the rows is judged by the mapping they replace.
  if (before.version !== input.version) throw staleVersion();
  const dictionaries = await judgingDictionaries(ports, connection, input.pairs, before.pairs);
  const fields = [
    ...duplicates(input.pairs),
    ...refusedByDictionaries(input.pairs, before.pairs, dictionaries),
  ];
  if (fields.length > 0) throw new Refusal('invalid', 'mapping-refused', { fields });
  const mapping = { connectionId, version: input.version + 1, pairs: input.pairs };
  if (!(await ports.mappings.save(mapping, input.version))) throw staleVersion();
  return examined(ports, connection, mapping, dictionaries);
}

async function examined(
  ports: SettingsPorts,
  connection: Connection,
  mapping: StatusMapping,
  dictionaries: StatusDictionaries,
): Promise<MappingView> {
  const { seenCrmStatuses, seenZzapStatuses } = await countSeenStatuses(ports, connection.connectionId);
  const findings = diagnoseMapping({
    pairs: mapping.pairs,
    crm: dictionaries.crm.statuses,
    zzap: dictionaries.zzap.statuses,
    seenCrmStatuses,
    seenZzapStatuses,
    direction: connection.statusDirection,
  });
  return { mapping, dictionaries, findings };
}

/** A remembered dictionary refuses nothing by itself: a status may have been added a minute ago. */
async function judgingDictionaries(
  ports: SettingsPorts,
  connection: Connection,
  pairs: readonly StatusPair[],
  before: readonly StatusPair[],
): Promise<StatusDictionaries> {
  const startedAtMs = ports.clock.nowMs();
  const first = await readDictionaries(ports, connection, { refresh: false });
  const areOfNow = [first.crm, first.zzap].every(
    ({ readAtMs, problem }) => problem !== null || (readAtMs !== null && readAtMs >= startedAtMs),
  );
  if (areOfNow || refusedByDictionaries(pairs, before, first).length === 0) return first;
  return readDictionaries(ports, connection, { refresh: true });
}

function duplicates(pairs: readonly StatusPair[]): RefusedField[] {
  return findDuplicates(pairs).map(({ index, side, firstIndex }) => ({
    path: `pairs.${index}.${side}`,
    code: 'status-used-twice',
    params: { status: pairs[index]?.[side] ?? '', firstRow: firstIndex + 1 },
  }));
}

function refusedByDictionaries(
  pairs: readonly StatusPair[],
  before: readonly StatusPair[],
  { crm, zzap }: StatusDictionaries,
): RefusedField[] {
  const crmStatuses = crm.statuses && new Map(crm.statuses.map((status) => [status.code, status]));
  const zzapCodes = zzap.statuses && new Set(zzap.statuses.map(({ code }) => code));
  const usedBefore = new Set(before.map(({ crmStatus }) => crmStatus));
  return pairs.flatMap(({ crmStatus, zzapStatus }, index) => {
    const refused: RefusedField[] = [];
    const path = `pairs.${index}.crmStatus`;
    const status = crmStatuses?.get(crmStatus);
    if (crmStatuses && !status) {
      refused.push({ path, code: 'status-unknown', params: { status: crmStatus } });
    }
    if (status?.active === false && !usedBefore.has(crmStatus)) {
      refused.push({ path, code: 'status-inactive', params: { status: status.name } });
    }
    if (zzapCodes && !zzapCodes.has(zzapStatus)) {
      const params = { status: zzapStatus };
      refused.push({ path: `pairs.${index}.zzapStatus`, code: 'status-unknown', params });
    }
    return refused;
  });
}

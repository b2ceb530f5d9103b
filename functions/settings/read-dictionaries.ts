import type { Connection } from '../domain/connection';
import { asRemoteError, type Remote, type RemoteErrorFacts } from '../domain/remote-error';
import type { CrmStatus } from '../ports/crm-system';
import type { RememberedDictionaries, RememberedDictionary } from '../ports/dictionary-memory';
import type { ZzapStatus } from '../ports/zzap-cabinet';
import { getAccount, openCrmOf } from './account-access';
import { askZzapStatuses, storedCredentials } from './check-credentials';
import type { SettingsPorts } from './settings-ports';

/** Why a dictionary could not be read now, in terms a text is chosen by. */
export interface DictionaryProblem {
  readonly kind: 'dictionary';
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/** One side's statuses as far as they are known. */
export interface DictionaryView<Status> {
  /** Null when they were never read. */
  readonly statuses: readonly Status[] | null;
  readonly readAtMs: number | null;
  /** Null: they are what the remote said within the last ten minutes. Else why they may be older, or are missing. */
  readonly problem: DictionaryProblem | null;
}

export interface StatusDictionaries {
  readonly crm: DictionaryView<CrmStatus>;
  readonly zzap: DictionaryView<ZzapStatus>;
}

/** A dictionary read within this time is not asked for again unless a person wants it. */
export const DICTIONARY_FRESH_MS = 10 * 60_000;

/** A page waits no longer than this: ZZap's slot may be with a run that imports for many minutes. */
const PATIENCE_MS = 6_000;

const REMOTE_NAMES: Readonly<Record<Remote, string>> = { zzap: 'ZZap', retailcrm: 'RetailCRM' };

/**
 * Both status dictionaries: remembered ones while they are fresh, else as the remotes have them now. A remote's
 * fault is told beside the last known dictionary and never thrown.
 */
export async function readDictionaries(
  ports: SettingsPorts,
  connection: Connection,
  { refresh }: { readonly refresh: boolean },
): Promise<StatusDictionaries> {
  const remembered = await ports.dictionaries.recall(connection.connectionId);
  const [crm, zzap] = await Promise.all([
    readSide<CrmStatus>(ports, connection, {
      remote: 'retailcrm',
      known: remembered?.crm ?? null,
      refresh,
      ask: async () => {
        const account = await getAccount(ports, connection.accountId);
        return (await openCrmOf(ports, account)).directories.listStatuses();
      },
      memorise: (dictionary) => ({ crm: dictionary }),
    }),
    readSide<ZzapStatus>(ports, connection, {
      remote: 'zzap',
      known: remembered?.zzap ?? null,
      refresh,
      ask: async () => askZzapStatuses(ports, await storedCredentials(ports, connection)),
      memorise: (dictionary) => ({ zzap: dictionary }),
    }),
  ]);
  return { crm, zzap };
}

interface Side<Status> {
  readonly remote: Remote;
  readonly known: RememberedDictionary<Status> | null;
  readonly refresh: boolean;
  readonly ask: () => Promise<readonly Status[]>;
  readonly memorise: (dictionary: RememberedDictionary<Status>) => Partial<RememberedDictionaries>;
}

async function readSide<Status>(
  ports: SettingsPorts,
  connection: Connection,
  side: Side<Status>,
): Promise<DictionaryView<Status>> {
  const { known, refresh, remote } = side;
  if (known && !refresh && isFresh(known, ports.clock.nowMs())) return { ...known, problem: null };
  const answer = isRefusedFor(connection, remote)
    ? { problem: suspended(remote) }
    : await askPatiently(ports, connection, side);
  if ('read' in answer) return { ...answer.read, problem: null };
  return { ...(known ?? NEVER_READ), problem: answer.problem };
}

const NEVER_READ = { statuses: null, readAtMs: null } as const;

async function askPatiently<Status>(
  ports: SettingsPorts,
  { connectionId, version }: Connection,
  side: Side<Status>,
): Promise<SideAnswer<Status>> {
  const { remote } = side;
  const answer = await ports.patience<SideAnswer<Status>>({
    // With the version: an asking with credentials that were just replaced is not joined.
    key: `dictionary#${connectionId}#${version}#${remote}`,
    begin: () => askAndRemember(ports, connectionId, side),
    maxMs: PATIENCE_MS,
    failedLate: (error) => ports.log.error('dictionary.failed-late', { connectionId, remote }, error),
  });
  // What comes later is remembered all the same.
  return answer ?? { problem: late(remote) };
}

/** A clock that was set back must not keep a dictionary fresh for longer. */
function isFresh({ readAtMs }: RememberedDictionary<unknown>, nowMs: number): boolean {
  return Math.abs(nowMs - readAtMs) < DICTIONARY_FRESH_MS;
}

type SideAnswer<Status> =
  { readonly read: RememberedDictionary<Status> } | { readonly problem: DictionaryProblem };

async function askAndRemember<Status>(
  ports: SettingsPorts,
  connectionId: string,
  { ask, memorise }: Side<Status>,
): Promise<SideAnswer<Status>> {
  let statuses: readonly Status[];
  try {
    statuses = await ask();
  } catch (error) {
    const remote = asRemoteError(error);
    if (!remote) throw error;
    return { problem: problemOf(remote.facts) };
  }
  const read = { statuses, readAtMs: ports.clock.nowMs() };
  await ports.dictionaries.remember(connectionId, memorise(read));
  return { read };
}

/** Credentials that suspended the connection are not tried again: repeating them brings ZZap's captcha. */
function isRefusedFor({ state, suspension }: Connection, remote: Remote): boolean {
  if (state !== 'suspended') return false;
  return suspension === (remote === 'zzap' ? 'zzap-credentials' : 'crm-credentials');
}

function suspended(remote: Remote): DictionaryProblem {
  return { kind: 'dictionary', code: 'dictionary-not-asked', params: { remote: REMOTE_NAMES[remote] } };
}

function late(remote: Remote): DictionaryProblem {
  return { kind: 'dictionary', code: 'dictionary-late', params: { remote: REMOTE_NAMES[remote] } };
}

function problemOf({ remote, kind, detail }: RemoteErrorFacts): DictionaryProblem {
  const params = { remote: REMOTE_NAMES[remote], detail };
  switch (kind) {
    case 'auth':
      return { kind: 'dictionary', code: 'dictionary-access-refused', params };
    case 'rate-limited':
      return { kind: 'dictionary', code: 'dictionary-too-often', params };
    case 'unavailable':
      return { kind: 'dictionary', code: 'dictionary-unavailable', params };
    default:
      return { kind: 'dictionary', code: 'dictionary-unreadable', params };
  }
}

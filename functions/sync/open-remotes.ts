import type { CrmSystem } from '../ports/crm-system';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import type { ZzapCabinet } from '../ports/zzap-cabinet';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

export interface Remotes {
  readonly zzap: ZzapCabinet;
  readonly crm: CrmSystem;
}

/** Opens both systems with the connection's and the account's credentials. */
export async function openRemotes(
  ports: SyncPorts,
  { account, connection }: SyncSnapshot,
  journal: RunJournal,
): Promise<Remotes> {
  const [sealed, apiKey] = await Promise.all([
    ports.vault.open(connection.sealedCredentials, connection.connectionId),
    ports.vault.open(account.sealedApiKey, account.accountId),
  ]);
  const secrets = JSON.parse(sealed) as { password: string; apiKey: string };
  return {
    zzap: ports.openZzap({ login: connection.login, ...secrets }, journal.zzapCalls),
    crm: ports.openCrm({ crmUrl: account.crmUrl, apiKey, timeZone: account.timeZone }, journal.crmCalls),
  };
}

import type { SuspensionReason } from '../domain/connection';
import type { CrmSystem } from '../ports/crm-system';
import type { SyncSnapshot } from '../ports/sync-snapshot';
import type { ZzapCabinet } from '../ports/zzap-cabinet';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

export interface Remotes {
  readonly zzap: ZzapCabinet;
  readonly crm: CrmSystem;
}

/** Stored credentials that this deployment cannot open: as dead as refused ones. */
class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
  readonly reason: SuspensionReason;

  constructor(reason: SuspensionReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Branches on the name: `instanceof` is not reliable across bundles. */
export function asUnreadableSecret(error: unknown): { readonly reason: SuspensionReason } | null {
  const isOne = error instanceof Error && error.name === 'UnreadableSecret';
  return isOne ? (error as Error & { readonly reason: SuspensionReason }) : null;
}

async function openSecret(
  { vault }: SyncPorts,
  sealed: string,
  context: string,
  reason: SuspensionReason,
): Promise<string> {
  try {
    return await vault.open(sealed, context);
  } catch (error) {
    if (error instanceof Error && error.name === 'VaultError') throw new UnreadableSecret(reason);
    throw error;
  }
}

/** Opens both systems with the connection's and the account's credentials. */
export async function openRemotes(
  ports: SyncPorts,
  { account, connection }: SyncSnapshot,
  journal: RunJournal,
): Promise<Remotes> {
  const [sealed, apiKey] = await Promise.all([
    openSecret(ports, connection.sealedCredentials, connection.connectionId, 'zzap-credentials'),
    openSecret(ports, account.sealedApiKey, account.accountId, 'crm-credentials'),
  ]);
  const secrets = JSON.parse(sealed) as { password: string; apiKey: string };
  return {
    zzap: ports.openZzap({ login: connection.login, ...secrets }, journal.zzapCalls),
    crm: ports.openCrm({ crmUrl: account.crmUrl, apiKey, timeZone: account.timeZone }, journal.crmCalls),
  };
}

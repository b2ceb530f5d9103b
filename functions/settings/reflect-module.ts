import type { Account } from '../domain/account';
import { INSTALLING_SCOPE, type CrmModule, type ToldOfModule } from '../domain/crm-module';
import { asRemoteError } from '../domain/remote-error';
import { openCrmOf } from './account-access';
import { anyConnectionRuns, changeModule, moduleCard, newClientId } from './installed-module';
import type { SettingsPorts } from './settings-ports';
import { openStored } from './stored-secret';

/** A save does not wait longer for RetailCRM to take note of it. */
const WAIT_MS_MAX = 4_000;

/**
 * Lets RetailCRM show the module as it is: installed, and active while a connection of the account runs. Says nothing
 * that RetailCRM knows already, and never fails: what a person has saved is saved, and the next change of the account
 * tells what this one could not.
 */
export async function reflectModule(ports: SettingsPorts, accountId: string): Promise<void> {
  const failed = (error: unknown) => {
    const reason = asRemoteError(error)?.facts.kind ?? (error instanceof Error ? error.name : 'unknown');
    ports.log.warn('module.not-told', { accountId, reason });
  };
  try {
    const account = await ports.accounts.find(accountId);
    if (!account?.scopes.includes(INSTALLING_SCOPE)) return;
    const wanted = { active: await anyConnectionRuns(ports, accountId), baseUrl: ports.publicUrl() };
    const module = await ports.modules.find(accountId);
    if (module && knows(module, wanted)) return;
    const told = await ports.patience({
      key: `module ${accountId} ${String(wanted.active)}`,
      begin: () => tell(ports, account, module, wanted),
      maxMs: WAIT_MS_MAX,
      failedLate: failed,
    });
    if (!told) ports.log.warn('module.told-late', { accountId });
  } catch (error) {
    failed(error);
  }
}

function knows({ told }: CrmModule, wanted: ToldOfModule): boolean {
  return told?.active === wanted.active && told.baseUrl === wanted.baseUrl;
}

/** The identifier is stored before RetailCRM gets it: it may call with it at once. */
async function tell(
  ports: SettingsPorts,
  account: Account,
  module: CrmModule | null,
  wanted: ToldOfModule,
): Promise<true> {
  const { accountId } = account;
  const clientId = (module && (await openStored(ports, module.clientId.sealed, accountId))) ?? null;
  const fresh = clientId === null ? await newClientId(ports, accountId) : null;
  if (fresh) {
    const frozen = module?.frozen ?? false;
    await changeModule(ports, accountId, () => ({ clientId: fresh.stored, told: null, frozen }));
  }
  const crm = await openCrmOf(ports, account);
  const sent = clientId ?? fresh?.plain ?? '';
  await crm.modules.install(moduleCard(ports, { accountId, clientId: sent, active: wanted.active }));
  await changeModule(ports, accountId, (before) => before && { ...before, told: wanted });
  return true;
}

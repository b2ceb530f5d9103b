import type { CrmModule } from '../domain/crm-module';
import type { Connection } from '../domain/connection';
import { checkCrmKey, getAccount } from './account-access';
import { changeModule } from './installed-module';
import { reflectModule } from './reflect-module';
import { resumeConnections } from './resume-connections';
import { acceptedUrl, staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';
import { startOrStop } from './start-or-stop';
import { requireStored } from './stored-secret';

/** What RetailCRM tells about the module: switched on or off by a person, frozen by itself, and where it is now. */
export interface ModuleActivity {
  readonly active: boolean;
  readonly frozen: boolean;
  readonly systemUrl: string | null;
}

/** Pauses or resumes an account's connections as RetailCRM says, and follows a RetailCRM that has moved. */
export async function acceptActivity(
  ports: SettingsPorts,
  { accountId }: CrmModule,
  { active, frozen, systemUrl }: ModuleActivity,
): Promise<void> {
  const moved = systemUrl !== null && (await followMove(ports, accountId, systemUrl));
  await changeModule(ports, accountId, (before) => {
    if (!before) return null;
    const told = before.told && !moved ? { ...before.told, active } : null;
    return { ...before, told, frozen };
  });
  if (active && !frozen) await resumeConnections(ports, accountId, ['crm-credentials', 'crm-module']);
  else await suspendConnections(ports, accountId);
  // In its new place RetailCRM has to be told who we are again.
  if (moved) await reflectModule(ports, accountId);
}

/** A new address is believed only when our key opens it: keys are random, so it is the same RetailCRM. */
async function followMove(ports: SettingsPorts, accountId: string, systemUrl: string): Promise<boolean> {
  const crmUrl = acceptedUrl(ports, systemUrl);
  const account = await getAccount(ports, accountId);
  if (account.crmUrl === crmUrl) return false;
  const apiKey = await requireStored(ports, account.sealedApiKey, accountId);
  const checked = await checkCrmKey(ports, crmUrl, apiKey);
  const after = { ...account, ...checked, crmUrl, version: account.version + 1 };
  if (!(await ports.accounts.move(after, account.crmUrl, account.version))) throw staleVersion();
  return true;
}

const PAGE_LIMIT = 100;
const ATTEMPTS_MAX = 5;

async function suspendConnections(ports: SettingsPorts, accountId: string): Promise<void> {
  let after: string | undefined;
  do {
    const page = await ports.connections.list(accountId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    for (const { connectionId } of page) await suspend(ports, connectionId);
    after = page.length === PAGE_LIMIT ? page.at(-1)?.connectionId : undefined;
  } while (after !== undefined);
}

/** Whoever changes the connection at this moment must not keep it running. */
async function suspend(ports: SettingsPorts, connectionId: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const before = await ports.connections.find(connectionId);
    if (before?.state !== 'active') return;
    const after: Connection = {
      ...before,
      state: 'suspended',
      suspension: 'crm-module',
      version: before.version + 1,
    };
    if (!(await ports.connections.save(after, before.version))) continue;
    await startOrStop(ports, after, { runNow: false });
    return;
  }
  throw staleVersion();
}

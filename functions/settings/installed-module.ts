import {
  clientIdOf,
  INTEGRATION_CODE,
  MODULE_NAME,
  moduleCodeOf,
  type CrmModule,
} from '../domain/crm-module';
import { Refusal } from '../domain/refusal';
import type { CrmModuleCard } from '../ports/crm-system';
import type { SettingsPorts } from './settings-ports';

/** Where RetailCRM reaches the module, after the base of its addresses. */
export const MODULE_PATHS = {
  register: '/retailcrm/register',
  activity: '/retailcrm/activity',
  account: '/retailcrm/account',
} as const;

/** Somebody else may be changing the same installation: then it is read and changed again. */
const ATTEMPTS_MAX = 5;

/** What a change may set; identity and version are none of its business. */
export type ModuleFacts = Omit<CrmModule, 'accountId' | 'version'>;

/** Changes an account's installation as it is stored now, whoever else does. Null leaves it as it is. */
export async function changeModule(
  { modules }: Pick<SettingsPorts, 'modules'>,
  accountId: string,
  change: (before: CrmModule | null) => ModuleFacts | null,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const before = await modules.find(accountId);
    const after = change(before);
    if (!after) return;
    const expected = before?.version ?? 0;
    if (await modules.save({ ...after, accountId, version: expected + 1 }, expected)) return;
  }
  throw new Refusal('conflict', 'stale-version');
}

/** A new identifier for RetailCRM: as it is sent, and as it is stored. */
export async function newClientId(
  { secrets, vault }: Pick<SettingsPorts, 'secrets' | 'vault'>,
  accountId: string,
): Promise<{ readonly plain: string; readonly stored: CrmModule['clientId'] }> {
  const plain = clientIdOf(accountId, secrets.newSecret());
  return { plain, stored: { digest: secrets.digest(plain), sealed: await vault.seal(plain, accountId) } };
}

/** How the module describes itself to an account's RetailCRM. */
export function moduleCard(
  ports: Pick<SettingsPorts, 'publicUrl'>,
  { accountId, clientId, active }: { accountId: string; clientId: string; active: boolean },
): CrmModuleCard {
  const baseUrl = ports.publicUrl();
  return {
    code: moduleCodeOf(accountId),
    integrationCode: INTEGRATION_CODE,
    name: MODULE_NAME,
    active,
    clientId,
    baseUrl,
    activityPath: MODULE_PATHS.activity,
    accountUrl: accountUrlOf(ports),
  };
}

/** The page that RetailCRM opens as the module's settings. */
export function accountUrlOf({ publicUrl }: Pick<SettingsPorts, 'publicUrl'>): string {
  return `${publicUrl()}${MODULE_PATHS.account}`;
}

const PAGE_LIMIT = 100;

/** Whether the account has a connection that runs: then, and only then, is the module active in RetailCRM. */
export async function anyConnectionRuns(
  { connections }: Pick<SettingsPorts, 'connections'>,
  accountId: string,
): Promise<boolean> {
  let after: string | undefined;
  do {
    const page = await connections.list(accountId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    if (page.some(({ state }) => state === 'active')) return true;
    after = page.length === PAGE_LIMIT ? page.at(-1)?.connectionId : undefined;
  } while (after !== undefined);
  return false;
}

import { missingScopes, type Account } from '../domain/account';
import { Refusal } from '../domain/refusal';
import type { CrmSystem } from '../ports/crm-system';
import { refusalOf } from './remote-refusal';
import type { SettingsPorts } from './settings-ports';
import { requireStored } from './stored-secret';

/** The zone RetailCRM accounts have unless they say otherwise. */
export const DEFAULT_TIME_ZONE = 'Europe/Moscow';

/** The account or a refusal that it does not exist. */
export async function getAccount(ports: SettingsPorts, accountId: string): Promise<Account> {
  const account = await ports.accounts.find(accountId);
  if (!account) throw new Refusal('not-found', 'account-not-found');
  return account;
}

/** The account's RetailCRM, opened with its stored key. */
export async function openCrmOf(ports: SettingsPorts, account: Account): Promise<CrmSystem> {
  const apiKey = await requireStored(ports, account.sealedApiKey, account.accountId);
  return ports.openCrm({ crmUrl: account.crmUrl, apiKey, timeZone: account.timeZone });
}

export interface KeyCheck {
  readonly scopes: readonly string[];
  readonly timeZone: string;
}

/** Tries a key where it will be used: what it may do, and the account's time zone. */
export async function checkCrmKey(ports: SettingsPorts, crmUrl: string, apiKey: string): Promise<KeyCheck> {
  const { access } = ports.openCrm({ crmUrl, apiKey, timeZone: DEFAULT_TIME_ZONE });
  const { scopes } = await access.readAccess().catch((error: unknown) => {
    throw refusalOf(error);
  });
  const { required } = missingScopes(scopes);
  if (required.length > 0) {
    const params = { scopes: required.join(', ') };
    throw new Refusal('invalid', 'check-failed', {
      fields: [{ path: 'apiKey', code: 'crm-scopes-missing', params }],
    });
  }
  // Whether our scopes suffice for the settings method is an open question: the default zone stands in.
  const timeZone = await access.readTimeZone().catch(() => null);
  return { scopes, timeZone: timeZone ?? DEFAULT_TIME_ZONE };
}

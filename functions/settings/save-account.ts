import type { Account } from '../domain/account';
import { acceptCrmAddress } from '../domain/crm-address';
import { Refusal } from '../domain/refusal';
import { checkCrmKey, getAccount } from './account-access';
import { reflectModule } from './reflect-module';
import { resumeConnections } from './resume-connections';
import type { SettingsPorts } from './settings-ports';

export interface NewAccount {
  readonly name: string;
  readonly crmUrl: string;
  readonly apiKey: string;
}

export interface AccountChanges {
  readonly name?: string | undefined;
  readonly crmUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** The version the changes were made to; absent: whatever is stored now. */
  readonly version?: number | undefined;
}

/**
 * Adds a RetailCRM account after its key has been tried, and installs the module there if the key may. One address is
 * one account.
 */
export async function createAccount(ports: SettingsPorts, input: NewAccount): Promise<Account> {
  const crmUrl = acceptedUrl(ports, input.crmUrl);
  const { scopes, timeZone } = await checkCrmKey(ports, crmUrl, input.apiKey);
  const accountId = `a-${ports.ids.newId()}`;
  const account: Account = {
    accountId,
    version: 1,
    name: input.name,
    crmUrl,
    sealedApiKey: await ports.vault.seal(input.apiKey, accountId),
    scopes,
    timeZone,
    createdAtMs: ports.clock.nowMs(),
  };
  if (!(await ports.accounts.create(account))) {
    throw new Refusal('conflict', 'account-exists', { fields: [{ path: 'crmUrl', code: 'account-exists' }] });
  }
  await reflectModule(ports, accountId);
  return account;
}

/**
 * Changes name or key. A key that works resumes the connections suspended because of the old one. The address
 * stays: another RetailCRM has other orders, so it is another account.
 */
export async function updateAccount(
  ports: SettingsPorts,
  accountId: string,
  changes: AccountChanges,
): Promise<Account> {
  const account = await getAccount(ports, accountId);
  if (changes.version !== undefined && changes.version !== account.version) throw staleVersion();
  if (changes.crmUrl !== undefined && acceptedUrl(ports, changes.crmUrl) !== account.crmUrl) {
    throw new Refusal('invalid', 'check-failed', { fields: [{ path: 'crmUrl', code: 'crm-url-fixed' }] });
  }
  const { apiKey } = changes;
  const checked = apiKey === undefined ? null : await checkCrmKey(ports, account.crmUrl, apiKey);
  const next: Account = {
    ...account,
    ...checked,
    ...(apiKey !== undefined && { sealedApiKey: await ports.vault.seal(apiKey, accountId) }),
    name: changes.name ?? account.name,
    version: account.version + 1,
  };
  if (!(await ports.accounts.save(next, account.version))) throw staleVersion();
  if (checked) {
    await resumeConnections(ports, accountId, ['crm-credentials']);
    await reflectModule(ports, accountId);
  }
  return next;
}

/** Removes an account that no connection uses any more. */
export async function removeAccount(ports: SettingsPorts, accountId: string): Promise<void> {
  const account = await getAccount(ports, accountId);
  const [connection] = await ports.connections.list(accountId, { limit: 1 });
  if (connection) {
    throw new Refusal('conflict', 'account-has-connections', { params: { name: connection.name } });
  }
  await ports.modules.remove(accountId);
  await ports.accounts.remove(account);
}

export function staleVersion(): Refusal {
  return new Refusal('conflict', 'stale-version', { fields: [{ path: 'version', code: 'stale-version' }] });
}

/** An address of RetailCRM as it is stored, or a refusal that says what is wrong with it. */
export function acceptedUrl(ports: SettingsPorts, text: string): string {
  const address = acceptCrmAddress(text, ports.crmAllowedHosts);
  if (address.kind === 'accepted') return address.crmUrl;
  throw new Refusal('invalid', 'check-failed', { fields: [{ path: 'crmUrl', code: address.code }] });
}

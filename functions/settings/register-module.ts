import { INSTALLING_SCOPE } from '../domain/crm-module';
import type { Account } from '../domain/account';
import { Refusal } from '../domain/refusal';
import { checkCrmKey, type KeyCheck } from './account-access';
import { anyConnectionRuns, changeModule, moduleCard, newClientId } from './installed-module';
import { refusalOf } from './remote-refusal';
import { resumeConnections } from './resume-connections';
import { acceptedUrl, staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';

/** What RetailCRM sends when somebody clicks «Подключить» in its marketplace; its token has been checked. */
export interface OneClick {
  readonly systemUrl: string;
  readonly apiKey: string;
}

/**
 * Connects a RetailCRM in one click: 1. tries the key at the address; 2. installs the module there, under a new
 * identifier; 3. stores the account. RetailCRM is asked first: what it refuses leaves nothing behind here, and what
 * is lost in between is made good by the next click. An address that is connected already takes the new key.
 */
export async function registerModule(ports: SettingsPorts, given: OneClick): Promise<Account> {
  const crmUrl = acceptedUrl(ports, given.systemUrl);
  const checked = await checkCrmKey(ports, crmUrl, given.apiKey);
  requireInstalling(checked);
  const known = await ports.accounts.findByUrl(crmUrl);
  const accountId = known?.accountId ?? `a-${ports.ids.newId()}`;
  const clientId = await newClientId(ports, accountId);
  const active = await anyConnectionRuns(ports, accountId);
  const crm = ports.openCrm({ crmUrl, apiKey: given.apiKey, timeZone: checked.timeZone });
  const card = moduleCard(ports, { accountId, clientId: clientId.plain, active });
  await crm.modules.install(card).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const sealedApiKey = await ports.vault.seal(given.apiKey, accountId);
  const account = known
    ? await takeOver(ports, accountId, { ...checked, sealedApiKey })
    : await addAccount(ports, { accountId, crmUrl, ...checked, sealedApiKey });
  const told = { active, baseUrl: card.baseUrl };
  await changeModule(ports, accountId, () => ({ clientId: clientId.stored, told, frozen: false }));
  if (known) await resumeConnections(ports, accountId, ['crm-credentials', 'crm-module']);
  return account;
}

function requireInstalling({ scopes }: KeyCheck): void {
  if (scopes.includes(INSTALLING_SCOPE)) return;
  const params = { scopes: INSTALLING_SCOPE };
  throw new Refusal('invalid', 'check-failed', {
    fields: [{ path: 'apiKey', code: 'crm-scopes-missing', params }],
  });
}

type Found = Pick<Account, 'sealedApiKey' | 'scopes' | 'timeZone'>;

const ATTEMPTS_MAX = 5;

async function takeOver(ports: SettingsPorts, accountId: string, found: Found): Promise<Account> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const before = await ports.accounts.find(accountId);
    if (!before) break;
    const after: Account = { ...before, ...found, version: before.version + 1 };
    if (await ports.accounts.save(after, before.version)) return after;
  }
  throw staleVersion();
}

/** Named after its address: somebody can give it another name later. */
async function addAccount(
  ports: SettingsPorts,
  facts: Found & Pick<Account, 'accountId' | 'crmUrl'>,
): Promise<Account> {
  const name = new URL(facts.crmUrl).hostname;
  const account: Account = { ...facts, name, version: 1, createdAtMs: ports.clock.nowMs() };
  if (!(await ports.accounts.create(account))) throw staleVersion();
  return account;
}

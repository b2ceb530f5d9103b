import type { Account } from '../domain/account';
import type { OrderMethodChoice } from '../domain/connection';
import { Refusal } from '../domain/refusal';
import { openCrmOf } from './account-access';
import { chooseOrderMethod } from './order-method';
import { refusalOf } from './remote-refusal';
import type { SettingsPorts } from './settings-ports';

/** Checks that the store is one the account's key can use now, and picks the order method for it. */
export async function chooseSite(
  ports: SettingsPorts,
  account: Account,
  connection: { readonly connectionId: string; readonly name: string; readonly site: string | null },
): Promise<OrderMethodChoice> {
  const { site } = connection;
  if (site === null) return { code: null, source: 'default' };
  const crm = await openCrmOf(ports, account);
  try {
    const [sites, access] = await Promise.all([crm.directories.listSites(), crm.access.readAccess()]);
    const known = sites.some(({ code }) => code === site);
    if (!known || (access.sites && !access.sites.includes(site))) {
      const code = known ? 'site-not-allowed' : 'site-unknown';
      throw new Refusal('invalid', 'check-failed', { fields: [{ path: 'site', code, params: { site } }] });
    }
    return await chooseOrderMethod(ports, account, crm.directories, connection);
  } catch (error) {
    throw error instanceof Refusal ? error : refusalOf(error);
  }
}

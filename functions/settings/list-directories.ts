import type { CrmOrderMethod, CrmSite, CrmStatus } from '../ports/crm-system';
import { getAccount, openCrmOf } from './account-access';
import { refusalOf } from './remote-refusal';
import type { SettingsPorts } from './settings-ports';

export interface Directories {
  /** With the connection that has the store already. */
  readonly sites: readonly (CrmSite & {
    readonly takenBy: { readonly connectionId: string; readonly name: string } | null;
  })[];
  readonly statuses: readonly CrmStatus[];
  readonly orderMethods: readonly CrmOrderMethod[];
}

const CONNECTIONS_MAX = 100;

/** The account's dictionaries as RetailCRM has them now. */
export async function listDirectories(ports: SettingsPorts, accountId: string): Promise<Directories> {
  const account = await getAccount(ports, accountId);
  const connections = await ports.connections.list(accountId, { limit: CONNECTIONS_MAX });
  const { directories, access } = await openCrmOf(ports, account);
  try {
    const [sites, statuses, orderMethods, { sites: allowed }] = await Promise.all([
      directories.listSites(),
      directories.listStatuses(),
      directories.listOrderMethods(),
      access.readAccess(),
    ]);
    return {
      sites: sites
        .filter(({ code }) => allowed === null || allowed.includes(code))
        .map((site) => {
          const holder = connections.find((connection) => connection.site === site.code);
          return {
            ...site,
            takenBy: holder ? { connectionId: holder.connectionId, name: holder.name } : null,
          };
        }),
      statuses,
      orderMethods,
    };
  } catch (error) {
    throw refusalOf(error);
  }
}

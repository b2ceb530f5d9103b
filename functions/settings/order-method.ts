import type { Account } from '../domain/account';
import type { OrderMethodChoice } from '../domain/connection';
import { asRemoteError } from '../domain/remote-error';
import type { CrmDirectories } from '../ports/crm-system';
import type { SettingsPorts } from './settings-ports';

/**
 * The order method that bears the connection's name (M12): an active one of that name, else a new one where the
 * key may create it, else the account's default. The code of a new one is derived from the connection, so that
 * repeating creates nothing twice.
 */
export async function chooseOrderMethod(
  ports: SettingsPorts,
  account: Account,
  directories: CrmDirectories,
  connection: { readonly connectionId: string; readonly name: string },
): Promise<OrderMethodChoice> {
  const methods = await directories.listOrderMethods();
  const same = methods.find((method) => method.active && sameName(method.name, connection.name));
  if (same) return { code: same.code, source: 'existing' };
  if (!account.scopes.includes('reference_write')) return { code: null, source: 'default' };
  const code = `zzap-${connection.connectionId
    .replace(/[^a-z0-9]/gi, '')
    .slice(0, 20)
    .toLowerCase()}`;
  try {
    await directories.ensureOrderMethod(code, connection.name);
    return { code, source: 'created' };
  } catch (error) {
    if (!asRemoteError(error)) throw error;
    ports.log.warn('order-method.not-created', { connectionId: connection.connectionId });
    return { code: null, source: 'default' };
  }
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLocaleLowerCase('ru') === b.trim().toLocaleLowerCase('ru');
}

import type { Account } from '../domain/account';
import type { SettingsPorts } from './settings-ports';
import { startOrStop } from './start-or-stop';

const PAGE_LIMIT = 100;

/**
 * Makes every schedule what its connection's state says, and starts a connection whose first run was never
 * asked for: a save may have died between storing the connection and starting it.
 */
export async function reconcileSchedules(ports: SettingsPorts): Promise<void> {
  let after: string | undefined;
  do {
    const accounts: Account[] = await ports.accounts.list({
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    for (const account of accounts) await reconcileAccount(ports, account.accountId);
    after = accounts.length === PAGE_LIMIT ? accounts.at(-1)?.accountId : undefined;
  } while (after !== undefined);
}

async function reconcileAccount(ports: SettingsPorts, accountId: string): Promise<void> {
  let after: string | undefined;
  do {
    const connections = await ports.connections.list(accountId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    for (const connection of connections) {
      const { lastSyncAtMs } = await ports.cursors.read(connection.connectionId);
      await startOrStop(ports, connection, { runNow: lastSyncAtMs === null });
    }
    after = connections.length === PAGE_LIMIT ? connections.at(-1)?.connectionId : undefined;
  } while (after !== undefined);
}

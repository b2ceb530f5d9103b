import { stateAfterSaving, type Connection } from '../domain/connection';
import type { SettingsPorts } from './settings-ports';
import { startOrStop } from './start-or-stop';

const PAGE_LIMIT = 100;

/** The account's key works again: the connections that stood still because of it go on at once. */
export async function resumeConnections(ports: SettingsPorts, accountId: string): Promise<void> {
  let after: string | undefined;
  do {
    const connections = await ports.connections.list(accountId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    for (const connection of connections) {
      if (connection.suspension === 'crm-credentials') await resume(ports, connection);
    }
    after = connections.length === PAGE_LIMIT ? connections.at(-1)?.connectionId : undefined;
  } while (after !== undefined);
}

async function resume(ports: SettingsPorts, before: Connection): Promise<void> {
  const facts = { hasSite: before.site !== null, wantsActive: true, credentialsAccepted: true };
  const after: Connection = {
    ...before,
    state: stateAfterSaving(before.state, facts),
    suspension: null,
    version: before.version + 1,
  };
  // Who changes the connection at this very moment decides about its state.
  if (!(await ports.connections.save(after, before.version))) return;
  await startOrStop(ports, after, { runNow: true });
}

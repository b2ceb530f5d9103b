import { stateAfterSaving, type Connection, type SuspensionReason } from '../domain/connection';
import type { SettingsPorts } from './settings-ports';
import { startOrStop } from './start-or-stop';

const PAGE_LIMIT = 100;

/** What an account's connections stood still for is over: they go on at once. */
export async function resumeConnections(
  ports: SettingsPorts,
  accountId: string,
  reasons: readonly SuspensionReason[],
): Promise<void> {
  let after: string | undefined;
  do {
    const connections = await ports.connections.list(accountId, {
      limit: PAGE_LIMIT,
      ...(after !== undefined && { after }),
    });
    for (const connection of connections) {
      const { suspension } = connection;
      if (suspension !== null && reasons.includes(suspension)) await resume(ports, connection);
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

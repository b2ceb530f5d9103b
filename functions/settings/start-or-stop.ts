import type { Connection } from '../domain/connection';
import type { SettingsPorts } from './settings-ports';

/** Makes the schedule what the connection's state says, and runs an active one at once when wanted. */
export async function startOrStop(
  ports: SettingsPorts,
  connection: Connection,
  { runNow }: { readonly runNow: boolean },
): Promise<void> {
  const { accountId, connectionId } = connection;
  if (connection.state !== 'active') {
    await ports.schedules.remove(connectionId);
    return;
  }
  await ports.schedules.ensure(connectionId, accountId, connection.intervalMinutes);
  if (!runNow) return;
  await ports.lane.send({ accountId, connectionId, trigger: 'activated', atMs: ports.clock.nowMs() });
}

import type { Connection } from '../domain/connection';
import type { CaretakerPorts } from './caretaker-ports';

/**
 * Makes the schedule what the connection's state says, and runs an active one at once when wanted. True when a
 * schedule had to be made or changed.
 */
export async function startOrStop(
  ports: Pick<CaretakerPorts, 'schedules' | 'lane' | 'clock'>,
  connection: Connection,
  { runNow }: { readonly runNow: boolean },
): Promise<boolean> {
  const { accountId, connectionId } = connection;
  if (connection.state !== 'active') {
    await ports.schedules.remove(connectionId);
    return false;
  }
  const mended = await ports.schedules.ensure(connectionId, accountId, connection.intervalMinutes);
  if (!runNow) return mended;
  await ports.lane.send({ accountId, connectionId, trigger: 'activated', atMs: ports.clock.nowMs() });
  return mended;
}

import type { CaretakerPorts } from './caretaker-ports';
import { eachConnection } from './each-connection';
import { startOrStop } from './start-or-stop';

/**
 * Makes every schedule what its connection's state says, and starts a connection whose first run was never asked
 * for: a save may have died between storing the connection and starting it. Schedules of connections that are gone
 * are taken away.
 */
export async function reconcileSchedules(ports: CaretakerPorts): Promise<void> {
  // Listed first: a connection made meanwhile is not taken for an orphan.
  const orphans = new Set(await ports.schedules.list());
  let mended = 0;
  let removed = 0;
  for await (const connection of eachConnection(ports)) {
    const { connectionId, state } = connection;
    const stands = orphans.delete(connectionId);
    if (state !== 'active' && !stands) continue;
    const { lastSyncAtMs } = await ports.cursors.read(connectionId);
    if (await startOrStop(ports, connection, { runNow: lastSyncAtMs === null })) mended += 1;
    if (state !== 'active') removed += 1;
  }
  for (const connectionId of orphans) {
    await ports.schedules.remove(connectionId);
    removed += 1;
  }
  ports.log.info('schedules.reconciled', { mended, removed });
}

import type { Connection } from '../domain/connection';
import type { SyncCursor } from '../domain/sync-cursor';
import type { CaretakerPorts } from './caretaker-ports';
import { eachConnection } from './each-connection';

/** An active connection is silent when ZZap was last asked longer ago than this many of its intervals. */
const SILENT_INTERVALS = 3;
/** A tick may come late within its window, and a long run is no silence: 15 minutes at most each. */
const SLACK_MS = 30 * 60_000;
const MINUTE_MS = 60_000;

/**
 * Looks at all connections as somebody would who does not trust them to tell: which are suspended, which have not
 * asked ZZap for too long, how long the oldest status waits. One line with the sums, from which alarms are made, and
 * one for each silent connection.
 */
export async function watchConnections(ports: Omit<CaretakerPorts, 'schedules' | 'lane'>): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const seen = { connections: 0, active: 0, suspended: 0, silent: 0, oldestPushMs: 0 };
  for await (const connection of eachConnection(ports)) {
    seen.connections += 1;
    if (connection.state === 'suspended') seen.suspended += 1;
    if (connection.state !== 'active') continue;
    seen.active += 1;
    const cursor = await ports.cursors.read(connection.connectionId);
    seen.oldestPushMs = Math.max(seen.oldestPushMs, nowMs - (cursor.pushAtMs ?? nowMs));
    if (!isSilent(connection, cursor, nowMs)) continue;
    seen.silent += 1;
    const { accountId, connectionId } = connection;
    ports.log.warn('connection.silent', { accountId, connectionId, lastSyncAtMs: cursor.lastSyncAtMs });
  }
  ports.log.info('watch.finished', seen);
}

function isSilent(
  { intervalMinutes, createdAtMs }: Connection,
  { lastSyncAtMs }: SyncCursor,
  nowMs: number,
): boolean {
  const silentMs = nowMs - (lastSyncAtMs ?? createdAtMs);
  return silentMs > SILENT_INTERVALS * intervalMinutes * MINUTE_MS + SLACK_MS;
}

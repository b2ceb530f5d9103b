import type { Connection } from '../domain/connection';
import { earliest, type SyncCursor } from '../domain/sync-cursor';
import type { SyncPorts } from './sync-ports';

const MINUTE_MS = 60_000;

/**
 * Asks for a tick of its own when something is due before the next regular one: the attempt after an outage, an
 * order set aside, a push whose answer was lost. Returns the cursor that remembers it; to ask twice does no harm.
 */
export async function wakeWhenDue(
  { clock, schedules, log }: Pick<SyncPorts, 'clock' | 'schedules' | 'log'>,
  { accountId, connectionId, intervalMinutes }: Connection,
  cursor: SyncCursor,
): Promise<SyncCursor> {
  const nowMs = clock.nowMs();
  const { outage, retryAtMs, verifyAtMs, wakeAtMs } = cursor;
  const dueAtMs = [outage?.nextAttemptAtMs ?? null, retryAtMs, verifyAtMs].reduce(earliest, null);
  if (dueAtMs === null || dueAtMs >= nowMs + intervalMinutes * MINUTE_MS) return cursor;
  const isAsked = wakeAtMs !== null && wakeAtMs > nowMs && wakeAtMs <= dueAtMs;
  if (isAsked) return cursor;
  try {
    await schedules.wakeAt(connectionId, accountId, dueAtMs);
  } catch (error) {
    // The next regular tick does the work: late, not never.
    log.error('wake.not-set', { connectionId }, error);
    return cursor;
  }
  return { ...cursor, wakeAtMs: dueAtMs };
}

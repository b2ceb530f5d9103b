import type { Connection } from '../domain/connection';
import type { Trigger } from '../domain/run-record';
import { earliest, type SyncCursor } from '../domain/sync-cursor';
import type { SyncPorts } from './sync-ports';

const MINUTE_MS = 60_000;

/**
 * Asks for a tick of its own when something is due before the next regular one: the attempt after an outage, an
 * order set aside, a push whose answer was lost. Returns the cursor that remembers it; to ask twice does no harm.
 *
 * @param trigger why this run takes place: whatever activates a connection may follow a pause, which took the tick
 * that the cursor remembers away
 */
export async function wakeWhenDue(
  { clock, schedules, log }: Pick<SyncPorts, 'clock' | 'schedules' | 'log'>,
  { accountId, connectionId, intervalMinutes }: Connection,
  cursor: SyncCursor,
  trigger: Trigger,
): Promise<SyncCursor> {
  const nowMs = clock.nowMs();
  const dueAtMs = nextDueAtMs(cursor);
  if (dueAtMs === null || dueAtMs >= nowMs + intervalMinutes * MINUTE_MS) return cursor;
  if (trigger !== 'activated' && isAsked(cursor, dueAtMs, nowMs)) return cursor;
  try {
    await schedules.wakeAt(connectionId, accountId, dueAtMs);
  } catch (error) {
    // The next regular tick does the work: late, not never.
    log.error('wake.not-set', { connectionId }, error);
    return cursor;
  }
  return { ...cursor, wakeAtMs: dueAtMs };
}

/** During an outage nothing is tried before its next attempt, whatever else is due: a tick then would be sat out. */
function nextDueAtMs({ outage, retryAtMs, verifyAtMs }: SyncCursor): number | null {
  return outage?.nextAttemptAtMs ?? earliest(retryAtMs, verifyAtMs);
}

/** A tick that comes earlier is as good, for its run asks again; one within an outage's pause is for nothing. */
function isAsked({ outage, wakeAtMs }: SyncCursor, dueAtMs: number, nowMs: number): boolean {
  if (wakeAtMs === null || wakeAtMs <= nowMs) return false;
  return outage ? wakeAtMs === dueAtMs : wakeAtMs <= dueAtMs;
}

import type { Trigger } from './run-record';
import type { SyncCursor } from './sync-cursor';

/** One reason to look at a connection. All messages of a connection are handled one after another. */
export interface LaneMessage {
  readonly accountId: string;
  readonly connectionId: string;
  readonly trigger: Trigger;
  /** When the reason arose: the scheduled time of a tick, the request's time of the others. */
  readonly atMs: number;
  /** The run record that waits for this message, if someone watches it. */
  readonly runId?: string;
}

const CARRYING_ON: readonly Trigger[] = ['replay', 'continuation', 'pushes'];

/**
 * A run that asked the system in question after the reason arose has answered it. A replay names orders and the
 * others carry on with work left over, so they always run.
 */
export function isAnswered(
  { trigger, atMs }: LaneMessage,
  { lastSyncAtMs, history }: Pick<SyncCursor, 'lastSyncAtMs' | 'history'>,
): boolean {
  if (CARRYING_ON.includes(trigger)) return false;
  const askedAtMs = trigger === 'crm-hint' ? (history?.readAtMs ?? null) : lastSyncAtMs;
  return askedAtMs !== null && askedAtMs > atMs;
}

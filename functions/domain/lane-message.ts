import type { Trigger } from './run-record';

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

/** A run that asked ZZap after the reason arose has answered it. A replay names orders, so it always runs. */
export function isAnswered(message: LaneMessage, lastSyncAtMs: number | null): boolean {
  if (message.trigger === 'replay' || message.trigger === 'continuation') return false;
  return lastSyncAtMs !== null && lastSyncAtMs > message.atMs;
}

import type { LaneMessage } from '../domain/lane-message';

// Apart from reading: whoever only sends carries no schema library.

export function writeLaneMessage({ accountId, connectionId, trigger, atMs, runId }: LaneMessage): string {
  return JSON.stringify({ accountId, connectionId, trigger, atMs, runId });
}

/**
 * The message that Scheduler sends. It fills the placeholder with the time the tick was due, ISO text in UTC, and
 * keeps it when it repeats itself: two deliveries of one tick are one text, which is what the queue deduplicates by.
 */
export function tickInput(accountId: string, connectionId: string): string {
  return JSON.stringify({
    accountId,
    connectionId,
    trigger: 'tick',
    scheduledAt: '<aws.scheduler.scheduled-time>',
  });
}

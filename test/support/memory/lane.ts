import type { LaneMessage } from '../../../functions/domain/lane-message';
import type { Lane } from '../../../functions/ports/lane';
import { frozenCopy } from './frozen-copy';

export interface MemoryLane extends Lane {
  /** Every stored message in the order of sending. */
  sent(): readonly LaneMessage[];
}

const REPEATS_FORGOTTEN_AFTER_MS = 5 * 60_000;

/** Delivers nothing by itself: whoever plays the queue reads `sent`. */
export function createMemoryLane(nowMs: () => number): MemoryLane {
  const messages: LaneMessage[] = [];
  const firstSentAtMs = new Map<string, number>();

  const isRepeat = (id: string) => {
    const sentAtMs = firstSentAtMs.get(id);
    return sentAtMs !== undefined && nowMs() - sentAtMs < REPEATS_FORGOTTEN_AFTER_MS;
  };

  return {
    send: (message, deduplicationId) => {
      if (deduplicationId !== undefined) {
        const id = `${message.connectionId} ${deduplicationId}`;
        if (isRepeat(id)) return Promise.resolve();
        firstSentAtMs.set(id, nowMs());
      }
      messages.push(frozenCopy(message));
      return Promise.resolve();
    },
    sent: () => [...messages],
  };
}

import type { IntervalMinutes } from '../../../functions/domain/connection';
import type { Schedules } from '../../../functions/ports/schedules';

export interface MemorySchedule {
  readonly accountId: string;
  readonly intervalMinutes: IntervalMinutes;
  /** When it began: its ticks are counted from here. */
  readonly anchorMs: number;
}

export interface MemorySchedules extends Schedules {
  /** The schedules that stand, by connection. */
  standing(): ReadonlyMap<string, MemorySchedule>;
}

/** Ticks nothing by itself: whoever plays the scheduler reads `standing`. */
export function createMemorySchedules(nowMs: () => number): MemorySchedules {
  const schedules = new Map<string, MemorySchedule>();

  return {
    ensure: (connectionId, accountId, intervalMinutes) => {
      const standing = schedules.get(connectionId);
      if (standing?.accountId === accountId && standing.intervalMinutes === intervalMinutes) {
        return Promise.resolve(false);
      }
      schedules.set(connectionId, Object.freeze({ accountId, intervalMinutes, anchorMs: nowMs() }));
      return Promise.resolve(true);
    },
    remove: (connectionId) => {
      schedules.delete(connectionId);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...schedules.keys()]),
    standing: () => new Map(schedules),
  };
}

import type { IntervalMinutes } from '../../../functions/domain/connection';
import type { Schedules } from '../../../functions/ports/schedules';

export interface MemorySchedule {
  readonly accountId: string;
  readonly intervalMinutes: IntervalMinutes;
  /** When it began: its ticks are counted from here. */
  readonly anchorMs: number;
}

export interface MemoryWake {
  readonly accountId: string;
  readonly atMs: number;
}

export interface MemorySchedules extends Schedules {
  /** The schedules that stand, by connection. */
  standing(): ReadonlyMap<string, MemorySchedule>;
  /** Ticks of their own that were asked for, by connection. */
  wakes(): ReadonlyMap<string, MemoryWake>;
}

/** Ticks nothing by itself: whoever plays the scheduler reads `standing`. */
export function createMemorySchedules(nowMs: () => number): MemorySchedules {
  const schedules = new Map<string, MemorySchedule>();
  const wakes = new Map<string, MemoryWake>();

  return {
    ensure: (connectionId, accountId, intervalMinutes) => {
      const standing = schedules.get(connectionId);
      if (standing?.accountId === accountId && standing.intervalMinutes === intervalMinutes) {
        return Promise.resolve(false);
      }
      schedules.set(connectionId, Object.freeze({ accountId, intervalMinutes, anchorMs: nowMs() }));
      return Promise.resolve(true);
    },
    wakeAt: (connectionId, accountId, atMs) => {
      wakes.set(connectionId, Object.freeze({ accountId, atMs }));
      return Promise.resolve();
    },
    remove: (connectionId) => {
      schedules.delete(connectionId);
      wakes.delete(connectionId);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...schedules.keys()]),
    standing: () => new Map(schedules),
    wakes: () => new Map(wakes),
  };
}

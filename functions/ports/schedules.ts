import type { IntervalMinutes } from '../domain/connection';

/** One schedule per active connection, named after it. Every operation may be repeated. */
export interface Schedules {
  /**
   * The connection ticks every `intervalMinutes` from now on; an equal schedule is left as it is. True when one had
   * to be made or changed.
   */
  ensure(connectionId: string, accountId: string, intervalMinutes: IntervalMinutes): Promise<boolean>;
  /**
   * One tick besides the regular ones, at that instant or up to a minute later; another call replaces one that has
   * not come yet.
   */
  wakeAt(connectionId: string, accountId: string, atMs: number): Promise<void>;
  /** Takes the schedule away, and a tick of its own that has not come yet. */
  remove(connectionId: string): Promise<void>;
  /** The connections that have a schedule, whether they should or not. */
  list(): Promise<readonly string[]>;
}

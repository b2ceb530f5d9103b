import type { IntervalMinutes } from '../domain/connection';

/** One schedule per active connection, named after it. Every operation may be repeated. */
export interface Schedules {
  /** The connection ticks every `intervalMinutes` from now on; an equal schedule is left as it is. */
  ensure(connectionId: string, accountId: string, intervalMinutes: IntervalMinutes): Promise<void>;
  remove(connectionId: string): Promise<void>;
}

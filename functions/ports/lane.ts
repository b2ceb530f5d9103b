import type { LaneMessage } from '../domain/lane-message';

/**
 * One FIFO lane per connection: messages of a connection are handled one at a time in the order they were sent,
 * those of different connections side by side. Delivery is at least once.
 */
export interface Lane {
  /**
   * Returns when the message is stored. Two messages of a connection with one `deduplicationId` within five minutes
   * are one.
   */
  send(message: LaneMessage, deduplicationId?: string): Promise<void>;
}

import { isAnswered, type LaneMessage } from '../../../functions/domain/lane-message';
import { TRIGGERS, type Trigger } from '../../../functions/domain/run-record';

function message(trigger: Trigger): LaneMessage {
  return { accountId: 'account', connectionId: 'connection', trigger, atMs: 1_000 };
}

describe('a message in the lane', () => {
  it.each<[Trigger, number | null, boolean]>([
    ['tick', null, false],
    ['tick', 999, false],
    ['tick', 1_000, false],
    ['tick', 1_001, true],
    ['manual', 1_001, true],
    ['activated', 1_001, true],
    ['replay', 1_001, false],
    ['continuation', 1_001, false],
  ])('%s of second 1 with the last answer at %p is answered: %p', (trigger, lastSyncAtMs, answered) => {
    expect(isAnswered(message(trigger), lastSyncAtMs)).toBe(answered);
  });

  it.each(TRIGGERS)('%s always runs when ZZap was never asked', (trigger) => {
    expect(isAnswered(message(trigger), null)).toBe(false);
  });
});

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
    ['zzap-hint', 1_001, true],
    ['zzap-hint', 1_000, false],
    ['crm-hint', 1_001, false],
    ['pushes', 1_001, false],
    ['continuation', 1_001, false],
  ])('%s of second 1 with the last answer at %p is answered: %p', (trigger, lastSyncAtMs, answered) => {
    expect(isAnswered(message(trigger), { lastSyncAtMs, history: null })).toBe(answered);
  });

  it.each(TRIGGERS)('%s always runs when ZZap was never asked', (trigger) => {
    expect(isAnswered(message(trigger), { lastSyncAtMs: null, history: null })).toBe(false);
  });

  it.each([
    [null, false],
    [1_000, false],
    [1_001, true],
  ])('a hint of RetailCRM is answered by whoever read its history later: %p', (readAtMs, answered) => {
    const history = { sinceMs: 0, sinceId: null, readAtMs };

    expect(isAnswered(message('crm-hint'), { lastSyncAtMs: null, history })).toBe(answered);
  });
});

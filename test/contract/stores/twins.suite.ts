import type { LaneMessage } from '../../../functions/domain/lane-message';
import type { Account } from '../../../functions/domain/account';
import { createMemoryAccountStore } from '../../support/memory/account-store';
import { createMemoryLane } from '../../support/memory/lane';
import { createMemoryLog } from '../../support/memory/log';
import { createMemorySchedules } from '../../support/memory/schedules';
import { anAccount, NOON_MS } from './builders';

const message: LaneMessage = { accountId: 'a-1', connectionId: 'c-1', trigger: 'tick', atMs: NOON_MS };

/** What only the memory twins promise: to the tests that use them. */
export function describeTwins(): void {
  describe('a memory twin', () => {
    it('keeps its own copy of what it is given and gives none that can be changed', async () => {
      const store = createMemoryAccountStore();
      const scopes = ['order_read'];
      await store.create(anAccount({ scopes }));

      scopes.push('order_write');
      const found = (await store.find('a-1')) as { -readonly [Key in keyof Account]: Account[Key] };

      expect(found.scopes).toEqual(['order_read']);
      expect(() => (found.name = 'changed')).toThrow(TypeError);
    });

    it('of the lane records messages in order and takes a repeat within five minutes for one', async () => {
      let nowMs = NOON_MS;
      const lane = createMemoryLane(() => nowMs);

      await lane.send(message, 'tick-1');
      await lane.send({ ...message, trigger: 'manual' });
      await lane.send({ ...message, trigger: 'manual' });
      nowMs += 5 * 60_000 - 1;
      await lane.send(message, 'tick-1');
      await lane.send(message, 'tick-2');
      nowMs += 1;
      await lane.send({ ...message, atMs: nowMs }, 'tick-1');

      expect(lane.sent().map(({ trigger, atMs }) => [trigger, atMs])).toEqual([
        ['tick', NOON_MS],
        ['manual', NOON_MS],
        ['manual', NOON_MS],
        ['tick', NOON_MS],
        ['tick', NOON_MS + 300_000],
      ]);
    });

    it('of the schedules leaves an equal one as it is and begins a changed one afresh', async () => {
      let nowMs = NOON_MS;
      const schedules = createMemorySchedules(() => nowMs);

      await schedules.ensure('c-1', 'a-1', 5);
      await schedules.ensure('c-2', 'a-1', 5);
      nowMs += 1;
      await schedules.ensure('c-1', 'a-1', 5);
      await schedules.ensure('c-2', 'a-1', 10);
      await schedules.ensure('c-3', 'a-1', 60);
      await schedules.remove('c-3');
      await schedules.remove('c-3');

      expect([...schedules.standing()]).toEqual([
        ['c-1', { accountId: 'a-1', intervalMinutes: 5, anchorMs: NOON_MS }],
        ['c-2', { accountId: 'a-1', intervalMinutes: 10, anchorMs: NOON_MS + 1 }],
      ]);
    });

    it('of the log collects lines with their level, fields and cause', () => {
      const log = createMemoryLog();
      const cause = new Error('why');

      log.debug('a', {});
      log.info('b', { runId: 'r-1' });
      log.warn('c', { orders: 2 });
      log.error('d', { done: false }, cause);

      expect(log.lines()).toEqual([
        { level: 'debug', event: 'a', fields: {} },
        { level: 'info', event: 'b', fields: { runId: 'r-1' } },
        { level: 'warn', event: 'c', fields: { orders: 2 } },
        { level: 'error', event: 'd', fields: { done: false }, cause },
      ]);
    });
  });
}

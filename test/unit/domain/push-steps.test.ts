import fc from 'fast-check';
import type { OrderLink, PendingPush } from '../../../functions/domain/order-link';
import { crmGone, replayRequested, statusNoted } from '../../../functions/domain/order-link-steps';
import {
  pushConfirmed,
  pushDropped,
  pushNotSent,
  pushRejected,
  pushSent,
  pushUnanswered,
  wished,
} from '../../../functions/domain/push-steps';
import { isStaleReading } from '../../../functions/domain/order-decision';
import { wishOf } from '../../../functions/domain/status-wish';
import { aLink, anOrder } from './builders';

const NOW = Date.UTC(2026, 10, 20, 12);
const STEP = { nowMs: NOW, runId: 'r-1' };
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
];

const wishing = (link: OrderLink, crmStatus: string, nowMs = NOW) =>
  wished(link, crmStatus, wishOf(link, crmStatus, PAIRS), { ...STEP, nowMs });
const pushOf = ({ push }: OrderLink): PendingPush => {
  if (!push) throw new Error('nothing pending');
  return push;
};
const last = ({ trace }: OrderLink) => trace.at(-1)?.event;
const waiting = wishing(aLink(), 'assembling');
const sent = pushSent(waiting, pushOf(waiting), STEP);
const rejected = pushRejected(sent, pushOf(waiting), 'Нельзя', STEP);

describe('a status on its way to ZZap', () => {
  it('waits', () => {
    expect(waiting).toMatchObject({ crmStatus: 'assembling', push: { zzapStatus: 20, state: 'waiting' } });
    expect(last(waiting)).toBe('push-wanted');
  });

  it('is told once, however often the same wish is read', () => {
    const again = wishing(waiting, 'assembling', NOW + 5_000);

    expect(again.trace).toEqual(waiting.trace);
    expect(again.push).toEqual(waiting.push);
  });

  it('is claimed before it is sent', () => {
    expect(sent.push).toMatchObject({ state: 'sent', attempts: 1, sentAtMs: NOW });
    expect(last(sent)).toBe('push-sent');
  });

  it('is done when ZZap takes it', () => {
    const done = pushConfirmed(sent, pushOf(waiting), STEP);

    expect(done).toMatchObject({ push: null, zzapStatus: 20 });
    expect(done.pushed).toEqual([{ zzapStatus: 20, previous: 10, atMs: NOW, sure: true }]);
    expect(isStaleReading({ statusCode: 10 }, done, NOW + 1_000)).toBe(true);
  });

  it('waits again when it certainly did not go out', () => {
    expect(pushNotSent(sent, pushOf(waiting), STEP).push).toEqual(waiting.push);
  });

  it('keeps its open fate when only the repeat did not go out', () => {
    const lost = pushUnanswered(sent, STEP);
    const repeated = pushSent(lost, pushOf(lost), STEP);

    const link = pushNotSent(repeated, pushOf(lost), STEP);

    expect(link.push).toMatchObject({ state: 'waiting', sentAtMs: NOW });
    expect(wishing(link, 'new').push).toMatchObject({ zzapStatus: 10 });
  });

  it.each<[string, (link: OrderLink) => OrderLink]>([
    ['the direction is switched off', (link) => pushDropped(link, STEP)],
    ['another status is wanted', (link) => wishing(link, 'delivering')],
    ['the status loses its pair', (link) => wishing(link, 'unmapped')],
  ])('is remembered as ours when its fate is open and %s', (_, letGo) => {
    const lost = pushUnanswered(sent, STEP);

    expect(letGo(lost).pushed).toEqual([{ zzapStatus: 20, previous: 10, atMs: NOW, sure: false }]);
    expect(letGo(waiting).pushed).toEqual([]);
  });

  it('remembers the last five', () => {
    const back = (link: OrderLink, status: string) => {
      const wish = wishing(link, status);
      return pushConfirmed(pushSent(wish, pushOf(wish), STEP), pushOf(wish), STEP);
    };
    const statuses = ['assembling', 'new', 'assembling', 'new', 'assembling', 'delivering'];

    const link = statuses.reduce(back, aLink());

    expect(link.pushed.map(({ zzapStatus }) => zzapStatus)).toEqual([10, 20, 10, 20, 50]);
  });

  it('is done when a reading shows it; a replica that lags behind is known', () => {
    const seen = statusNoted(sent, anOrder({ statusCode: 20 }), 'changed-at-zzap', STEP);

    expect(seen).toMatchObject({ push: null, zzapStatus: 20 });
    expect(isStaleReading({ statusCode: 10 }, seen, NOW + 1_000)).toBe(true);
  });

  it('stays when a reading shows another one', () => {
    const seen = statusNoted(sent, anOrder({ statusCode: 50 }), 'changed-at-zzap', STEP);

    expect(seen).toMatchObject({ zzapStatus: 50, push: { zzapStatus: 20, state: 'sent' } });
  });
});

describe('a status that ZZap rejects', () => {
  it('needs a person, with ZZap’s words', () => {
    expect(rejected).toMatchObject({
      push: { state: 'rejected' },
      quarantine: { reason: 'status-refused-by-zzap', detail: 'Нельзя', attempts: 1, retryAtMs: null },
    });
  });

  it.each<[string, OrderLink, object | null]>([
    ['another wish', wishing(rejected, 'delivering'), { zzapStatus: 50, state: 'waiting' }],
    ['the same wish made anew', wishing(rejected, 'assembling', NOW + 1), { zzapStatus: 20 }],
    ['a wish for what ZZap has', wishing(rejected, 'new'), null],
    ['an unmapped status', wishing(rejected, 'prepayed'), null],
    ['the other direction', pushDropped(rejected, STEP), null],
    ['a deleted order', crmGone(rejected, STEP), null],
    ['a replay', replayRequested(rejected, NOW + 1), { zzapStatus: 20, state: 'waiting' }],
    [
      'ZZap’s seller who sets it',
      statusNoted(rejected, anOrder({ statusCode: 20 }), 'changed-at-zzap', STEP),
      null,
    ],
  ])('is over with %s', (_, link, push) => {
    expect(link.quarantine).toBeNull();
    if (push) expect(link.push).toMatchObject(push);
    else expect(link.push).toBeNull();
  });
});

describe('any sequence of wishes', () => {
  it('leaves the last one pending, or nothing when ZZap has it', () => {
    const statuses = fc.array(fc.constantFrom('new', 'assembling', 'delivering', 'prepayed'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(statuses, (wishes) => {
        const link = wishes.reduce((before, wish, index) => wishing(before, wish, NOW + index), aLink());
        const code = PAIRS.find(({ crmStatus }) => crmStatus === wishes.at(-1))?.zzapStatus ?? null;

        expect(link.push?.zzapStatus ?? null).toBe(code === 10 ? null : code);
        expect(link.crmStatus).toBe(wishes.at(-1));
      }),
    );
  });

  it('made while a request’s fate is open ends in a request for the last one', () => {
    const statuses = fc.array(fc.constantFrom('new', 'assembling', 'delivering'), { minLength: 1 });
    fc.assert(
      fc.property(statuses, (wishes) => {
        const link = wishes.reduce((before, wish, index) => wishing(before, wish, NOW + 1 + index), sent);

        expect(link.push?.zzapStatus).toBe(
          PAIRS.find(({ crmStatus }) => crmStatus === wishes.at(-1))?.zzapStatus,
        );
      }),
    );
  });
});

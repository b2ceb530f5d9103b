import {
  decideOrder,
  isDue,
  type DecisionSettings,
  type OrderDecision,
} from '../../../functions/domain/order-decision';
import type { OrderLink, Quarantine } from '../../../functions/domain/order-link';
import type { MarketplaceOrder } from '../../../functions/domain/marketplace-order';
import { aLink, anOrder } from './builders';

const NOW = Date.UTC(2026, 10, 20, 12);
const FROM = Date.UTC(2026, 10, 20);

function quarantined(retryAtMs: number | null): Partial<OrderLink> {
  const quarantine: Quarantine = { reason: 'refused-by-crm', detail: '', sinceMs: 0, attempts: 1, retryAtMs };
  return { state: 'attention', quarantine };
}

const SETTINGS: DecisionSettings = {
  importFromMs: FROM,
  statusDirection: 'none',
  pairs: [],
  lastSyncAtMs: NOW - 60_000,
};
const WAITING: OrderDecision = { kind: 'skip', reason: 'waiting-for-retry' };
const TOO_OLD: OrderDecision = { kind: 'skip', reason: 'before-import-start' };

describe('what a ZZap row asks for', () => {
  it.each<[string, Partial<MarketplaceOrder>, Partial<OrderLink> | null, OrderDecision]>([
    ['a new order', {}, null, { kind: 'create' }],
    ['an order made in the first millisecond of the import', { createdAtMs: FROM }, null, { kind: 'create' }],
    ['an order made before the import start', { createdAtMs: FROM - 1 }, null, TOO_OLD],
    ['an order of unknown date: rather imported than lost', { createdAtMs: null }, null, { kind: 'create' }],
    ['an order whose creation broke off', {}, { state: 'claimed' }, { kind: 'create' }],
    [
      'a claimed order older than a start moved later',
      { createdAtMs: FROM - 1 },
      { state: 'claimed' },
      { kind: 'create' },
    ],
    ['a linked order as it was', {}, {}, { kind: 'unchanged' }],
    ['a linked order older than a start moved later', { createdAtMs: FROM - 1 }, {}, { kind: 'unchanged' }],
    ['a linked order with another fact', { contentFingerprint: 'other' }, {}, { kind: 'follow-contents' }],
    [
      'a linked order with another status',
      { statusCode: 20 },
      {},
      { kind: 'note-status', reason: 'changed-at-zzap' },
    ],
    [
      'a linked order whose status was never seen',
      {},
      { zzapStatus: null },
      { kind: 'note-status', reason: 'changed-at-zzap' },
    ],
    ['a quarantined order before its time', {}, quarantined(NOW + 1), WAITING],
    ['a quarantined order when its time has come', {}, quarantined(NOW), { kind: 'create' }],
    ['a quarantined order that only a person tries again', {}, quarantined(null), WAITING],
    [
      'a quarantined order that was corrected at ZZap',
      { contentFingerprint: 'other' },
      quarantined(NOW + 1),
      { kind: 'create' },
    ],
    ['a set-aside order without a reason', {}, { state: 'attention' }, WAITING],
  ])('%s', (_, row, link, decision) => {
    const decided = decideOrder(anOrder(row), link && aLink(link), SETTINGS, NOW);

    expect(decided).toEqual(decision);
  });
});

describe('a changed ZZap status', () => {
  const pairs = [{ crmStatus: 'assembling', zzapStatus: 20 }];
  const following: DecisionSettings = { ...SETTINGS, statusDirection: 'zzapToCrm', pairs };
  const done = { zzapStatus: 10, previous: 20, atMs: NOW - 59_999, sure: true };
  const lost = { zzapStatus: 20, previous: 10, atMs: NOW - 70_000, sure: false };

  it.each<[string, Partial<MarketplaceOrder>, Partial<OrderLink>, DecisionSettings, OrderDecision]>([
    [
      'travels when it is mapped',
      { statusCode: 20 },
      {},
      following,
      { kind: 'set-crm-status', status: 'assembling' },
    ],
    [
      'is told when it is not mapped',
      { statusCode: 30 },
      {},
      following,
      { kind: 'note-status', reason: 'status-unmapped' },
    ],
    [
      'stays at ZZap when the direction is the other one',
      { statusCode: 20 },
      {},
      { ...following, statusDirection: 'crmToZzap' },
      { kind: 'note-status', reason: 'changed-at-zzap' },
    ],
    [
      'is not written to an order that was deleted',
      { statusCode: 20 },
      { crmGone: true },
      following,
      { kind: 'note-status', reason: 'crm-order-gone' },
    ],
    ['is no news when we know it', { statusCode: 10 }, {}, following, { kind: 'unchanged' }],
    [
      'is a replica that lags behind our push',
      { statusCode: 20 },
      { pushed: [done] },
      following,
      { kind: 'skip', reason: 'stale-reading' },
    ],
    [
      'is a change again a minute after our push',
      { statusCode: 20 },
      { pushed: [{ ...done, atMs: NOW - 60_000 }] },
      following,
      { kind: 'set-crm-status', status: 'assembling' },
    ],
    [
      'is a change when it is neither what we pushed nor what was before',
      { statusCode: 20 },
      { pushed: [{ ...done, previous: 15 }] },
      following,
      { kind: 'set-crm-status', status: 'assembling' },
    ],
    [
      'is a replica that shows a status from between two of our pushes',
      { statusCode: 20 },
      {
        pushed: [
          { ...done, zzapStatus: 20, previous: 10 },
          { ...done, previous: 20 },
        ],
      },
      following,
      { kind: 'skip', reason: 'stale-reading' },
    ],
    [
      'is a replica that shows the status before the first of two pushes',
      { statusCode: 20 },
      {
        pushed: [
          { ...done, zzapStatus: 30 },
          { ...done, previous: 30 },
        ],
      },
      following,
      { kind: 'skip', reason: 'stale-reading' },
    ],
    [
      'is no news when our pushes led back to it',
      { statusCode: 10 },
      { pushed: [{ ...done, zzapStatus: 20, previous: 10 }, done] },
      following,
      { kind: 'unchanged' },
    ],
    [
      'is our own doing when it is what a push without an answer wanted',
      { statusCode: 20 },
      { pushed: [lost] },
      following,
      { kind: 'note-status', reason: 'set-by-us' },
    ],
    [
      'is somebody else’s doing once a pull has looked after the lost push',
      { statusCode: 20 },
      { pushed: [lost] },
      { ...following, lastSyncAtMs: NOW - 55_000 },
      { kind: 'set-crm-status', status: 'assembling' },
    ],
  ])('%s', (_, row, link, settings, decision) => {
    expect(decideOrder(anOrder(row), aLink(link), settings, NOW)).toEqual(decision);
  });
});

describe('the next try of a quarantined order', () => {
  it.each([
    ['has come at its very moment', NOW, true],
    ['has come when it was missed', NOW - 1, true],
    ['has not come before', NOW + 1, false],
    ['never comes by itself after the last one', null, false],
  ])('%s', (_, retryAtMs, due) => {
    expect(isDue(aLink(quarantined(retryAtMs)), NOW)).toBe(due);
  });

  it('does not exist for an order that is not quarantined', () => {
    expect(isDue(aLink(), NOW)).toBe(false);
  });
});

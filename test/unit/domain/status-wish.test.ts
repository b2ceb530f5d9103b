import fc from 'fast-check';
import type { CrmChange } from '../../../functions/domain/crm-change';
import type { PendingPush } from '../../../functions/domain/order-link';
import {
  mayCarryWish,
  mayRepeat,
  pendingPush,
  REPLICA_LAG_MS,
  wishOf,
} from '../../../functions/domain/status-wish';
import { aLink } from './builders';

const NOW = Date.UTC(2026, 10, 20, 12);
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
];
const LINK = { crmOrderId: 7, crmStatus: 'new' };

function aChange(changes: Partial<CrmChange> = {}): CrmChange {
  return {
    historyId: 1,
    atMs: NOW,
    source: 'user',
    ownKey: false,
    field: 'status',
    newCode: 'assembling',
    crmOrderId: 7,
    externalId: 'zzap-512000101',
    site: 'auto',
    created: false,
    deleted: false,
    ...changes,
  };
}

function aPush(changes: Partial<PendingPush> = {}): PendingPush {
  return {
    zzapStatus: 20,
    crmStatus: 'assembling',
    urgent: false,
    sinceMs: NOW - 1_000,
    state: 'waiting',
    attempts: 0,
    sentAtMs: null,
    ...changes,
  };
}

describe('whether a history record may carry a wish', () => {
  it.each<[string, Partial<CrmChange>, withoutFlag3: boolean, withFlag3: boolean]>([
    ['a person’s status', {}, true, true],
    ['a rule’s', { source: 'rule' }, true, true],
    ['an unknown source’s', { source: 'whatever-comes' }, true, true],
    ['another key’s', { source: 'api' }, false, true],
    ['our own', { source: 'api', ownKey: true }, false, false],
    ['our own, however it is called', { source: 'code', ownKey: true }, false, false],
    ['ours under a key that was replaced', { source: 'api', newCode: 'new' }, false, false],
    ['another key’s of unknown value', { source: 'api', newCode: null }, false, true],
    ['one of another store', { site: 'other' }, false, false],
    ['one of no store', { site: null }, false, false],
    ['one of another order', { crmOrderId: 8 }, false, false],
    ['another field', { field: 'manager_comment' }, false, false],
  ])('%s', (_, change, withoutFlag3, withFlag3) => {
    for (const [includeApiChanges, expected] of [
      [false, withoutFlag3],
      [true, withFlag3],
    ] as const) {
      expect(mayCarryWish(aChange(change), { site: 'auto', includeApiChanges }, LINK)).toBe(expected);
    }
  });

  it('never for our own key, other stores, other fields or other orders, nor for other keys without flag 3', () => {
    const change = fc.record({
      source: fc.constantFrom('user', 'api', 'code', 'rule', 'new-one'),
      ownKey: fc.boolean(),
      field: fc.constantFrom('status', 'phone', 'site'),
      newCode: fc.constantFrom('new', 'assembling', null),
      crmOrderId: fc.constantFrom(7, 8, null),
      site: fc.constantFrom('auto', 'other', null),
    });
    fc.assert(
      fc.property(change, fc.boolean(), (changes, includeApiChanges) => {
        const passes = mayCarryWish(aChange(changes), { site: 'auto', includeApiChanges }, LINK);
        const foreign = changes.site !== 'auto' || changes.field !== 'status' || changes.crmOrderId !== 7;
        const unwanted = changes.ownKey || (changes.source === 'api' && !includeApiChanges);
        if (foreign || unwanted) expect(passes).toBe(false);
      }),
    );
  });
});

describe('what a RetailCRM status asks of ZZap', () => {
  it.each([
    ['nothing when ZZap has it', 'new', null, { kind: 'agreed' }],
    ['nothing when it is not mapped', 'prepayed', null, { kind: 'unmapped' }],
    ['its counterpart', 'assembling', null, { kind: 'push', zzapStatus: 20 }],
    ['nothing any more when it turns back before it was sent', 'new', aPush(), { kind: 'agreed' }],
    [
      'to make sure when it turns back while a request’s fate is open',
      'new',
      aPush({ state: 'sent', sentAtMs: NOW }),
      { kind: 'push', zzapStatus: 10 },
    ],
  ])('%s', (_, crmStatus, push, wish) => {
    expect(wishOf(aLink({ push }), crmStatus, PAIRS)).toEqual(wish);
  });

  it('is still sent when it is read twice while an earlier request’s fate is open', () => {
    const sent = aPush({ state: 'sent', attempts: 1, sentAtMs: NOW });
    const back = pendingPush(sent, { zzapStatus: 10, crmStatus: 'new', urgent: false }, NOW + 1);

    expect(wishOf(aLink({ push: back }), 'new', PAIRS)).toEqual({ kind: 'push', zzapStatus: 10 });
  });
});

describe('the outbox entry of a wish', () => {
  const wish = { zzapStatus: 20, crmStatus: 'assembling', urgent: false };

  it('begins a wait of its own when another status is wished', () => {
    const before = aPush({ zzapStatus: 30, attempts: 3 });

    expect(pendingPush(before, wish, NOW)).toEqual(aPush({ sinceMs: NOW }));
  });

  it('waits anew after a rejection', () => {
    expect(pendingPush(aPush({ state: 'rejected', attempts: 2 }), wish, NOW)).toEqual(
      aPush({ sinceMs: NOW }),
    );
  });

  it('becomes urgent, and stays so', () => {
    const urgent = pendingPush(aPush(), { ...wish, urgent: true }, NOW);

    expect(pendingPush(urgent, wish, NOW + 1)).toEqual(aPush({ urgent: true }));
  });

  it('keeps its place, its attempts and its fate while the wish is the same', () => {
    const push = fc.record({
      state: fc.constantFrom('waiting' as const, 'sent' as const),
      sinceMs: fc.nat(),
      attempts: fc.nat(5),
      sentAtMs: fc.option(fc.nat()),
      urgent: fc.boolean(),
    });
    fc.assert(
      fc.property(push, fc.nat(), fc.boolean(), (changes, nowMs, urgent) => {
        const before = aPush(changes);

        const after = pendingPush(before, { ...wish, urgent }, nowMs);

        expect(after).toEqual({ ...before, urgent: before.urgent || urgent });
      }),
    );
  });
});

describe('a push whose answer was lost', () => {
  const sent = aPush({ state: 'sent', sentAtMs: NOW });

  it.each([
    ['nobody has looked', sent, null, false],
    ['the look came before the replicas could know', sent, NOW + REPLICA_LAG_MS - 1, false],
    ['a later look has not shown it', sent, NOW + REPLICA_LAG_MS, true],
    ['it was never sent', aPush(), NOW + REPLICA_LAG_MS, false],
    ['ZZap has rejected it', aPush({ state: 'rejected' }), NOW + REPLICA_LAG_MS, false],
  ])('may be repeated or not: %s', (_, push, pulledAtMs, repeats) => {
    expect(mayRepeat(push, pulledAtMs)).toBe(repeats);
  });
});

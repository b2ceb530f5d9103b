import fc from 'fast-check';
import {
  CONNECTION_STATES,
  mayBecome,
  normalizeLogin,
  stateAfterSaving,
  type ConnectionState,
} from '../../../functions/domain/connection';

describe('states of a connection', () => {
  const ALLOWED = [
    'draft>active',
    'draft>paused',
    'draft>removed',
    'active>paused',
    'active>suspended',
    'active>removed',
    'paused>active',
    'paused>removed',
    'suspended>active',
    'suspended>paused',
    'suspended>removed',
  ];
  const pairs = CONNECTION_STATES.flatMap((from) => CONNECTION_STATES.map((to) => [from, to] as const));

  it.each(pairs)('%s may become %s only as the state diagram says', (from, to) => {
    expect(mayBecome(from, to)).toBe(from === to || ALLOWED.includes(`${from}>${to}`));
  });
});

describe('the state after saving the form', () => {
  const SAVED = { hasSite: true, wantsActive: true, credentialsAccepted: true };

  it.each<[ConnectionState, Partial<typeof SAVED>, ConnectionState]>([
    ['draft', {}, 'active'],
    ['draft', { hasSite: false }, 'draft'],
    ['draft', { wantsActive: false }, 'draft'],
    ['active', {}, 'active'],
    ['active', { credentialsAccepted: false }, 'active'],
    ['active', { wantsActive: false }, 'paused'],
    ['active', { hasSite: false }, 'paused'],
    ['paused', {}, 'active'],
    ['paused', { wantsActive: false }, 'paused'],
    ['paused', { hasSite: false }, 'paused'],
    ['suspended', {}, 'active'],
    ['suspended', { credentialsAccepted: false }, 'suspended'],
    ['suspended', { wantsActive: false }, 'paused'],
    ['suspended', { hasSite: false }, 'paused'],
    ['removed', {}, 'removed'],
    ['removed', { hasSite: false }, 'removed'],
    ['removed', { wantsActive: false }, 'removed'],
  ])('%s with %p becomes %s', (current, changes, next) => {
    expect(stateAfterSaving(current, { ...SAVED, ...changes })).toBe(next);
  });

  it('is always one the state diagram allows', () => {
    const facts = fc.record({
      hasSite: fc.boolean(),
      wantsActive: fc.boolean(),
      credentialsAccepted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.constantFrom(...CONNECTION_STATES), facts, (current, saved) => {
        expect(mayBecome(current, stateAfterSaving(current, saved))).toBe(true);
      }),
    );
  });

  it('is never active without a store', () => {
    for (const current of CONNECTION_STATES) {
      expect(stateAfterSaving(current, { ...SAVED, hasSite: false })).not.toBe('active');
    }
  });
});

describe('a ZZap login', () => {
  it.each([
    ['Shop@Example.test', 'shop@example.test'],
    ['  shop@example.test\t', 'shop@example.test'],
    ['МАГАЗИН', 'магазин'],
  ])('%p is the cabinet %p', (typed, cabinet) => {
    expect(normalizeLogin(typed)).toBe(cabinet);
  });
});

import fc from 'fast-check';
import type { RemoteErrorFacts, RemoteErrorKind } from '../../../functions/domain/remote-error';
import { CALL_ATTEMPTS_MAX, decideRetry, nextOrderAttemptAtMs } from '../../../functions/domain/retry';

function facts(kind: RemoteErrorKind, changes: Partial<RemoteErrorFacts> = {}): RemoteErrorFacts {
  return { remote: 'zzap', kind, detail: '', effectUnknown: false, ...changes };
}

const READ = { writes: false };
const WRITE = { writes: true };
const GIVE_UP = { kind: 'give-up' };

describe('after a failed call', () => {
  it.each([
    ['unavailable', 1, 0, 750],
    ['unavailable', 1, 0.5, 1_000],
    ['unavailable', 2, 0.5, 2_000],
    ['unavailable', 3, 0.5, 4_000],
    ['rate-limited', 1, 0.5, 3_000],
    ['rate-limited', 2, 0, 4_500],
    ['rate-limited', 3, 0.5, 12_000],
    ['unexpected-body', 1, 0.5, 1_000],
  ] as const)(
    'a read that was %s is repeated after try %d with luck %d in %d ms',
    (kind, attempt, random, afterMs) => {
      expect(decideRetry(facts(kind), attempt, READ, random)).toEqual({ kind: 'repeat', afterMs });
    },
  );

  it.each([
    ['auth', 1],
    ['invalid', 1],
    ['not-found', 1],
    ['unexpected-body', 2],
    ['unavailable', 4],
    ['rate-limited', 4],
  ] as const)('a read that was %s is given up after try %d', (kind, attempt) => {
    expect(decideRetry(facts(kind), attempt, READ, 0.5)).toEqual(GIVE_UP);
  });

  it('waits as long as the remote asks', () => {
    expect(decideRetry(facts('rate-limited', { retryAfterMs: 20_000 }), 1, READ, 0.5)).toEqual({
      kind: 'repeat',
      afterMs: 20_000,
    });
  });

  it('waits its own time when the remote asks for less', () => {
    expect(decideRetry(facts('rate-limited', { retryAfterMs: 1_000 }), 1, READ, 0.5)).toEqual({
      kind: 'repeat',
      afterMs: 3_000,
    });
  });

  it('leaves a pause of more than a minute to a later run', () => {
    expect(decideRetry(facts('rate-limited', { retryAfterMs: 60_001 }), 1, READ, 0.5)).toEqual(GIVE_UP);
  });

  it('still waits a minute', () => {
    expect(decideRetry(facts('unavailable', { retryAfterMs: 60_000 }), 1, READ, 0.5)).toEqual({
      kind: 'repeat',
      afterMs: 60_000,
    });
  });

  it('repeats a write that certainly had no effect', () => {
    expect(decideRetry(facts('unavailable'), 1, WRITE, 0.5)).toEqual({ kind: 'repeat', afterMs: 1_000 });
  });

  it('does not repeat a write whose answer could not be read', () => {
    expect(decideRetry(facts('unexpected-body'), 1, WRITE, 0.5)).toEqual(GIVE_UP);
  });

  const anyFacts = fc
    .record({
      kind: fc.constantFrom<RemoteErrorKind>(
        'auth',
        'rate-limited',
        'invalid',
        'not-found',
        'unavailable',
        'unexpected-body',
      ),
      effectUnknown: fc.boolean(),
      retryAfterMs: fc.option(fc.nat(300_000), { nil: undefined }),
    })
    .map(({ kind, effectUnknown, retryAfterMs }) =>
      facts(kind, { effectUnknown, ...(retryAfterMs !== undefined && { retryAfterMs }) }),
    );
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('never repeats a write of unknown effect', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1, max: 10 }), random, (error, attempt, luck) => {
        expect(decideRetry({ ...error, effectUnknown: true }, attempt, WRITE, luck)).toEqual(GIVE_UP);
      }),
    );
  });

  it('waits between three quarters of a second and a minute, never less than asked, and ends', () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), random, (error, writes, luck) => {
        let attempt = 1;

        for (; attempt < 100; attempt += 1) {
          const decision = decideRetry(error, attempt, { writes }, luck);
          if (decision.kind === 'give-up') break;
          expect(Number.isInteger(decision.afterMs)).toBe(true);
          expect(decision.afterMs).toBeGreaterThanOrEqual(Math.max(750, error.retryAfterMs ?? 0));
          expect(decision.afterMs).toBeLessThanOrEqual(60_000);
        }

        expect(attempt).toBeLessThanOrEqual(CALL_ATTEMPTS_MAX);
      }),
    );
  });
});

describe('the next try of a refused order', () => {
  it.each([
    [0, 5],
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 360],
    [5, 1_440],
    [6, 1_440],
    [9, 1_440],
  ])('after %d tries comes in %d minutes', (attempts, minutes) => {
    expect(nextOrderAttemptAtMs(attempts, 1_000)).toBe(1_000 + minutes * 60_000);
  });

  it.each([10, 11, 1_000])('after %d tries is up to a person', (attempts) => {
    expect(nextOrderAttemptAtMs(attempts, 1_000)).toBeNull();
  });
});

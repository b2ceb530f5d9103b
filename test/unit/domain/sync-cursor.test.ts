import fc from 'fast-check';
import {
  digestOf,
  DIGEST_ROWS_MAX,
  earliest,
  isRemembered,
  newCursor,
} from '../../../functions/domain/sync-cursor';

describe('the digest of rows', () => {
  it('remembers a row that is equal and no other', () => {
    const digest = digestOf([{ code: '1', fingerprint: 'a' }]);

    expect(isRemembered(digest, '1', 'a')).toBe(true);
    expect(isRemembered(digest, '1', 'b')).toBe(false);
    expect(isRemembered(digest, '2', 'a')).toBe(false);
  });

  it.each(['constructor', 'toString', '__proto__'])('has not seen an order called %p', (code) => {
    expect(isRemembered({}, code, String(({} as Record<string, unknown>)[code]))).toBe(false);
  });

  it('keeps the later reading of an order that was read twice', () => {
    const digest = digestOf([
      { code: '1', fingerprint: 'older' },
      { code: '1', fingerprint: 'newer' },
    ]);

    expect(digest).toEqual({ 1: 'newer' });
  });

  it('keeps the last rows when there are too many', () => {
    const rows = Array.from({ length: DIGEST_ROWS_MAX + 2 }, (_, index) => ({
      code: String(index),
      fingerprint: 'a',
    }));

    const digest = digestOf(rows);

    expect(Object.keys(digest)).toHaveLength(DIGEST_ROWS_MAX);
    expect(isRemembered(digest, '1', 'a')).toBe(false);
    expect(isRemembered(digest, '2', 'a')).toBe(true);
  });

  it('stays far below the size of a stored item', () => {
    const rows = Array.from({ length: 3 * DIGEST_ROWS_MAX }, (_, index) => ({
      code: String(999_000_000 + index),
      fingerprint: 'abcdefghijk',
    }));

    expect(JSON.stringify(digestOf(rows)).length).toBeLessThan(100_000);
  });

  it('takes rows from anything that can be walked', () => {
    expect(digestOf(new Map([['1', { code: '1', fingerprint: 'a' }]]).values())).toEqual({ 1: 'a' });
  });
});

describe('the earlier of two moments', () => {
  it.each([
    [null, null, null],
    [1, null, 1],
    [null, 0, 0],
    [2, 1, 1],
    [0, 5, 0],
  ])('of %p and %p is %p', (a, b, expected) => {
    expect(earliest(a, b)).toBe(expected);
  });

  it('does not depend on their order', () => {
    const moment = fc.option(fc.nat());
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        expect(earliest(a, b)).toBe(earliest(b, a));
      }),
    );
  });
});

describe('a new cursor', () => {
  it('has pulled nothing yet', () => {
    expect(newCursor('connection')).toEqual({
      connectionId: 'connection',
      version: 0,
      pulledToMs: null,
      lastSyncAtMs: null,
      digest: {},
      retryAtMs: null,
      history: null,
      pushAtMs: null,
      verifyAtMs: null,
      outage: null,
      wakeAtMs: null,
      idle: null,
    });
  });
});

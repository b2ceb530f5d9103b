import fc from 'fast-check';
import { fromMoscow, toMoscow } from '../../../functions/zzap/moscow-time';

describe('a time as ZZap writes it', () => {
  const INSTANT = Date.UTC(2026, 10, 20, 11, 5, 31);

  it.each([
    ['2026-11-20T14:05:31', INSTANT],
    ['2026-11-20T14:05:31Z', INSTANT],
    ['2026-11-20 14:05:31', INSTANT],
    ['2026-11-20T14:05', INSTANT - 31_000],
    ['2026-11-20T14:05:31.2', INSTANT + 200],
    ['2026-11-20T14:05:31.27', INSTANT + 270],
    ['2026-11-20T14:05:31.007', INSTANT + 7],
    ['2026-11-20T14:05:31.1234567', INSTANT + 123],
    ['  2026-11-20T14:05:31 ', INSTANT],
    ['2026-11-20T00:00:00', Date.UTC(2026, 10, 19, 21)],
    ['2027-01-01T02:59:59', Date.UTC(2026, 11, 31, 23, 59, 59)],
    ['2028-02-29T12:00:00', Date.UTC(2028, 1, 29, 9)],
    ['2026-07-01T12:00:00', Date.UTC(2026, 6, 1, 9)],
  ])('%p is an instant three hours earlier in UTC', (text, instantMs) => {
    expect(fromMoscow(text)).toBe(instantMs);
  });

  it.each([
    '',
    'null',
    'вчера',
    '2026-11-20',
    '20.11.2026 14:05',
    '2026-11-20T14',
    '2026-11-20T25:00:00',
    '2026-11-20T24:00:00',
    '2026-11-20T14:60:00',
    '2026-13-01T00:00:00',
    '2026-02-30T00:00:00',
    '2027-02-29T00:00:00',
    '0001-01-01T00:00:00',
    '1899-12-30T00:00:00',
    '2026-11-20T14:05:31+05:00',
    '2026-11-20T14:05:31.12345678',
    '2026-11-20T14:05:31\n2026-11-20T14:05:31',
    '/Date(1700000000000)/',
    '1700000000000',
  ])('%p is none', (text) => {
    expect(fromMoscow(text)).toBeNull();
  });

  it('is written with milliseconds and without an offset', () => {
    expect(toMoscow(INSTANT + 7)).toBe('2026-11-20T14:05:31.007');
  });

  it('is written on the next day after nine in the evening in UTC', () => {
    expect(toMoscow(Date.UTC(2026, 11, 31, 21))).toBe('2027-01-01T00:00:00.000');
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2005, 0, 2), max: Date.UTC(2999, 0, 1) }), (instantMs) => {
        expect(fromMoscow(toMoscow(instantMs))).toBe(instantMs);
      }),
    );
  });

  it('never throws, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/)),
        (text) => {
          const instantMs = fromMoscow(text);

          expect(instantMs === null || Number.isSafeInteger(instantMs)).toBe(true);
        },
      ),
    );
  });
});

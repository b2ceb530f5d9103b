import fc from 'fast-check';
import { isTimeZone } from '../../../functions/domain/zoned-time';
import { fromAccountTime, toAccountTime } from '../../../functions/retailcrm/account-time';

const utc = (text: string): number => Date.parse(`${text}Z`);

describe('an instant in the time zone of the account', () => {
  it.each([
    ['Europe/Moscow', '2026-11-20T21:30:05', '2026-11-21 00:30:05'],
    ['Asia/Novosibirsk', '2026-11-20T21:30:05', '2026-11-21 04:30:05'],
    ['Asia/Krasnoyarsk', '2026-12-31T17:00:00', '2027-01-01 00:00:00'],
    ['UTC', '2026-11-20T00:00:00', '2026-11-20 00:00:00'],
    ['Europe/Madrid', '2026-07-01T12:00:00', '2026-07-01 14:00:00'],
    ['Europe/Madrid', '2026-12-01T12:00:00', '2026-12-01 13:00:00'],
    ['America/Bogota', '2026-03-01T03:00:00', '2026-02-28 22:00:00'],
    ['Asia/Kolkata', '2026-03-01T00:00:00', '2026-03-01 05:30:00'],
  ])('%s: %s UTC is %s', (zone, instant, local) => {
    expect(toAccountTime(utc(instant), zone)).toBe(local);
    expect(fromAccountTime(local, zone)).toBe(utc(instant));
  });

  it('drops the milliseconds, which RetailCRM does not have', () => {
    expect(toAccountTime(utc('2026-11-20T11:05:00.999'), 'UTC')).toBe('2026-11-20 11:05:00');
  });

  it('comes back to the second in any zone, except for the hour that a clock is set back over', () => {
    const zones = fc.constantFrom(
      'Europe/Moscow',
      'Asia/Novosibirsk',
      'UTC',
      'Asia/Kamchatka',
      'America/Lima',
    );
    const seconds = fc.integer({
      min: utc('2016-07-25T00:00:00') / 1000,
      max: utc('2035-01-01T00:00:00') / 1000,
    });
    fc.assert(
      fc.property(seconds, zones, (second, zone) => {
        expect(fromAccountTime(toAccountTime(second * 1000, zone), zone)).toBe(second * 1000);
      }),
    );
  });
});

describe('an hour that the clocks do not count once', () => {
  it('is read as one of its two instants when they are set back', () => {
    const read = fromAccountTime('2026-10-25 02:30:00', 'Europe/Madrid');

    expect([utc('2026-10-25T00:30:00'), utc('2026-10-25T01:30:00')]).toContain(read);
  });

  it('is read as an instant near it when they are set forward', () => {
    const read = fromAccountTime('2026-03-29 02:30:00', 'Europe/Madrid');

    expect(Math.abs((read ?? 0) - utc('2026-03-29T01:00:00'))).toBeLessThanOrEqual(3_600_000);
  });
});

describe('a date that cannot be', () => {
  it.each([
    [''],
    [' '],
    ['0000-00-00 00:00:00'],
    ['-0001-11-30 00:00:00'],
    ['2026-02-30 10:00:00'],
    ['2026-13-01 10:00:00'],
    ['2026-01-01 24:30:00'],
    ['2026-01-01'],
    ['2026-01-01T10:00:00'],
    ['2026-01-01 10:00'],
    ['20.11.2026 10:00:00'],
    ['вчера'],
  ])('is none: %j', (text) => {
    expect(fromAccountTime(text, 'Europe/Moscow')).toBeNull();
  });

  it('is none whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = fromAccountTime(text, 'Europe/Moscow');

        expect(read === null || Number.isInteger(read)).toBe(true);
      }),
    );
  });
});

it.each([
  ['Europe/Moscow', true],
  ['Asia/Novosibirsk', true],
  ['UTC', true],
  ['Europe/Nowhere', false],
  ['', false],
  ['Москва', false],
])('%j is a time zone: %s', (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});

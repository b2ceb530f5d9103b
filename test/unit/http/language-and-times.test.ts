import fc from 'fast-check';
import { languageOf } from '../../../functions/http/language';
import { fromDay, startOfDay, toIso, toLabel, toZonedIso } from '../../../functions/http/times';
import { expectProblem, openApi } from './api';

describe('the language of an answer', () => {
  it.each([
    [null, 'ru'],
    ['', 'ru'],
    ['*', 'ru'],
    ['de', 'ru'],
    ['de-DE,de;q=0.9,fr;q=0.5', 'ru'],
    ['ru', 'ru'],
    ['en', 'en'],
    ['EN-us', 'en'],
    ['en-US,en;q=0.9', 'en'],
    ['en-US,en;q=0.9,ru;q=0.8', 'en'],
    ['ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7', 'ru'],
    ['en;q=0.5, ru;q=0.6', 'ru'],
    ['en;q=0.6, ru;q=0.5', 'en'],
    ['de, en;q=0.7', 'en'],
    // equally dear: Russian, the language of the shop
    ['en, ru', 'ru'],
    ['en;q=0.5,ru;q=0.5', 'ru'],
    // not wanted
    ['en;q=0', 'ru'],
    ['en;q=0.000', 'ru'],
    ['ru;q=0, en;q=0.1', 'en'],
    ['ru;q=0', 'ru'],
    // not a language we know, only its beginning
    ['english', 'ru'],
    ['enm', 'ru'],
    ['en_US', 'ru'],
    [' en ; q=0.9 ', 'en'],
    ['en;level=1;q=0.4, ru;q=0.3', 'en'],
    ['en;q=much', 'en'],
    [',;q=1,,', 'ru'],
    ['en;q=.,ru;q=0.5', 'en'],
  ])('for %j is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });

  it('is one of two for any header', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(['ru', 'en']).toContain(languageOf(header));
      }),
    );
  });

  it('is told with a problem', async () => {
    const api = openApi();

    const russian = await api.call('GET', '/api/accounts/a-1');
    const english = await api.call('GET', '/api/accounts/a-1', { headers: { 'accept-language': 'en' } });

    expectProblem(russian, 404, 'account-not-found');
    expect(russian.json).toMatchObject({ title: 'Не найдено', detail: 'Такого аккаунта RetailCRM нет.' });
    expect(russian.headers.get('content-language')).toBe('ru');
    expect(english.json).toMatchObject({
      title: 'Not found',
      detail: 'There is no such RetailCRM account.',
    });
    expect(english.headers.get('content-language')).toBe('en');
  });
});

describe('times', () => {
  it.each([
    ['Europe/Moscow', Date.UTC(2024, 8, 23, 15, 0, 59), '23-09-2024 18:00'],
    ['Europe/Moscow', Date.UTC(2024, 11, 31, 21, 5), '01-01-2025 00:05'],
    ['Asia/Kathmandu', Date.UTC(2024, 1, 28, 18, 15), '29-02-2024 00:00'],
    ['UTC', Date.UTC(2024, 0, 2, 3, 4), '02-01-2024 03:04'],
    // Berlin's clocks go back at 03:00 on 27 October 2024: half past two comes twice.
    ['Europe/Berlin', Date.UTC(2024, 9, 27, 0, 30), '27-10-2024 02:30'],
    ['Europe/Berlin', Date.UTC(2024, 9, 27, 1, 30), '27-10-2024 02:30'],
    ['Europe/Berlin', Date.UTC(2024, 9, 27, 2, 30), '27-10-2024 03:30'],
  ])('in %s are labelled as people there read a clock', (timeZone, atMs, label) => {
    expect(toLabel(atMs, timeZone)).toBe(label);
  });

  it.each([
    ['Europe/Moscow', '2026-11-23', Date.UTC(2026, 10, 22, 21)],
    ['Asia/Vladivostok', '2026-11-23', Date.UTC(2026, 10, 22, 14)],
    ['Europe/Berlin', '2024-03-31', Date.UTC(2024, 2, 30, 23)],
    // Midnight does not exist on that day in Beirut: it begins at one o'clock.
    ['Asia/Beirut', '2024-03-31', Date.UTC(2024, 2, 30, 22)],
    ['Europe/Moscow', '2026-11-23T10:00Z', Date.UTC(2026, 10, 23, 10)],
    ['Europe/Moscow', '2026-11-23T10:00:00.500-03:30', Date.UTC(2026, 10, 23, 13, 30, 0, 500)],
  ])('a day in %s begins at its own midnight: %s', (timeZone, text, atMs) => {
    expect(fromDay(text, timeZone)).toBe(atMs);
  });

  it.each(['2026-02-29', '2026-00-01', '2026-01-32', 'tomorrow', ''])('%j is no day', (text) => {
    expect(fromDay(text, 'Europe/Moscow')).toBeNull();
  });

  it.each([
    ['Europe/Berlin', Date.UTC(2024, 9, 27, 22, 59), Date.UTC(2024, 9, 26, 22)],
    ['Europe/Berlin', Date.UTC(2024, 2, 31, 21, 59), Date.UTC(2024, 2, 30, 23)],
    ['Europe/Moscow', Date.UTC(2026, 10, 22, 21), Date.UTC(2026, 10, 22, 21)],
    ['Europe/Moscow', Date.UTC(2026, 10, 22, 21) - 1, Date.UTC(2026, 10, 21, 21)],
  ])('the day in %s that an instant falls on has a beginning', (timeZone, atMs, beginsAtMs) => {
    expect(startOfDay(atMs, timeZone)).toBe(beginsAtMs);
  });

  it('show the day as the account counts it', () => {
    expect(toZonedIso(Date.UTC(2026, 10, 22, 21), 'Europe/Moscow')).toBe('2026-11-23T00:00:00.000+03:00');
    expect(toZonedIso(Date.UTC(2026, 10, 22, 21), 'America/St_Johns')).toBe('2026-11-22T17:30:00.000-03:30');
  });

  it('read back the instant they show, in any zone', () => {
    const zones = ['Europe/Moscow', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'UTC'];
    const instants = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });

    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (atMs, timeZone) => {
        expect(fromDay(toZonedIso(atMs, timeZone), timeZone)).toBe(atMs);
      }),
    );
  });

  it('are absent when there is none', () => {
    expect(toIso(null)).toBeNull();
    expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z');
  });
});

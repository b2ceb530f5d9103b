import {
  instantOfWallClock,
  isTimeZone,
  wallClockMs,
  zoneOffsetMs,
} from '../../../functions/domain/zoned-time';

const HOUR_MS = 3_600_000;

it.each([
  ['UTC', Date.UTC(2026, 6, 1), 0],
  ['Europe/Moscow', Date.UTC(2026, 6, 1), 3 * HOUR_MS],
  // Moscow was an hour further ahead until 26 October 2014.
  ['Europe/Moscow', Date.UTC(2014, 9, 25, 21, 59), 4 * HOUR_MS],
  ['Europe/Berlin', Date.UTC(2026, 6, 1), 2 * HOUR_MS],
  ['Europe/Berlin', Date.UTC(2026, 0, 1), HOUR_MS],
  ['Asia/Kathmandu', Date.UTC(2026, 0, 1), 5.75 * HOUR_MS],
  ['America/St_Johns', Date.UTC(2026, 0, 1), -3.5 * HOUR_MS],
  // Moscow's mean time, before zones had whole minutes.
  ['Europe/Moscow', Date.UTC(1900, 0, 1), (2 * 3600 + 30 * 60 + 17) * 1000],
])('%s at %i is ahead of UTC by %i ms', (timeZone, instantMs, offsetMs) => {
  expect(zoneOffsetMs(instantMs, timeZone)).toBe(offsetMs);
  expect(wallClockMs(instantMs, timeZone)).toBe(instantMs + offsetMs);
});

it.each([
  ['the hour before clocks go forward', Date.UTC(2026, 2, 29, 1, 59), Date.UTC(2026, 2, 29, 0, 59)],
  ['the hour after clocks went forward', Date.UTC(2026, 2, 29, 3), Date.UTC(2026, 2, 29, 1)],
  ['a time that is skipped', Date.UTC(2026, 2, 29, 2, 30), Date.UTC(2026, 2, 29, 1, 30)],
  ['the hour before clocks go back', Date.UTC(2026, 9, 25, 1, 59), Date.UTC(2026, 9, 24, 23, 59)],
  ['the hour after clocks went back', Date.UTC(2026, 9, 25, 3), Date.UTC(2026, 9, 25, 2)],
])('in Berlin %s is read as its instant', (_, wallMs, instantMs) => {
  expect(instantOfWallClock(wallMs, 'Europe/Berlin')).toBe(instantMs);
});

it.each([
  [
    'in New York, west of Greenwich',
    'America/New_York',
    Date.UTC(2026, 2, 8, 2, 30),
    Date.UTC(2026, 2, 8, 7, 30),
  ],
  [
    'on the island that moves by half an hour',
    'Australia/Lord_Howe',
    Date.UTC(2026, 9, 4, 2, 15),
    Date.UTC(2026, 9, 3, 15, 45),
  ],
])('a time that is skipped %s is read with the offset from before', (_, timeZone, wallMs, instantMs) => {
  expect(instantOfWallClock(wallMs, timeZone)).toBe(instantMs);
});

it.each(['', 'Europe/Nowhere', 'Москва'])('%j is no time zone', (name) => {
  expect(isTimeZone(name)).toBe(false);
});

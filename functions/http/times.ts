import { instantOfWallClock, wallClockMs } from '../domain/zoned-time';

/** ISO instant, or null. */
export function toIso(ms: number): string;
export function toIso(ms: number | null): string | null;
export function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

const DAY_MS = 24 * 3_600_000;

/** What the clocks of the zone show, as ISO without an offset. */
function wallClock(ms: number, timeZone: string): string {
  return new Date(wallClockMs(ms, timeZone)).toISOString().slice(0, -1);
}

/** «Последнее время синхронизации»: `23-09-2024 18:00` in the account's time zone (M9). */
export function toLabel(ms: number, timeZone: string): string {
  const [day = '', time = ''] = wallClock(ms, timeZone).split('T');
  return `${day.split('-').reverse().join('-')} ${time.slice(0, 5)}`;
}

/** ISO with the zone's offset: its first ten characters are the day as the account counts it. */
export function toZonedIso(ms: number, timeZone: string): string {
  const minutes = Math.round((wallClockMs(ms, timeZone) - ms) / 60_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = `${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${wallClock(ms, timeZone)}${minutes < 0 ? '-' : '+'}${offset}`;
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** A day in the zone, or an instant with its own offset; null for an impossible date. */
export function fromDay(text: string, timeZone: string): number | null {
  const [, day, offset] = ISO.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return null;
  const written = text.length === day.length ? `${day}T00:00Z` : `${text}${offset === undefined ? 'Z' : ''}`;
  const ms = Date.parse(written);
  if (Number.isNaN(ms)) return null;
  return offset === undefined ? instantOfWallClock(ms, timeZone) : ms;
}

/** Date.parse moves 30 February to March: only a day that reads back as written is one. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

export function startOfDay(nowMs: number, timeZone: string): number {
  const wallMs = wallClockMs(nowMs, timeZone);
  return instantOfWallClock(Math.floor(wallMs / DAY_MS) * DAY_MS, timeZone);
}

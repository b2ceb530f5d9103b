import { instantOfWallClock, wallClockMs } from '../domain/zoned-time';

const PATTERN = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/;

/** `Y-m-d H:i:s` in the account's time zone, as RetailCRM reads and writes every date-time. */
export function toAccountTime(instantMs: number, timeZone: string): string {
  return new Date(wallClockMs(instantMs, timeZone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** The instant of such a text; null for impossible or empty dates, which old data has. */
export function fromAccountTime(text: string, timeZone: string): number | null {
  const [, day, time] = PATTERN.exec(text) ?? [];
  if (day === undefined || time === undefined || day.startsWith('0000')) return null;
  const written = `${day}T${time}.000Z`;
  const wallMs = Date.parse(written);
  // Date.parse moves 30 February to March: only a date that reads back as written is one.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString() !== written) return null;
  return instantOfWallClock(wallMs, timeZone);
}

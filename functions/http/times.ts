import { DateTime } from 'luxon';

/** ISO instant, or null. */
export function toIso(ms: number): string;
export function toIso(ms: number | null): string | null;
export function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** «Последнее время синхронизации»: `23-09-2024 18:00` in the account's time zone (M9). */
export function toLabel(ms: number, timeZone: string): string {
  return DateTime.fromMillis(ms, { zone: timeZone }).toFormat('dd-MM-yyyy HH:mm');
}

/** ISO with the zone's offset: its first ten characters are the day as the account counts it. */
export function toZonedIso(ms: number, timeZone: string): string {
  return DateTime.fromMillis(ms, { zone: timeZone }).toISO() ?? new Date(ms).toISOString();
}

/** A day in the zone, or an instant with its own offset; null for an impossible date. */
export function fromDay(text: string, timeZone: string): number | null {
  const parsed = DateTime.fromISO(text, { zone: timeZone });
  return parsed.isValid ? parsed.toMillis() : null;
}

export function startOfDay(nowMs: number, timeZone: string): number {
  return DateTime.fromMillis(nowMs, { zone: timeZone }).startOf('day').toMillis();
}

import { DateTime, IANAZone } from 'luxon';

const FORMAT = 'yyyy-MM-dd HH:mm:ss';

/** `Y-m-d H:i:s` in the account's time zone, as RetailCRM reads and writes every date-time. */
export function toAccountTime(instantMs: number, timeZone: string): string {
  return DateTime.fromMillis(instantMs, { zone: timeZone }).toFormat(FORMAT);
}

/** The instant of such a text; null for impossible or empty dates, which old data has. */
export function fromAccountTime(text: string, timeZone: string): number | null {
  const parsed = DateTime.fromFormat(text, FORMAT, { zone: timeZone });
  return parsed.isValid ? parsed.toMillis() : null;
}

export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

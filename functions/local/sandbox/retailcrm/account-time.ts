import { DateTime } from 'luxon';

const DATE_TIME = 'yyyy-MM-dd HH:mm:ss';

/** `Y-m-d H:i:s` without a zone, on the account's clock: the only form in which RetailCRM writes times. */
export function accountTime(instantMs: number, timeZone: string): string {
  return DateTime.fromMillis(instantMs, { zone: timeZone }).toFormat(DATE_TIME);
}

export function isDateTime(text: string): boolean {
  return DateTime.fromFormat(text, DATE_TIME, { zone: 'utc' }).isValid;
}

export function isDate(text: string): boolean {
  return DateTime.fromFormat(text, 'yyyy-MM-dd', { zone: 'utc' }).isValid;
}

export function isTimeZone(name: string): boolean {
  return DateTime.utc().setZone(name).isValid;
}

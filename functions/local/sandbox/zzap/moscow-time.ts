import type { Settings } from './assumptions';

/** Moscow has kept UTC+3 without summer time since 26 October 2014; no order in the sandbox is older. */
const MOSCOW_OFFSET_MS = 3 * 3_600_000;

/** The way .NET writes a DateTime: no offset, no zeros at the end of the fraction. */
export function formatMoscow(instantMs: number): string {
  const digits = new Date(instantMs + MOSCOW_OFFSET_MS).toISOString().slice(0, -1);
  return digits.replace(/\.?0+$/, '');
}

const PATTERN =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d{2}:\d{2})?$/i;

/** undefined: not a date this service reads. */
export function parseMoscow(text: string, zone: Settings['dateZone']): number | undefined {
  const match = PATTERN.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', minutes = '00:00', seconds = '00', fraction = '', suffix = ''] = match;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const offset = zone === 'honoured' && suffix !== '' ? suffix.toUpperCase() : '+03:00';
  const instantMs = Date.parse(`${day}T${minutes}:${seconds}.${milliseconds}${offset}`);
  return Number.isNaN(instantMs) ? undefined : instantMs;
}

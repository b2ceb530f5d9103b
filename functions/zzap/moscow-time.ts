import { MOSCOW_OFFSET_MS } from './assumptions';

/** Older dates are ZZap's empty values (0001-01-01) or nonsense. */
const PLAUSIBLE_FROM_MS = Date.UTC(2005, 0, 1);

const NAIVE = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?Z?$/;

/** The instant of a naive Moscow time as ZZap writes it, or null when it is none. A trailing Z changes nothing. */
export function fromMoscow(text: string): number | null {
  const match = NAIVE.exec(text.trim());
  if (!match) return null;
  const [, day, minutes, seconds = '00', fraction = '0'] = match;
  const written = `${day ?? ''}T${minutes ?? ''}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const asUtcMs = Date.parse(written);
  // Date.parse moves 30 February to March: only a date that reads back as written is one.
  if (Number.isNaN(asUtcMs) || new Date(asUtcMs).toISOString() !== written) return null;
  const instantMs = asUtcMs - MOSCOW_OFFSET_MS;
  return instantMs < PLAUSIBLE_FROM_MS ? null : instantMs;
}

/** `YYYY-MM-DDTHH:mm:ss.SSS` in Moscow time, without an offset. */
export function toMoscow(instantMs: number): string {
  return new Date(instantMs + MOSCOW_OFFSET_MS).toISOString().slice(0, -1);
}

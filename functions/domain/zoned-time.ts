const MINUTE_MS = 60_000;

/** Making one costs more than asking it a thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, made);
  return made;
}

/** Whether there is an IANA time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** What a zone's clocks are ahead of UTC at an instant, in milliseconds; negative west of Greenwich. */
export function zoneOffsetMs(instantMs: number, timeZone: string): number {
  const written = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(formatOf(timeZone).format(instantMs));
  if (!written) return 0;
  const [, sign, hours, minutes, seconds = 0] = written;
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1_000;
  return sign === '-' ? -ms : ms;
}

/** What the clocks of a zone show, counted as if they were set to UTC. */
export function wallClockMs(instantMs: number, timeZone: string): number {
  return instantMs + zoneOffsetMs(instantMs, timeZone);
}

/**
 * The instant at which the clocks of a zone show that. Of an hour that comes twice it is one of the two; a time
 * that is skipped is read with the offset from before, so a day without a midnight begins at one o'clock.
 */
export function instantOfWallClock(wallMs: number, timeZone: string): number {
  const guessed = zoneOffsetMs(wallMs, timeZone);
  const before = zoneOffsetMs(wallMs - guessed, timeZone);
  if (before === guessed) return wallMs - guessed;
  const after = zoneOffsetMs(wallMs - before, timeZone);
  return wallMs - Math.min(before, after);
}

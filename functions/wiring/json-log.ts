import type { Log, LogFields } from '../ports/log';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/**
 * One JSON line per event on standard output, which Node writes at once where it is a pipe: a function may be
 * frozen right after its answer. Only the fields of the port are written; of a cause its name, code and stack,
 * never the objects that hang on it, where libraries keep requests with their secrets.
 */
export function createJsonLog(
  level: LogLevel,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Log {
  const writer = (own: LogLevel) => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return () => undefined;
    return (event: string, fields: LogFields, cause?: unknown) => {
      const line = { level: own, time: Date.now(), ...scalars(fields), ...causeFields(cause), event };
      write(`${JSON.stringify(line)}\n`);
    };
  };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

const SCALARS = ['string', 'number', 'boolean'];

/** Whatever a caller's types let through: nothing that JSON cannot hold, and no object. */
function scalars(fields: LogFields): LogFields {
  const kept = Object.entries(fields).filter(([, value]) => value === null || SCALARS.includes(typeof value));
  return Object.fromEntries(kept);
}

function causeFields(cause: unknown): LogFields {
  if (!(cause instanceof Error)) return {};
  const { code } = cause as NodeJS.ErrnoException;
  const frames = (cause.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    cause: cause.name,
    ...(typeof code === 'string' && { code }),
    stack: frames.slice(0, 8).join('\n'),
  };
}

import pino from 'pino';
import type { Log } from '../ports/log';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * One JSON line per event on standard output. Only the fields of the port are written; of a cause its name, code
 * and stack, never the objects that hang on it, where libraries keep requests with their secrets.
 */
export function createJsonLog(level: LogLevel, write?: (line: string) => void): Log {
  const logger = pino(
    { level, base: null, messageKey: 'event', formatters: { level: (label) => ({ level: label }) } },
    write ? { write } : pino.destination({ dest: 1, sync: true }),
  );
  return {
    debug: (event, fields) => logger.debug(fields, event),
    info: (event, fields) => logger.info(fields, event),
    warn: (event, fields) => logger.warn(fields, event),
    error: (event, fields, cause) => logger.error({ ...fields, ...causeFields(cause) }, event),
  };
}

function causeFields(cause: unknown): Record<string, string> {
  if (!(cause instanceof Error)) return {};
  const frames = (cause.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { cause: cause.name, stack: frames.slice(0, 8).join('\n') };
}

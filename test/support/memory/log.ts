import type { Log, LogFields } from '../../../functions/ports/log';
import { frozenCopy } from './frozen-copy';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
  readonly cause?: unknown;
}

export interface MemoryLog extends Log {
  /** Every line in the order of writing. */
  lines(): readonly LogLine[];
}

export function createMemoryLog(): MemoryLog {
  const lines: LogLine[] = [];

  return {
    debug: (event, fields) => void lines.push({ level: 'debug', event, fields: frozenCopy(fields) }),
    info: (event, fields) => void lines.push({ level: 'info', event, fields: frozenCopy(fields) }),
    warn: (event, fields) => void lines.push({ level: 'warn', event, fields: frozenCopy(fields) }),
    error: (event, fields, cause) =>
      void lines.push({
        level: 'error',
        event,
        fields: frozenCopy(fields),
        ...(cause !== undefined && { cause }),
      }),
    lines: () => [...lines],
  };
}

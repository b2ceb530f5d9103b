/** Values a log line may carry: ids, codes, counts and durations. No credentials, no buyers' data. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One wide event per thing that happened. Implementations write one JSON line each. */
export interface Log {
  debug(event: string, fields: LogFields): void;
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields, cause?: unknown): void;
}

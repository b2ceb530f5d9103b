import { REFUSAL_RESTARTS_THE_PAUSE } from './assumptions';

export interface PacedCall {
  /** The request came too soon after an answer, or beside a request of the same key. */
  violation: boolean;
  /** Milliseconds since the previous answer of this key ended; null for the first one and beside an unanswered one. */
  gapMs: number | null;
  /** To be called once, when the answer has left or its connection has gone. */
  end(atMs: number): void;
}

/** Watches one request per pause and key. Kept in memory: a restart forgets who called last. */
export interface Pace {
  begin(apiKey: string, startedAtMs: number, minIntervalMs: number): PacedCall;
  violations(): number;
}

export function createPace(): Pace {
  const keys = new Map<string, { inFlight: number; lastEndMs: number | undefined }>();
  let violations = 0;

  return {
    begin(apiKey, startedAtMs, minIntervalMs) {
      const key = keys.get(apiKey) ?? { inFlight: 0, lastEndMs: undefined };
      keys.set(apiKey, key);
      const gapMs = key.inFlight > 0 || key.lastEndMs === undefined ? null : startedAtMs - key.lastEndMs;
      const violation = minIntervalMs > 0 && (key.inFlight > 0 || (gapMs !== null && gapMs < minIntervalMs));
      if (violation) violations += 1;
      key.inFlight += 1;
      return {
        violation,
        gapMs,
        end(atMs) {
          key.inFlight -= 1;
          if (!violation || REFUSAL_RESTARTS_THE_PAUSE) key.lastEndMs = atMs;
        },
      };
    },
    violations: () => violations,
  };
}

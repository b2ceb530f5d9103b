/** Time as an input. */
export interface Clock {
  nowMs(): number;
  /** Resolves after `ms` milliseconds, at once when that is not positive. */
  sleep(ms: number): Promise<void>;
  /** In [0, 1). For jitter only, never for secrets. */
  random(): number;
}

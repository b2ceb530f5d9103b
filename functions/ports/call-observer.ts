/** Told of every request, so that a run can be watched and its calls counted. */
export interface CallObserver {
  called(): void;
  /** The call waits for its remote's pace until then; null: it goes on. */
  waiting(untilMs: number | null): void;
}

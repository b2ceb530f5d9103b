export interface Ids {
  /** Opaque, unique, letters and digits. */
  newId(): string;
  /** Unique and sorting by time. */
  newRunId(nowMs: number): string;
}

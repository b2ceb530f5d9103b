/** Work that may take longer than a person wants to wait. */
export interface PatientWork<Result> {
  /** Work under way with the same key is joined, not begun again: it may be spending a scarce slot. */
  readonly key: string;
  readonly begin: () => Promise<Result>;
  readonly maxMs: number;
  /** The work goes on when nobody waits any more; this is told when it fails then. */
  readonly failedLate: (error: unknown) => void;
}

/** Waits for the work's end, but no longer than `maxMs`: then the answer is null. */
export type Patience = <Result>(work: PatientWork<Result>) => Promise<Result | null>;

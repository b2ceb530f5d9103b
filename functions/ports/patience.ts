/**
 * Waits for work that may take longer than a person wants to: null when it has not ended within `maxMs`. The work
 * itself goes on, and what becomes of it is the caller's business.
 */
export type Patience = <Result>(work: Promise<Result>, maxMs: number) => Promise<Result | null>;

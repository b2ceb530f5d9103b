import type { RunRecord } from '../domain/run-record';

export interface RunStore {
  /** Creates or replaces: a run record has one writer at a time, the run itself. */
  put(record: RunRecord): Promise<void>;
  find(connectionId: string, runId: string): Promise<RunRecord | null>;
  /** Newest first. */
  list(
    connectionId: string,
    page: { readonly limit: number; readonly before?: string },
  ): Promise<RunRecord[]>;
}

import type { Outage } from './outage';

/** Fingerprints of the rows last seen, by order code. */
export type RowDigest = Readonly<Record<string, string>>;

/** Consecutive runs that found nothing new, folded into one journal line. */
export interface IdleStreak {
  readonly runId: string;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly runs: number;
  readonly rowsSeen: number;
}

export interface HistoryCursor {
  /** The moment statuses began to travel to ZZap: the walk begins there. */
  readonly sinceMs: number;
  /** The last record read; null until the first one appears. */
  readonly sinceId: number | null;
  /** When the history was last read to its end. */
  readonly readAtMs: number | null;
}

/** How far a connection is committed. Its version is the fence against a run that was thought dead. */
export interface SyncCursor {
  readonly connectionId: string;
  readonly version: number;
  /** Every ZZap event before this instant has been settled or set aside. Null before the first pull. */
  readonly pulledToMs: number | null;
  /** The moment ZZap was last asked by a run that came to its end (M9). */
  readonly lastSyncAtMs: number | null;
  readonly digest: RowDigest;
  /** The earliest moment a quarantined order wants another try. */
  readonly retryAtMs: number | null;
  /** How far RetailCRM's history is read; null while statuses do not travel that way. */
  readonly history: HistoryCursor | null;
  /** The earliest moment the status queue wants attention. */
  readonly pushAtMs: number | null;
  /** When a pull has to show what became of a push whose answer was lost. */
  readonly verifyAtMs: number | null;
  /** What stopped the last runs; null when the last one came to its end. */
  readonly outage: Outage | null;
  /** The tick of its own that was asked for last. */
  readonly wakeAtMs: number | null;
  readonly idle: IdleStreak | null;
}

/**
 * Rows remembered at most. The item stays far below DynamoDB's 400 KB and an idle tick's write stays cheap; a
 * busier shop's further rows are compared with their stored links instead.
 */
export const DIGEST_ROWS_MAX = 2_000;

export function newCursor(connectionId: string): SyncCursor {
  return {
    connectionId,
    version: 0,
    pulledToMs: null,
    lastSyncAtMs: null,
    digest: {},
    retryAtMs: null,
    history: null,
    pushAtMs: null,
    verifyAtMs: null,
    outage: null,
    wakeAtMs: null,
    idle: null,
  };
}

export function isRemembered(digest: RowDigest, code: string, fingerprint: string): boolean {
  return Object.hasOwn(digest, code) && digest[code] === fingerprint;
}

/** The digest of rows that are settled, the last ones kept when there are too many. */
export function digestOf(rows: Iterable<{ readonly code: string; readonly fingerprint: string }>): RowDigest {
  const all = [...rows];
  return Object.fromEntries(all.slice(-DIGEST_ROWS_MAX).map((row) => [row.code, row.fingerprint]));
}

export function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

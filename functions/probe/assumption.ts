import type { Remote } from '../domain/remote-error';
import type { RetailCrmAssumptionId } from '../retailcrm/assumptions';
import type { ZzapAssumptionId } from '../zzap/assumptions';

export type AssumptionId = ZzapAssumptionId | RetailCrmAssumptionId;

/** documented: by the vendor. seen: in public code. inferred: by us. unknown: a guess that had to be made. */
export const STRENGTHS = ['documented', 'seen', 'inferred', 'unknown'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** One thing the module takes for granted about a remote system, told so that a person can settle it. */
export interface Assumption<Id extends AssumptionId = AssumptionId> {
  readonly id: Id;
  readonly remote: Remote;
  readonly strength: Strength;
  /** A sentence or two, in Markdown. */
  readonly assumed: string;
  /** Files below functions/ or docs/ that rely on it. */
  readonly places: readonly string[];
  readonly ifWrong: string;
  readonly howToSettle: string;
  /** What the code takes the assumption to be, by name; read from where the code reads it. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The part of an assumption that is words. `values` are those of code that the adapters' own lists do not hold. */
export interface AssumptionText {
  readonly strength: Strength;
  readonly assumed: string;
  readonly places: readonly string[];
  readonly ifWrong: string;
  readonly howToSettle: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

import type { StatusDirection } from './connection';
import { bestMatches } from './name-likeness';
import type { StatusPair } from './status-mapping';

/** A RetailCRM status as far as the doctor looks at it. */
export interface CrmStatusFacts {
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
}

export interface ZzapStatusFacts {
  readonly code: number;
  readonly name: string;
}

export const FINDING_KINDS = ['unmapped-in-use', 'vanished', 'inactive', 'never-used', 'similar'] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export type FindingSide = 'crm' | 'zzap';

/** Something about a mapping that a person should look at. */
export type Finding =
  /** So many orders have this status, the chosen direction would pass it on, and it stands in no pair. */
  | {
      readonly kind: 'unmapped-in-use';
      readonly side: FindingSide;
      readonly status: string | number;
      readonly name: string;
      readonly count: number;
    }
  /** A mapped status that its system does not have any more. */
  | { readonly kind: 'vanished'; readonly side: FindingSide; readonly status: string | number }
  /** A mapped status that is switched off in RetailCRM. */
  | { readonly kind: 'inactive'; readonly side: 'crm'; readonly status: string; readonly name: string }
  /** There are pairs, but statuses travel in no direction. */
  | { readonly kind: 'never-used' }
  /** Two free statuses whose names suggest a pair. Offered, never applied. */
  | {
      readonly kind: 'similar';
      readonly suggestion: StatusPair;
      readonly crmName: string;
      readonly zzapName: string;
    };

export interface DoctorInput {
  readonly pairs: readonly StatusPair[];
  /** Null: the dictionary was never read, so nothing can be said about its side. */
  readonly crm: readonly CrmStatusFacts[] | null;
  readonly zzap: readonly ZzapStatusFacts[] | null;
  /** Statuses that orders really have, with the number of orders. */
  readonly seenCrmStatuses: ReadonlyMap<string, number>;
  readonly seenZzapStatuses: ReadonlyMap<number, number>;
  readonly direction: StatusDirection;
}

/** Looks a mapping over. The most pressing kinds come first, within a kind the most frequent and likest. */
export function diagnoseMapping(input: DoctorInput): Finding[] {
  return [
    ...vanished(input),
    ...unmappedInUse(input),
    ...inactive(input),
    ...neverUsed(input),
    ...similar(input),
  ];
}

function vanished({ pairs, crm, zzap }: DoctorInput): Finding[] {
  return pairs.flatMap(({ crmStatus, zzapStatus }): Finding[] => [
    ...missing(crm, 'crm', crmStatus),
    ...missing(zzap, 'zzap', zzapStatus),
  ]);
}

function missing<Code extends string | number>(
  statuses: readonly { readonly code: Code }[] | null,
  side: FindingSide,
  code: Code,
): Finding[] {
  if (!statuses || statuses.some((status) => status.code === code)) return [];
  return [{ kind: 'vanished', side, status: code }];
}

/** Only the side that statuses come from: nobody asks for the others. */
function unmappedInUse(input: DoctorInput): Finding[] {
  const { pairs, direction } = input;
  if (direction === 'zzapToCrm') {
    const mapped = new Set(pairs.map(({ zzapStatus }) => zzapStatus));
    return unmapped('zzap', input.seenZzapStatuses, mapped, input.zzap);
  }
  if (direction === 'crmToZzap') {
    const mapped = new Set(pairs.map(({ crmStatus }) => crmStatus));
    return unmapped('crm', input.seenCrmStatuses, mapped, input.crm);
  }
  return [];
}

function unmapped<Code extends string | number>(
  side: FindingSide,
  seen: ReadonlyMap<Code, number>,
  mapped: ReadonlySet<Code>,
  statuses: readonly { readonly code: Code; readonly name: string }[] | null,
): Finding[] {
  return [...seen]
    .filter(([code]) => !mapped.has(code))
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => {
      const name = statuses?.find((status) => status.code === code)?.name ?? String(code);
      return { kind: 'unmapped-in-use', side, status: code, name, count };
    });
}

function inactive({ pairs, crm }: DoctorInput): Finding[] {
  return pairs.flatMap(({ crmStatus }): Finding[] => {
    const found = crm?.find(({ code }) => code === crmStatus);
    if (!found || found.active) return [];
    return [{ kind: 'inactive', side: 'crm', status: crmStatus, name: found.name }];
  });
}

function neverUsed({ pairs, direction }: DoctorInput): Finding[] {
  return pairs.length > 0 && direction === 'none' ? [{ kind: 'never-used' }] : [];
}

/** A status that is switched off is left out: a new pair with it would be refused. */
function similar({ pairs, crm, zzap }: DoctorInput): Finding[] {
  const mappedCrm = new Set(pairs.map(({ crmStatus }) => crmStatus));
  const mappedZzap = new Set(pairs.map(({ zzapStatus }) => zzapStatus));
  const freeCrm = (crm ?? []).filter(({ code, active }) => active && !mappedCrm.has(code));
  const freeZzap = (zzap ?? []).filter(({ code }) => !mappedZzap.has(code));
  return bestMatches(freeCrm, freeZzap).map(([left, right]) => ({
    kind: 'similar',
    suggestion: { crmStatus: left.code, zzapStatus: right.code },
    crmName: left.name,
    zzapName: right.name,
  }));
}

/** One pair of the 1:1 mapping: a RetailCRM status code and a ZZap `code_track`. */
export interface StatusPair {
  readonly crmStatus: string;
  readonly zzapStatus: number;
}

export interface StatusMapping {
  readonly connectionId: string;
  readonly version: number;
  readonly pairs: readonly StatusPair[];
}

/** A status that stands in more than one pair, with the positions where it stands again. */
export interface DuplicateStatus {
  readonly index: number;
  readonly side: 'crmStatus' | 'zzapStatus';
  readonly firstIndex: number;
}

/** Every repetition on either side (M7: a status can be used once on each side). */
export function findDuplicates(pairs: readonly StatusPair[]): DuplicateStatus[] {
  const duplicates: DuplicateStatus[] = [];
  for (const side of ['crmStatus', 'zzapStatus'] as const) {
    const seen = new Map<string | number, number>();
    pairs.forEach((pair, index) => {
      const firstIndex = seen.get(pair[side]);
      if (firstIndex === undefined) seen.set(pair[side], index);
      else duplicates.push({ index, side, firstIndex });
    });
  }
  return duplicates;
}

/** The ZZap status for a RetailCRM status, or null when it is unmapped. */
export function zzapStatusFor(pairs: readonly StatusPair[], crmStatus: string): number | null {
  return pairs.find((pair) => pair.crmStatus === crmStatus)?.zzapStatus ?? null;
}

/** The RetailCRM status for a ZZap status, or null when it is unmapped. */
export function crmStatusFor(pairs: readonly StatusPair[], zzapStatus: number): string | null {
  return pairs.find((pair) => pair.zzapStatus === zzapStatus)?.crmStatus ?? null;
}

import type { IntervalMinutes, ItemLink, StatusDirection } from '../domain/connection';
import { Refusal } from '../domain/refusal';

/** Settings a person chooses. Absent means: not chosen. */
export interface ConnectionSettings {
  readonly name?: string | undefined;
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  readonly zzapApiKey?: string | undefined;
  readonly site?: string | null | undefined;
  readonly intervalMinutes?: IntervalMinutes | undefined;
  readonly itemLink?: ItemLink | undefined;
  readonly statusDirection?: StatusDirection | undefined;
  readonly includeApiChanges?: boolean | undefined;
  readonly importFromMs?: number | undefined;
  readonly active?: boolean | undefined;
}

export type NewConnection = ConnectionSettings &
  Required<{ [Key in 'name' | 'login' | 'password' | 'zzapApiKey']: string }>;

export type ConnectionChanges = ConnectionSettings & { readonly version?: number | undefined };

/** Flag 3 makes sense only when statuses go to ZZap (M6). */
export function checkFlags(direction: StatusDirection, includeApiChanges: boolean): void {
  if (!includeApiChanges || direction === 'crmToZzap') return;
  throw new Refusal('invalid', 'check-failed', {
    fields: [{ path: 'includeApiChanges', code: 'api-changes-need-crm-to-zzap' }],
  });
}

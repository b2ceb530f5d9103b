import { RETAILCRM_ASSUMED, type RetailCrmAssumptionId } from '../retailcrm/assumptions';
import { ZZAP_ASSUMED, type ZzapAssumptionId } from '../zzap/assumptions';
import type { Assumption, AssumptionId, AssumptionText } from './assumption';
import { RETAILCRM_TEXTS } from './retailcrm-list';
import { ZZAP_TEXTS } from './zzap-list';

function listOf<Id extends AssumptionId>(
  remote: Assumption['remote'],
  texts: Readonly<Record<Id, AssumptionText>>,
  assumed: Readonly<Record<Id, object>>,
): Assumption<Id>[] {
  const ids = Object.keys(texts) as Id[];
  return ids.map((id) => ({
    id,
    remote,
    ...texts[id],
    values: { ...assumed[id], ...texts[id].values },
  }));
}

export const ZZAP_ASSUMPTIONS = listOf<ZzapAssumptionId>('zzap', ZZAP_TEXTS, ZZAP_ASSUMED);
export const RETAILCRM_ASSUMPTIONS = listOf<RetailCrmAssumptionId>(
  'retailcrm',
  RETAILCRM_TEXTS,
  RETAILCRM_ASSUMED,
);

/** Every assumption about the remote systems: docs/assumptions.md is printed from this, the probe judges each. */
export const ASSUMPTIONS: readonly Assumption[] = [...ZZAP_ASSUMPTIONS, ...RETAILCRM_ASSUMPTIONS];

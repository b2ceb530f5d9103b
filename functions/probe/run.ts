import type { Clock } from '../ports/clock';
import { VERSION } from '../version';
import { shapeOfCrmCall, shapeOfZzapCall, type CallShape } from './call-shape';
import type { ProbeArguments } from './arguments';
import type { AssumptionId } from './assumption';
import type { CrmCall, CrmRead } from './crm-call';
import { CRM_JUDGES } from './crm-judges';
import { readCrm, type CrmReadings } from './crm-reading';
import type { ProbeTargets } from './environment';
import { unseen, type Blind, type Finding, type Judge } from './finding';
import { RETAILCRM_ASSUMPTIONS, ZZAP_ASSUMPTIONS } from './list';
import type { Judged } from './report';
import type { ZzapRead } from './zzap-answer';
import type { ZzapCall } from './zzap-call';
import { ZZAP_JUDGES } from './zzap-judges';
import { listedRowsOf } from './zzap-orders';
import { readZzap, type ZzapReadings } from './zzap-reading';

/** What is written to the shapes file. */
export interface ProbeShapes {
  readonly version: string;
  readonly findings: Readonly<Record<string, Finding>>;
  readonly zzap: readonly CallShape[];
  readonly retailcrm: readonly CallShape[];
}

export interface ProbeOutcome {
  readonly judged: readonly Judged[];
  readonly shapes: ProbeShapes;
  /** Why a system gave nothing to judge by, in words that may be printed. */
  readonly failures: readonly string[];
}

export type ProbeWishes = Pick<
  ProbeArguments,
  'tryWrongPassword' | 'tryWrongKey' | 'writeOrder' | 'writeCrmOrder'
>;

/** Asks both systems, one after the other, and judges each assumption. Nothing it returns holds a remote's value. */
export async function runProbe(
  targets: ProbeTargets,
  wishes: ProbeWishes,
  clock: Clock,
): Promise<ProbeOutcome> {
  const zzap = targets.zzap && (await readZzap(targets.zzap, wishes, clock));
  const crm =
    targets.crm && (await readCrm(targets.crm, crmWishes(wishes, zzap), clock, targets.crm.isOwnDomain));
  const judged = judge(zzap, crm);
  return {
    judged,
    shapes: {
      version: VERSION,
      findings: Object.fromEntries(judged.map(({ id, finding }): [AssumptionId, Finding] => [id, finding])),
      zzap: zzap === null ? [] : zzap.all.map(shapeOfZzapCall),
      retailcrm: crm === null ? [] : crm.all.map(shapeOfCrmCall),
    },
    failures: [...failureOf('ZZap', zzap?.all), ...failureOf('RetailCRM', crm?.all)],
  };
}

function judge(zzap: ZzapReadings | null, crm: CrmReadings | null): Judged[] {
  return [
    ...ZZAP_ASSUMPTIONS.map(({ id }) => ({ id, finding: findingOf(ZZAP_JUDGES[id], zzap) })),
    ...RETAILCRM_ASSUMPTIONS.map(({ id }) => ({ id, finding: findingOf(CRM_JUDGES[id], crm) })),
  ];
}

function crmWishes({ tryWrongKey, writeCrmOrder }: ProbeWishes, zzap: ZzapReadings | null) {
  const listed = [...listedRowsOf(zzap?.calls.recent), ...listedRowsOf(zzap?.calls.older)];
  const partNumbers = listed.flatMap((row) => (row.kind === 'order' ? [row.order.part.number] : []));
  return {
    tryWrongKey,
    writeOrder: writeCrmOrder,
    partNumbers: partNumbers.filter((number) => number !== ''),
  };
}

function findingOf<Readings>(judge: Judge<Readings> | Blind, readings: Readings | null): Finding {
  if (typeof judge === 'object') return unseen(judge.why, judge.said);
  return readings === null ? unseen('not-asked', 'this system was left out') : judge(readings);
}

/** Only what the first call says: the later ones speak through the findings. */
function failureOf(name: string, calls: readonly (ZzapCall | CrmCall)[] | undefined): string[] {
  const first = calls?.[0]?.read;
  if (first === undefined || first.kind === 'data') return [];
  return [`${name} could not be probed: ${first.kind}${moreOf(first)}`];
}

function moreOf(read: ZzapRead | CrmRead): string {
  if ('said' in read) return ` (${read.said})`;
  return 'facts' in read ? ` (${[read.facts.kind, read.facts.credential ?? ''].join(' ').trim()})` : '';
}

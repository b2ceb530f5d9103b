import type { Finding } from '../domain/mapping-doctor';
import type { DictionaryView } from '../settings/read-dictionaries';
import type { MappingView } from '../settings/status-mapping';
import type { Language } from './language';
import { textOf } from './texts';
import { toIso } from './times';

export function presentMapping({ mapping, dictionaries, findings }: MappingView, language: Language) {
  const { crm, zzap } = dictionaries;
  return {
    version: mapping.version,
    pairs: mapping.pairs,
    dictionaries: { crm: crm.statuses ?? [], zzap: zzap.statuses ?? [] },
    dictionaryState: { crm: presentState(crm, language), zzap: presentState(zzap, language) },
    findings: findings.map((finding) => presentFinding(finding, language)),
  };
}

function presentState({ readAtMs, problem }: DictionaryView<unknown>, language: Language) {
  return {
    readAt: toIso(readAtMs),
    stale: problem !== null,
    problem: problem && textOf(problem.code, language, problem.params),
  };
}

const EMPTY = { side: null, code: null, name: null, count: null, suggestion: null };

/** Every finding has every field, so that a form needs no cases. */
function presentFinding(finding: Finding, language: Language) {
  const code = `finding-${finding.kind}`;
  return { ...EMPTY, ...shown(finding), text: textOf(code, language, paramsOf(finding)) };
}

function shown(finding: Finding) {
  if (finding.kind === 'similar') return { kind: finding.kind, suggestion: finding.suggestion };
  if (finding.kind === 'never-used') return finding;
  const { status, ...others } = finding;
  return { ...others, code: status };
}

function paramsOf(finding: Finding): Record<string, string | number> {
  switch (finding.kind) {
    case 'similar':
      return { crmName: finding.crmName, zzapName: finding.zzapName };
    case 'never-used':
      return {};
    case 'vanished':
      return { remote: nameOf(finding.side), code: finding.status };
    case 'inactive':
      return { name: finding.name };
    case 'unmapped-in-use':
      return { remote: nameOf(finding.side), name: finding.name, count: finding.count };
  }
}

function nameOf(side: 'crm' | 'zzap'): string {
  return side === 'crm' ? 'RetailCRM' : 'ZZap';
}

import type { AssumptionId } from './assumption';
import type { Finding } from './finding';

export interface Judged {
  readonly id: AssumptionId;
  readonly finding: Finding;
}

const WORDS = { holds: 'holds', differs: 'DIFFERS', 'not-seen': 'not seen' } as const;

/** The table for a person: one line per assumption, what differs once more at the end. */
export function reportText(judged: readonly Judged[]): string {
  const lines = judged.map(({ id, finding }) => {
    const why = finding.verdict === 'not-seen' ? `[${finding.why}] ` : '';
    return `${id.padEnd(4)} ${WORDS[finding.verdict].padEnd(9)} ${why}${finding.said}`;
  });
  const count = (verdict: Finding['verdict']) =>
    judged.filter(({ finding }) => finding.verdict === verdict).length;
  const differing = judged.filter(({ finding }) => finding.verdict === 'differs').map(({ id }) => id);
  const more = differing.length === 0 ? '' : ` (${differing.join(', ')})`;
  const sums = `${count('holds')} hold, ${count('differs')} differ${more}, ${count('not-seen')} not seen`;
  return `${[...lines, '', sums].join('\n')}\n`;
}

/** 2: something differs. 1: a system that was to be probed gave nothing to judge by. 0: neither. */
export function exitCodeOf(judged: readonly Judged[], failures: readonly string[]): 0 | 1 | 2 {
  if (judged.some(({ finding }) => finding.verdict === 'differs')) return 2;
  return failures.length > 0 ? 1 : 0;
}

import type { Assumption } from './assumption';
import { CRM_JUDGES } from './crm-judges';
import type { Blind } from './finding';
import { RETAILCRM_ASSUMPTIONS, ZZAP_ASSUMPTIONS } from './list';
import { ZZAP_JUDGES } from './zzap-judges';

const INTRODUCTION = `# Assumptions

<!-- Printed by \`npm run docs\` from functions/probe/*-list.ts and the values of functions/zzap and functions/retailcrm. Edit those. -->

The module was built from public documents and from what public clients do. It has not met the live ZZap or a live RetailCRM account. This list says what it assumes, what breaks when an assumption is wrong, and how to settle it. The code reads its values from the same list, and [\`npm run probe\`](operations.md#before-the-first-real-shop-the-probe) compares it with real systems. When one is settled, change the list, and the sandbox's twin of it (\`functions/local/sandbox/*/assumptions.ts\`).

Strength of an assumption: **documented** by the vendor, **seen** in public code, **inferred** by us, **unknown**. Where an assumption has several parts, the strength is that of the part that matters most. Places are below \`functions/\`. What the module itself decided without a person's word, and what to do in the first hour with a real account, is in [open-questions](open-questions.md).
`;

const HEAD = `| # | Strength | Assumed | Value | Place | If it is wrong | How to settle | Probe |
| --- | --- | --- | --- | --- | --- | --- | --- |
`;

type Judges = Readonly<Record<string, Blind | ((...readings: never[]) => unknown)>>;

/** docs/assumptions.md, as the list has it. */
export function assumptionsDocument(): string {
  const zzap = ZZAP_ASSUMPTIONS.map((assumption) => rowOf(assumption, ZZAP_JUDGES));
  const crm = RETAILCRM_ASSUMPTIONS.map((assumption) => rowOf(assumption, CRM_JUDGES));
  return `${INTRODUCTION}\n## ZZap\n\n${HEAD}${zzap.join('')}\n## RetailCRM\n\n${HEAD}${crm.join('')}`;
}

function rowOf(assumption: Assumption, judges: Judges): string {
  const cells = [
    assumption.id,
    assumption.strength,
    assumption.assumed,
    Object.entries(assumption.values).map(valueText).join('; '),
    assumption.places.map((place) => `\`${place}\``).join(', '),
    assumption.ifWrong,
    assumption.howToSettle,
    probeText(judges[assumption.id]),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

function probeText(judge: Judges[string] | undefined): string {
  return typeof judge === 'object' ? judge.why : 'looks';
}

function valueText([name, value]: readonly [string, unknown]): string {
  return `\`${name}\` = \`${plainText(value)}\``;
}

/** Patterns as they are written; everything else as JSON without quotes. */
function plainText(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name}: ${plainText(inner)}`)
    .join(', ');
}

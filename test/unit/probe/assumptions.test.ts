import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OVERLAP_MS } from '../../../functions/domain/cursor-window';
import { STRENGTHS } from '../../../functions/probe/assumption';
import { CRM_JUDGES } from '../../../functions/probe/crm-judges';
import { UNSEEN_REASONS } from '../../../functions/probe/finding';
import { ASSUMPTIONS } from '../../../functions/probe/list';
import { assumptionsDocument } from '../../../functions/probe/markdown';
import { ZZAP_JUDGES } from '../../../functions/probe/zzap-judges';
import { REQUESTS_PER_SECOND, RETAILCRM_ASSUMED } from '../../../functions/retailcrm/assumptions';
import { ROW_COUNT_MAX, ZZAP_ASSUMED } from '../../../functions/zzap/assumptions';

const ROOT = join(__dirname, '../../..');
const ids = ASSUMPTIONS.map(({ id }) => id);

describe('the list of assumptions', () => {
  it('is numbered without gaps, each once, ZZap before RetailCRM', () => {
    expect(ids).toEqual([
      ...Array.from({ length: 25 }, (_, index) => `Z${index + 1}`),
      ...Array.from({ length: 24 }, (_, index) => `R${index + 1}`),
    ]);
  });

  it('tells of each what is assumed, what breaks and how to settle it', () => {
    const poor = ASSUMPTIONS.filter(
      ({ assumed, ifWrong, howToSettle, places, strength }) =>
        !assumed.endsWith('.') ||
        ifWrong === '' ||
        howToSettle === '' ||
        places.length === 0 ||
        !STRENGTHS.includes(strength),
    );

    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  it('names places that exist', () => {
    const places = ASSUMPTIONS.flatMap(({ id, places: files }) => files.map((file) => `${id} ${file}`));

    expect(places.filter((place) => !existsSync(join(ROOT, 'functions', place.split(' ')[1] ?? '')))).toEqual(
      [],
    );
  });

  it('holds the values that the code reads', () => {
    const valuesOf = (id: string) => ASSUMPTIONS.find((one) => one.id === id)?.values;

    expect(valuesOf('Z4')).toEqual({ rowCountMax: ROW_COUNT_MAX });
    expect(valuesOf('Z5')).toEqual({ overlapMs: OVERLAP_MS });
    expect(valuesOf('R1')).toEqual({ requestsPerSecond: REQUESTS_PER_SECOND });
    expect([ROW_COUNT_MAX, OVERLAP_MS, REQUESTS_PER_SECOND]).toEqual([10_000, 14_400_000, 9]);
  });

  it.each([
    ['zzap', Object.values<object>(ZZAP_ASSUMED)],
    ['retailcrm', Object.values<object>(RETAILCRM_ASSUMED)],
  ])('has no value for %s that no code reads', (folder, entries) => {
    const own = readFileSync(join(ROOT, 'functions', folder, 'assumptions.ts'), 'utf8');
    const names = entries.flatMap((entry) => Object.keys(entry));

    expect(names.length).toBeGreaterThan(3);
    // Each value is taken out under a name of its own, in the same file, and nowhere else.
    expect(names.filter((name) => !new RegExp(`[{,] ${name}: [A-Z_]+`).test(own))).toEqual([]);
  });

  it('is judged by the probe, each, or says why not', () => {
    const judges: Readonly<Record<string, unknown>> = { ...ZZAP_JUDGES, ...CRM_JUDGES };
    const blind = ids.flatMap((id) => {
      const judge = judges[id];
      return typeof judge === 'function' ? [] : [[id, (judge as { why: string }).why]];
    });

    expect(blind).toEqual([
      ['Z14', 'needs-person'],
      ['Z23', 'needs-write'],
      ['Z24', 'cannot-be-probed'],
      ['R3', 'needs-write'],
      ['R4', 'needs-write'],
      ['R7', 'needs-person'],
      ['R10', 'needs-write'],
      ['R11', 'needs-write'],
      ['R19', 'needs-write'],
      ['R21', 'cannot-be-probed'],
    ]);
    expect(blind.every(([, why]) => UNSEEN_REASONS.some((reason) => reason === why))).toBe(true);
  });
});

describe('docs/assumptions.md', () => {
  const printed = readFileSync(join(ROOT, 'docs/assumptions.md'), 'utf8');

  it('is what `npm run docs` prints', () => {
    expect(printed).toBe(assumptionsDocument());
  });

  it('has a row of eight cells for each assumption', () => {
    const rows = printed.split('\n').filter((line) => /^\| [ZR]\d/.test(line));

    expect(rows.map((row) => row.split(/(?<!\\)\|/).length - 2)).toEqual(ids.map(() => 8));
  });

  it('links to files that exist', () => {
    const links = [...printed.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, file = '']) => file);

    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((file) => !existsSync(join(ROOT, 'docs', file)))).toEqual([]);
  });
});

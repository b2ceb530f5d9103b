import fc from 'fast-check';
import { diagnoseMapping, type DoctorInput, type Finding } from '../../../functions/domain/mapping-doctor';
import { likenessOf, LIKENESS_MIN, normalizeName } from '../../../functions/domain/name-likeness';

const crm = (code: string, name = code, active = true) => ({ code, name, active });
const zzap = (code: number, name = String(code)) => ({ code, name });

function diagnosed(changes: Partial<DoctorInput>): Finding[] {
  return diagnoseMapping({
    pairs: [],
    crm: [],
    zzap: [],
    seenCrmStatuses: new Map(),
    seenZzapStatuses: new Map(),
    direction: 'zzapToCrm',
    ...changes,
  });
}

const PAIR = { crmStatus: 'new', zzapStatus: 10 };
const BOTH = { crm: [crm('new', 'Новый')], zzap: [zzap(10, 'Ожидание')] };

describe('the doctor', () => {
  it.each<[what: string, input: Partial<DoctorInput>, findings: Finding[]]>([
    ['nothing to an empty mapping', {}, []],
    ['nothing to a good one', { pairs: [PAIR], ...BOTH }, []],
    [
      'a ZZap status of orders that has no pair, the most frequent first',
      {
        pairs: [PAIR],
        ...BOTH,
        zzap: [...BOTH.zzap, zzap(20, 'Отказ')],
        seenZzapStatuses: new Map([
          [10, 7],
          [30, 1],
          [20, 3],
        ]),
        seenCrmStatuses: new Map([['other', 5]]),
      },
      [
        { kind: 'unmapped-in-use', side: 'zzap', status: 20, name: 'Отказ', count: 3 },
        { kind: 'unmapped-in-use', side: 'zzap', status: 30, name: '30', count: 1 },
      ],
    ],
    [
      'a RetailCRM status of orders that has no pair',
      {
        pairs: [PAIR],
        ...BOTH,
        direction: 'crmToZzap',
        seenZzapStatuses: new Map([[20, 3]]),
        seenCrmStatuses: new Map([
          ['new', 2],
          ['other', 5],
        ]),
      },
      [{ kind: 'unmapped-in-use', side: 'crm', status: 'other', name: 'other', count: 5 }],
    ],
    [
      'no unmapped status when statuses do not travel',
      {
        direction: 'none',
        seenZzapStatuses: new Map([[20, 3]]),
        seenCrmStatuses: new Map([['other', 5]]),
      },
      [],
    ],
    [
      'mapped codes that vanished, on both sides',
      { pairs: [PAIR] },
      [
        { kind: 'vanished', side: 'crm', status: 'new' },
        { kind: 'vanished', side: 'zzap', status: 10 },
      ],
    ],
    ['nothing vanished from a dictionary that was never read', { pairs: [PAIR], crm: null, zzap: null }, []],
    [
      'a mapped status that is switched off',
      { pairs: [PAIR], ...BOTH, crm: [crm('new', 'Новый', false), crm('old', 'Старый', false)] },
      [{ kind: 'inactive', side: 'crm', status: 'new', name: 'Новый' }],
    ],
    [
      'a mapping without a direction',
      { pairs: [PAIR], ...BOTH, direction: 'none' },
      [{ kind: 'never-used' }],
    ],
    ['nothing to no mapping without a direction', { direction: 'none' }, []],
    [
      'names so alike that they suggest a pair',
      { crm: [crm('a', 'Отменён'), crm('b', 'Новый')], zzap: [zzap(1, 'новый!'), zzap(2, 'ОТМЕНЕН')] },
      [
        {
          kind: 'similar',
          suggestion: { crmStatus: 'a', zzapStatus: 2 },
          crmName: 'Отменён',
          zzapName: 'ОТМЕНЕН',
        },
        {
          kind: 'similar',
          suggestion: { crmStatus: 'b', zzapStatus: 1 },
          crmName: 'Новый',
          zzapName: 'новый!',
        },
      ],
    ],
    [
      'the likest pair first, and each status in one suggestion only',
      {
        crm: [crm('a', 'Передан в доставку'), crm('b', 'Передано в доставку')],
        zzap: [zzap(1, 'Передано в доставку')],
      },
      [
        {
          kind: 'similar',
          suggestion: { crmStatus: 'b', zzapStatus: 1 },
          crmName: 'Передано в доставку',
          zzapName: 'Передано в доставку',
        },
      ],
    ],
    [
      'no pair with a status that is switched off',
      { crm: [crm('a', 'Новый', false)], zzap: [zzap(1, 'Новый')] },
      [],
    ],
    [
      'no pair with a status that has one',
      {
        pairs: [PAIR],
        crm: [crm('new', 'Новый'), crm('a', 'Ожидание')],
        zzap: [zzap(10, 'Ожидание'), zzap(20, 'Новый')],
      },
      [],
    ],
  ])('says %s', (_, input, findings) => {
    expect(diagnosed(input)).toEqual(findings);
  });

  const name = fc.oneof(
    fc.constantFrom('Новый', 'новый', 'Отменён', 'Отменен', 'В работе', 'Работа', '', '—', 'Я'),
    fc.string({ maxLength: 12 }),
  );
  const input = fc.record({
    pairs: fc.array(
      fc.record({ crmStatus: fc.constantFrom('a', 'b', 'c', 'd', 'gone'), zzapStatus: fc.nat(6) }),
      { maxLength: 5 },
    ),
    crm: fc.option(
      fc.uniqueArray(
        fc.record({ code: fc.constantFrom('a', 'b', 'c', 'd', 'e'), name, active: fc.boolean() }),
        { selector: ({ code }) => code },
      ),
    ),
    zzap: fc.option(fc.uniqueArray(fc.record({ code: fc.nat(5), name }), { selector: ({ code }) => code })),
    seenCrmStatuses: fc
      .array(fc.tuple(fc.constantFrom('a', 'c', 'x'), fc.integer({ min: 1, max: 9 })))
      .map((entries) => new Map(entries)),
    seenZzapStatuses: fc
      .array(fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 9 })))
      .map((entries) => new Map(entries)),
    direction: fc.constantFrom('none' as const, 'zzapToCrm' as const, 'crmToZzap' as const),
  });

  it('never suggests a status that is paired, switched off or offered already', () => {
    fc.assert(
      fc.property(input, (facts) => {
        const suggested = diagnoseMapping(facts).flatMap((one) =>
          one.kind === 'similar' ? [one.suggestion] : [],
        );

        for (const { crmStatus, zzapStatus } of suggested) {
          expect(facts.crm?.find(({ code }) => code === crmStatus)?.active).toBe(true);
          expect(facts.zzap?.some(({ code }) => code === zzapStatus)).toBe(true);
          expect(
            facts.pairs.some((pair) => pair.crmStatus === crmStatus || pair.zzapStatus === zzapStatus),
          ).toBe(false);
        }
        expect(new Set(suggested.map(({ crmStatus }) => crmStatus)).size).toBe(suggested.length);
        expect(new Set(suggested.map(({ zzapStatus }) => zzapStatus)).size).toBe(suggested.length);
      }),
    );
  });

  it('never invents a code', () => {
    fc.assert(
      fc.property(input, (facts) => {
        const codes = new Set<string | number>([
          ...facts.pairs.flatMap(({ crmStatus, zzapStatus }) => [crmStatus, zzapStatus]),
          ...facts.seenCrmStatuses.keys(),
          ...facts.seenZzapStatuses.keys(),
        ]);

        for (const finding of diagnoseMapping(facts)) {
          if ('status' in finding) expect(codes).toContain(finding.status);
        }
      }),
    );
  });
});

describe('the likeness of names', () => {
  it.each([
    ['Отменён', 'отменен'],
    ['  В   работе! ', 'в работе'],
    ['«Новый»', 'новый'],
    ['Ёлка 1С', 'елка 1с'],
    ['—', ''],
  ])('compares %j as %j', (written, compared) => {
    expect(normalizeName(written)).toBe(compared);
  });

  it.each([
    ['night', 'nacht', 0.25],
    ['Новый', 'НОВЫЙ', 1],
    ['аа', 'аааа', 0.5],
    ['Я', 'я', 1],
    ['Я', 'Ю', 0],
    ['', '', 0],
    ['—', '!', 0],
  ])('of %j and %j is %d', (a, b, likeness) => {
    expect(likenessOf(a, b)).toBeCloseTo(likeness, 10);
    expect(likenessOf(b, a)).toBe(likenessOf(a, b));
  });

  it.each([
    ['Передан в доставку', 'Передано в доставку', true],
    ['Отменен', 'Отменён покупателем', false],
    ['Нет в наличии', 'Нет в наличии на складе', true],
    ['Новый', 'Выполнен', false],
    ['Доставлен', 'Доставляется', false],
    ['Подтвержден', 'Не подтвержден', false],
    ['В наличии на складе', 'Нет в наличии на складе', false],
    ['Не подтвержден', 'Не подтверждён', true],
  ])('of %j and %j is enough for a suggestion: %s', (a, b, enough) => {
    expect(likenessOf(a, b) >= LIKENESS_MIN).toBe(enough);
  });

  it('lies between 0 and 1 and is 1 of a name with itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(likenessOf(a, b)).toBeGreaterThanOrEqual(0);
        expect(likenessOf(a, b)).toBeLessThanOrEqual(1);
        expect(likenessOf(a, a)).toBe(normalizeName(a) === '' ? 0 : 1);
      }),
    );
  });
});

/**
 * What a value looks like, without the value: types, lengths, counts and formats. Lists are told by what their
 * entries have in common, maps whose keys are data by the same.
 */
export type Shape = {
  readonly seen: number;
  readonly null?: number;
  readonly boolean?: number;
  readonly integer?: { readonly count: number; readonly digits: Range; readonly negative?: number };
  readonly decimal?: { readonly count: number; readonly places: Range; readonly negative?: number };
  readonly string?: {
    readonly count: number;
    readonly length: Range;
    readonly formats: Readonly<Record<string, number>>;
  };
  readonly list?: { readonly count: number; readonly length: Range; readonly of: Shape };
  readonly map?: { readonly count: number; readonly size: Range; readonly of: Shape };
  readonly object?: { readonly count: number; readonly fields: Readonly<Record<string, Shape>> };
};

export type Range = readonly [least: number, most: number];

/** Fields that are maps by a shop's own codes or by ids: their keys are values. */
const MAP_FIELDS = new Set([
  'sites',
  'statuses',
  'statusGroups',
  'orderMethods',
  'payments',
  'customFields',
  'properties',
]);

/** Anything else in the place of a field name may be a value. */
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,40}$/;

export function shapeOf(value: unknown): Shape {
  return shapeOfAll([value], false);
}

function shapeOfAll(values: readonly unknown[], isMap: boolean): Shape {
  const strings = values.filter((value) => typeof value === 'string');
  const integers = values.filter((value) => Number.isInteger(value)) as number[];
  const decimals = values.filter(
    (value) => typeof value === 'number' && !Number.isInteger(value),
  ) as number[];
  const lists = values.filter((value) => Array.isArray(value)) as unknown[][];
  const objects = values.filter(isObject);
  return {
    seen: values.length,
    ...counted('null', values.filter((value) => value === null).length),
    ...counted('boolean', values.filter((value) => typeof value === 'boolean').length),
    ...(integers.length > 0 && {
      integer: {
        count: integers.length,
        digits: rangeOf(integers.map((number) => String(Math.abs(number)).length)),
        ...counted('negative', integers.filter((number) => number < 0).length),
      },
    }),
    ...(decimals.length > 0 && { decimal: shapeOfDecimals(decimals) }),
    ...(strings.length > 0 && { string: shapeOfStrings(strings) }),
    ...(lists.length > 0 && {
      list: {
        count: lists.length,
        length: rangeOf(lists.map((list) => list.length)),
        of: shapeOfAll(lists.flat(), false),
      },
    }),
    ...(objects.length > 0 && (isMap ? { map: shapeOfMaps(objects) } : { object: shapeOfObjects(objects) })),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function counted<Name extends string>(name: Name, count: number): Partial<Record<Name, number>> {
  return (count === 0 ? {} : { [name]: count }) as Partial<Record<Name, number>>;
}

/** Without spreading: a list may be as long as an answer. */
function rangeOf(numbers: readonly number[]): Range {
  return numbers.reduce<Range>(
    ([least, most], number) => [Math.min(least, number), Math.max(most, number)],
    [numbers[0] ?? 0, numbers[0] ?? 0],
  );
}

function shapeOfDecimals(decimals: readonly number[]) {
  return {
    count: decimals.length,
    places: rangeOf(decimals.map((number) => (/\.(\d+)$/.exec(String(number))?.[1] ?? '').length)),
    ...counted('negative', decimals.filter((number) => number < 0).length),
  };
}

function shapeOfStrings(strings: readonly string[]) {
  const formats: Record<string, number> = {};
  for (const text of strings) {
    const format = formatOf(text);
    formats[format] = (formats[format] ?? 0) + 1;
  }
  return { count: strings.length, length: rangeOf(strings.map((text) => text.length)), formats };
}

function shapeOfMaps(maps: readonly Readonly<Record<string, unknown>>[]) {
  return {
    count: maps.length,
    size: rangeOf(maps.map((map) => Object.keys(map).length)),
    of: shapeOfAll(
      maps.flatMap((map) => Object.values(map)),
      false,
    ),
  };
}

function shapeOfObjects(objects: readonly Readonly<Record<string, unknown>>[]) {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of objects.flatMap((object) => Object.entries(object))) {
    const shown = FIELD_NAME.test(name) ? name : '(not a name)';
    const all = values.get(shown) ?? [];
    all.push(value);
    values.set(shown, all);
  }
  const fields = [...values].map(([name, all]) => [name, shapeOfAll(all, MAP_FIELDS.has(name))] as const);
  return { count: objects.length, fields: Object.fromEntries(fields) };
}

const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

const FORMATS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['blank', /^\s*$/],
  ['digits', /^\d+$/],
  ['number', /^-?\d[\d\s]*(?:[.,]\d+)?$/],
  ['number and a unit', /^-?\d[\d\s]*(?:[.,]\d+)?\s*(?:шт|р|руб)\.?$/i],
  ['masked', /\*{2,}|[xхX•]{4,}/],
  ['address of a page', /^https?:\/\//i],
  ['e-mail', /^[^\s@]+@[^\s@]+$/],
  ['phone', /^\+?[\d\s()-]{10,}$/],
  ['markup', /<[a-z!/][^>]*>/i],
];

/** `date` formats tell their own punctuation, with each digit as a 9. */
export function formatOf(text: string): string {
  if (text === '') return 'empty';
  if (DATE.test(text)) return `date ${text.replace(/\d/g, '9')}`;
  return FORMATS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}

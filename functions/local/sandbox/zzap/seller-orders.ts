import { ERROR_TEXT, isWithin, ROW_COUNT, type Settings } from './assumptions';
import type { MethodAnswer, MethodContext } from './methods';
import { parseMoscow } from './moscow-time';
import { toRow, visibleVersion, type OrderVersion, type RawRow, type SandboxOrder } from './orders';
import type { Parameters } from './parameters';

interface Shown {
  order: SandboxOrder;
  version: OrderVersion;
}

interface Filter {
  rowCount: number;
  /** undefined = all statuses. */
  statuses: ReadonlySet<number> | undefined;
  fromMs: number | undefined;
  toMs: number | undefined;
}

/** GetSellerOrdersV3: one row per order, chosen by the date of its last event as the replica knows it. */
export function readSellerOrders({ state, nowMs }: MethodContext, params: Parameters): MethodAnswer {
  const settings = state.settings();
  const filter = readFilter(params, settings);
  if ('error' in filter) return { error: filter.error, row_count: 0, table: [] };
  const shown = state
    .orders(params['login'])
    .flatMap((order): Shown[] => {
      const version = visibleVersion(order, nowMs);
      return version !== undefined && matches(version, filter) ? [{ order, version }] : [];
    })
    .sort(ORDERINGS[settings.truncation])
    .slice(0, filter.rowCount);
  const table = shown.map(({ order, version }) => toRow(order, version));
  return { error: '', row_count: table.length, ...withTemplate(table, settings.classTemplate) };
}

function readFilter(params: Parameters, { dateZone }: Settings): Filter | { error: string } {
  const rowCount = readRowCount(params['row_count'] ?? '');
  if (rowCount === undefined) return { error: ERROR_TEXT.wrongRowCount };
  const statuses = readStatuses(params['codes_track'] ?? '');
  if (statuses === null) return { error: ERROR_TEXT.wrongStatusList };
  const fromMs = readBound(params['date_from'] ?? '', dateZone);
  const toMs = readBound(params['date_to'] ?? '', dateZone);
  if (fromMs === null || toMs === null) return { error: ERROR_TEXT.wrongDate };
  return { rowCount, statuses, fromMs, toMs };
}

/** undefined: no bound. null: not a date. */
const readBound = (text: string, dateZone: Settings['dateZone']): number | undefined | null =>
  text.trim() === '' ? undefined : (parseMoscow(text, dateZone) ?? null);

function readRowCount(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return ROW_COUNT.byDefault;
  return /^[1-9]\d*$/.test(trimmed) ? Math.min(Number(trimmed), ROW_COUNT.most) : undefined;
}

/** `10; 20;` with or without spaces. null: something in the list is not a number. */
function readStatuses(text: string): ReadonlySet<number> | undefined | null {
  const codes = text
    .split(';')
    .map((code) => code.trim())
    .filter((code) => code !== '');
  if (codes.length === 0) return undefined;
  return codes.every((code) => /^-?\d+$/.test(code)) ? new Set(codes.map(Number)) : null;
}

const matches = (version: OrderVersion, { statuses, fromMs, toMs }: Filter): boolean =>
  (statuses?.has(version.status) ?? true) && isWithin(version.eventAtMs, fromMs, toMs);

const byEvent = (a: Shown, b: Shown): number =>
  a.version.eventAtMs - b.version.eventAtMs || a.order.code - b.order.code;

/** Spreads neighbouring numbers apart (Knuth's multiplicative hash), the same way every time. */
const scatter = (code: number): number => Math.imul(code, 2_654_435_761) >>> 0;

const ORDERINGS: Readonly<Record<Settings['truncation'], (a: Shown, b: Shown) => number>> = {
  'keep-oldest': byEvent,
  'keep-newest': (a, b) => byEvent(b, a),
  'keep-arbitrary': (a, b) => scatter(a.order.code) - scatter(b.order.code),
};

function withTemplate(table: RawRow[], place: Settings['classTemplate']): Partial<MethodAnswer> {
  if (place === 'row') return { table };
  const rows = table.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => field !== 'class_template')),
  );
  return { class_template: table[0]?.['class_template'] ?? '', table: rows };
}

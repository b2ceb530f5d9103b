import { createHash } from 'node:crypto';
import { parseRoubles, type Kopecks } from '../domain/money';
import type { Buyer, ListedRow, MarketplaceOrder } from '../domain/marketplace-order';
import type { ZzapStatus } from '../ports/zzap-cabinet';
import { CODE_PREFIX, NAME_PREFIX } from './assumptions';
import { fromMoscow } from './moscow-time';
import { orderRow, type ZzapOrderRow } from './wire-schemas';

type Loose = string | number | null | undefined;

/** A row as an order, or the field that makes it unreadable. `template` is the answer's own, for rows without. */
export function toListedRow(given: unknown, template: Loose): ListedRow {
  const row = withTemplate(given, template);
  const raw = JSON.stringify(row);
  const parsed = orderRow.safeParse(row);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    return unreadable(row, raw, field === '' ? 'not an object' : field);
  }
  const quantity = toQuantity(parsed.data.qty_order);
  if (quantity === null) return unreadable(row, raw, 'qty_order');
  const priceKopecks = toPrice(parsed.data);
  if (priceKopecks === null) return unreadable(row, raw, 'priceV2');
  return { kind: 'order', order: toOrder(parsed.data, quantity, priceKopecks), raw };
}

/** A row that is kept is read again without the answer it came in. */
function withTemplate(row: unknown, template: Loose): unknown {
  if (typeof row !== 'object' || row === null || Array.isArray(row) || clean(template) === undefined)
    return row;
  const own = (row as { class_template?: unknown }).class_template ?? '';
  return typeof own === 'string' && own.trim() === '' ? { ...row, class_template: template } : row;
}

function unreadable(row: unknown, raw: string, problem: string): ListedRow {
  const code = orderRow.pick({ code_order: true }).safeParse(row);
  return {
    kind: 'unreadable',
    row: { code: code.success ? toCode(code.data.code_order) : null, problem },
    raw,
  };
}

function toCode(value: string | number): string {
  return String(value).replace(/^0+(?=\d)/, '');
}

function toOrder(row: ZzapOrderRow, quantity: number, priceKopecks: Kopecks): MarketplaceOrder {
  const facts = {
    code: toCode(row.code_order),
    createdAtMs: fromMoscow(clean(row.create_date) ?? ''),
    part: {
      brand: clean(row.class_man) ?? '',
      number: clean(row.partnumber) ?? '',
      name: clean(row.class_cat) ?? '',
    },
    quantity,
    priceKopecks,
    buyer: toBuyer(row),
    ...present('comment', clean(row.comment)),
    ...present('message', clean(row.message)),
    ...present('deliveryDays', toDays(row.delivery_days)),
  };
  const statusCode = Number(row.code_track);
  return {
    ...facts,
    statusCode,
    // No facts of the order: the price list may be the whole answer's and change with the rows beside this one.
    ...present('priceList', clean(row.class_template)),
    ...present('statusName', clean(row.class_track)),
    fingerprint: fingerprintOf({ ...facts, statusCode }),
    contentFingerprint: fingerprintOf(facts),
  };
}

/** 64 bits: enough to tell two readings of one order apart, nothing to guess a buyer from. */
function fingerprintOf(facts: object): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 11);
}

function toBuyer(row: ZzapOrderRow): Buyer {
  return {
    ...present('name', clean(row.client_name)),
    ...present('phone', clean(row.client_phone)),
    ...present('email', clean(row.client_email)),
  };
}

const QUANTITY = /^(\d{1,6}(?:[.,]\d{1,6})?)(?:шт\.?)?$/i;

/** A number, or a text such as «9 шт.». */
function toQuantity(value: string | number): number | null {
  const written = typeof value === 'number' ? value : QUANTITY.exec(value.replace(/\s/g, ''))?.[1];
  const quantity = typeof written === 'string' ? Number(written.replace(',', '.')) : (written ?? 0);
  return quantity > 0 && quantity < 1e6 ? quantity : null;
}

/** The old text field («1 234р.») stands in where the numeric one is missing. */
function toPrice(row: ZzapOrderRow): Kopecks | null {
  const value = notBlank(row.priceV2) ?? clean(row.price)?.replace(/(р|руб)\.?$/i, '');
  if (value === undefined) return null;
  const kopecks = parseRoubles(value);
  return kopecks !== null && kopecks >= 0 ? kopecks : null;
}

function toDays(value: Loose): number | undefined {
  const days = Number(notBlank(value) ?? Number.NaN);
  return Number.isInteger(days) && days >= 0 && days < 1000 ? days : undefined;
}

function notBlank(value: Loose): string | number | undefined {
  return value === null || (typeof value === 'string' && value.trim() === '') ? undefined : value;
}

/** Text without surrounding blanks; empty, blank and absent are all absent. Half an emoji is no text. */
function clean(value: Loose): string | undefined {
  const text = notBlank(value);
  return text === undefined
    ? undefined
    : String(text)
        .trim()
        .replace(/\p{Cs}/gu, '\ufffd');
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, Value>>;
}

/** One dictionary entry: `code_track` and `class_track`, else the first whole number and text so prefixed. */
export function toStatus(row: Readonly<Record<string, unknown>>): ZzapStatus | null {
  const { code_track, class_track } = row;
  const entries = Object.entries({ code_track, class_track, ...row });
  const code = entries.find(([key, value]) => key.startsWith(CODE_PREFIX) && isWhole(value))?.[1];
  const name = entries.find(([key, value]) => key.startsWith(NAME_PREFIX) && typeof value === 'string')?.[1];
  if (!isWhole(code)) return null;
  const label = typeof name === 'string' ? name.trim() : '';
  return { code: Number(code), name: label === '' ? `№ ${code}` : label };
}

function isWhole(value: unknown): value is number | string {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,9}$/.test(value));
}

import { createHash } from 'node:crypto';
import { parseRoubles, type Kopecks } from '../domain/money';
import type { Buyer, ListedRow, MarketplaceOrder } from '../domain/marketplace-order';
import type { ZzapStatus } from '../ports/zzap-cabinet';
import { fromMoscow } from './moscow-time';
import { orderRow, type ZzapOrderRow } from './wire-schemas';

type Loose = string | number | null | undefined;

/** A row as an order, or the field that makes it unreadable. `template` is the answer's own, for rows without. */
export function toListedRow(row: unknown, template: Loose): ListedRow {
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
  return { kind: 'order', order: toOrder(parsed.data, quantity, priceKopecks, template), raw };
}

function unreadable(row: unknown, raw: string, problem: string): ListedRow {
  const code =
    typeof row === 'object' && row !== null ? (row as { code_order?: unknown }).code_order : undefined;
  const readable = typeof code === 'number' || typeof code === 'string' ? String(code) : '';
  return {
    kind: 'unreadable',
    row: { code: /^\d{1,20}$/.test(readable) ? readable : null, problem },
    raw,
  };
}

function toOrder(
  row: ZzapOrderRow,
  quantity: number,
  priceKopecks: Kopecks,
  template: Loose,
): MarketplaceOrder {
  const facts = {
    code: String(row.code_order).replace(/^0+(?=\d)/, ''),
    createdAtMs: fromMoscow(clean(row.create_date) ?? ''),
    part: {
      brand: clean(row.class_man) ?? '',
      number: clean(row.partnumber) ?? '',
      name: clean(row.class_cat) ?? '',
    },
    quantity,
    priceKopecks,
    statusCode: Number(row.code_track),
    buyer: toBuyer(row),
    ...present('comment', clean(row.comment)),
    ...present('message', clean(row.message)),
    ...present('deliveryDays', toDays(row.delivery_days)),
    ...present('priceList', clean(row.class_template) ?? clean(template)),
  };
  return { ...facts, ...present('statusName', clean(row.class_track)), fingerprint: fingerprintOf(facts) };
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

function toQuantity(value: string | number): number | null {
  const quantity = typeof value === 'number' ? value : Number(value.replace(',', '.').trim() || Number.NaN);
  return Number.isFinite(quantity) && quantity > 0 && quantity < 1e6 ? quantity : null;
}

/** The old text field («1 234р.») stands in where the numeric one is missing. */
function toPrice(row: ZzapOrderRow): Kopecks | null {
  const value = row.priceV2 ?? clean(row.price)?.replace(/\s*(р|руб)\.?\s*$/i, '');
  if (value === undefined) return null;
  const kopecks = parseRoubles(value);
  return kopecks !== null && kopecks >= 0 ? kopecks : null;
}

function toDays(value: Loose): number | undefined {
  const days = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isInteger(days) && days >= 0 && days < 1000 ? days : undefined;
}

/** Text without surrounding blanks; empty, blank and absent are all absent. */
function clean(value: Loose): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text;
}

function present<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<Key, Value>>;
}

/** One dictionary entry: the first whole number under `code_…` and the first text under `class_…`. */
export function toStatus(row: Readonly<Record<string, unknown>>): ZzapStatus | null {
  const entries = Object.entries(row);
  const code = entries.find(([key, value]) => key.startsWith('code_') && isWhole(value))?.[1];
  const name = entries.find(([key, value]) => key.startsWith('class_') && typeof value === 'string')?.[1];
  if (!isWhole(code)) return null;
  const label = typeof name === 'string' ? name.trim() : '';
  return { code: Number(code), name: label === '' ? `№ ${code}` : label };
}

function isWhole(value: unknown): value is number | string {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,9}$/.test(value));
}

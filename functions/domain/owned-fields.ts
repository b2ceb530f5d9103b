import type { Kopecks } from './money';
import type { MarketplaceOrder } from './marketplace-order';

/** Fields of a RetailCRM order that ZZap knows better, until a person has changed them there. */
export const OWNED_FIELDS = ['name', 'phone', 'email', 'customerComment', 'quantity', 'price'] as const;
export type OwnedField = (typeof OWNED_FIELDS)[number];

/** Their values in RetailCRM now. */
export interface OwnedValues {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly customerComment: string | null;
  /** The order's items; ours is the one that carries the ZZap row's number. */
  readonly items: readonly OwnedItem[];
}

export interface OwnedItem {
  readonly itemId: number;
  readonly rowId: string | null;
  readonly quantity: number;
  readonly priceKopecks: Kopecks | null;
}

/** What is to be written; absent fields stay as they are. */
export interface OwnedChanges {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly customerComment?: string;
  readonly item?: { readonly itemId: number; readonly quantity: number; readonly priceKopecks?: Kopecks };
}

export interface UpdatePlan {
  readonly changes: OwnedChanges;
  readonly updated: readonly OwnedField[];
  /** ZZap has another value, but somebody changed this one in RetailCRM: it stays. */
  readonly kept: readonly OwnedField[];
}

/**
 * The fields that follow ZZap: those with another value there that nobody else has touched. What ZZap does not
 * give is absent, not empty: it erases nothing. The item follows only while it is the order's only one, since
 * RetailCRM replaces an order's items as a whole.
 */
export function planUpdate(
  order: MarketplaceOrder,
  current: OwnedValues,
  touchedByOthers: ReadonlySet<OwnedField>,
): UpdatePlan {
  const wanted = wantedTexts(order);
  const item = onlyItemOf(order, current);
  const different = [
    ...TEXT_FIELDS.filter((field) => wanted[field] !== undefined && wanted[field] !== current[field]),
    ...(item && item.quantity !== order.quantity ? (['quantity'] as const) : []),
    ...(item && item.priceKopecks !== order.priceKopecks ? (['price'] as const) : []),
  ];
  const updated = different.filter((field) => !touchedByOthers.has(field));
  const texts = TEXT_FIELDS.filter((field) => updated.includes(field));
  return {
    updated,
    kept: different.filter((field) => touchedByOthers.has(field)),
    changes: {
      ...Object.fromEntries(texts.map((field) => [field, wanted[field]])),
      ...(item && texts.length < updated.length && { item: changedItem(order, item, updated) }),
    },
  };
}

const TEXT_FIELDS = ['name', 'phone', 'email', 'customerComment'] as const;

function wantedTexts({
  buyer,
  comment,
}: MarketplaceOrder): Partial<Record<(typeof TEXT_FIELDS)[number], string>> {
  return { ...buyer, ...(comment !== undefined && { customerComment: comment }) };
}

function onlyItemOf(order: MarketplaceOrder, { items }: OwnedValues): OwnedItem | null {
  const [item, ...others] = items;
  return item && others.length === 0 && item.rowId === order.code ? item : null;
}

function changedItem(order: MarketplaceOrder, item: OwnedItem, updated: readonly OwnedField[]) {
  const priceKopecks = updated.includes('price') ? order.priceKopecks : item.priceKopecks;
  return {
    itemId: item.itemId,
    quantity: updated.includes('quantity') ? order.quantity : item.quantity,
    ...(priceKopecks !== null && { priceKopecks }),
  };
}

/** RetailCRM's history names of the fields; an item added or taken away touches both of its values. */
export const HISTORY_FIELDS: Readonly<Record<string, readonly OwnedField[]>> = {
  first_name: ['name'],
  last_name: ['name'],
  patronymic: ['name'],
  phone: ['phone'],
  email: ['email'],
  customer_comment: ['customerComment'],
  order_product: ['quantity', 'price'],
  'order_product.quantity': ['quantity'],
  'order_product.initial_price': ['price'],
  'order_product.discount_total': ['price'],
};

export function ownedFieldsOf(historyField: string): readonly OwnedField[] {
  return Object.hasOwn(HISTORY_FIELDS, historyField) ? (HISTORY_FIELDS[historyField] ?? []) : [];
}

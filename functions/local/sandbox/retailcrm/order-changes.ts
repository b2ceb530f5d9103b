import { discountOf, PLAIN_FIELD_NAMES, PLAIN_FIELDS, roubles, type Order, type OrderItem } from './order';

/** One changed field of an order, as the history will tell it. */
export interface FieldChange {
  readonly field: string;
  readonly oldValue: unknown;
  readonly newValue: unknown;
  readonly item?: { readonly id: number; readonly offerId?: number };
}

const coded = (code: string | undefined): { code: string } | null => (code === undefined ? null : { code });
const entity = (id: number | undefined): { id: number } | null => (id === undefined ? null : { id });
const scalar = <T>(value: T | undefined): T | null => value ?? null;

/** Dictionaries are written as `{code}`, entities as `{id}`, scalars raw. */
function headChanges(before: Order, after: Order): FieldChange[] {
  return [
    { field: 'status', oldValue: coded(before.status), newValue: coded(after.status) },
    { field: 'order_method', oldValue: coded(before.orderMethod), newValue: coded(after.orderMethod) },
    { field: 'order_type', oldValue: coded(before.orderType), newValue: coded(after.orderType) },
    { field: 'manager', oldValue: entity(before.managerId), newValue: entity(after.managerId) },
    { field: 'customer', oldValue: entity(before.customerId), newValue: entity(after.customerId) },
    { field: 'external_id', oldValue: scalar(before.externalId), newValue: scalar(after.externalId) },
    { field: 'number', oldValue: before.number, newValue: after.number },
    { field: 'created_at', oldValue: before.createdAt, newValue: after.createdAt },
    ...PLAIN_FIELD_NAMES.map((name) => ({
      field: PLAIN_FIELDS[name],
      oldValue: scalar(before.plain[name]),
      newValue: scalar(after.plain[name]),
    })),
  ];
}

function mapChanges(
  prefix: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): FieldChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].map((name) => ({
    field: `${prefix}${name}`,
    oldValue: scalar(before[name]),
    newValue: scalar(after[name]),
  }));
}

function deliveryChanges(before: Order, after: Order): FieldChange[] {
  const [old, now] = [before.delivery, after.delivery];
  return [
    { field: 'delivery_type', oldValue: coded(old.code), newValue: coded(now.code) },
    { field: 'delivery_cost', oldValue: old.cost, newValue: now.cost },
    { field: 'delivery_net_cost', oldValue: old.netCost, newValue: now.netCost },
    { field: 'delivery_date', oldValue: scalar(old.date), newValue: scalar(now.date) },
    ...mapChanges('delivery_address.', old.address, now.address),
  ];
}

const rowOf = (item: OrderItem): NonNullable<FieldChange['item']> => ({
  id: item.id,
  ...(item.offerId === undefined ? {} : { offerId: item.offerId }),
});

function rowChanges(before: OrderItem, after: OrderItem): FieldChange[] {
  const item = rowOf(after);
  const sum = (row: OrderItem): number => roubles((row.initialPrice - discountOf(row)) * row.quantity);
  return [
    { field: 'order_product.status', oldValue: coded(before.status), newValue: coded(after.status), item },
    { field: 'order_product.quantity', oldValue: before.quantity, newValue: after.quantity, item },
    {
      field: 'order_product.initial_price',
      oldValue: before.initialPrice,
      newValue: after.initialPrice,
      item,
    },
    {
      field: 'order_product.discount_total',
      oldValue: discountOf(before),
      newValue: discountOf(after),
      item,
    },
    { field: 'order_product.summ', oldValue: sum(before), newValue: sum(after), item },
  ];
}

function itemChanges(before: Order, after: Order): FieldChange[] {
  const was = new Map(before.items.map((item) => [item.id, item]));
  const is = new Map(after.items.map((item) => [item.id, item]));
  const removed = before.items.filter((item) => !is.has(item.id));
  return [
    ...removed.map((item) => ({
      field: 'order_product',
      oldValue: entity(item.id),
      newValue: null,
      item: rowOf(item),
    })),
    ...after.items.flatMap((item) => {
      const old = was.get(item.id);
      if (old) return rowChanges(old, item);
      return [{ field: 'order_product', oldValue: null, newValue: entity(item.id), item: rowOf(item) }];
    }),
  ];
}

const differs = ({ oldValue, newValue }: FieldChange): boolean =>
  JSON.stringify(oldValue) !== JSON.stringify(newValue);

/** What a save changed. Setting a field to what it already is leaves no trace in the history. */
export function changesBetween(before: Order, after: Order): FieldChange[] {
  return [
    ...headChanges(before, after),
    ...deliveryChanges(before, after),
    ...mapChanges('contragent.', before.contragent, after.contragent),
    ...mapChanges('custom_', before.customFields, after.customFields),
    ...itemChanges(before, after),
  ].filter(differs);
}

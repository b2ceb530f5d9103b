import type { Account } from './account';
import { defaultCode } from './dictionaries';
import { offerOf } from './order-checks';
import type { ItemPayload } from './order-payload';
import { roubles, type ItemProperty, type OrderItem } from './order';

function propertiesOf(item: ItemPayload): ItemProperty[] {
  const given = item.properties ?? [];
  const entries = Array.isArray(given)
    ? given.map((value, index) => [String(index), value] as const)
    : Object.entries(given);
  return entries.map(([key, property]) => {
    const code = property.code ?? property.name ?? key;
    return { code, name: property.name ?? code, value: property.value };
  });
}

/** Quantities have three decimals. */
const quantityOf = (quantity: number): number => Math.round(quantity * 1000) / 1000;

/** A new row before the request has its say: the price comes from the catalogue when the row is linked. */
function startingPoint(account: Account, payload: ItemPayload, id: number, createdAt: string): OrderItem {
  const offer = offerOf(account, payload)?.offer;
  return {
    id,
    createdAt,
    initialPrice: offer?.price ?? 0,
    purchasePrice: offer?.purchasePrice ?? 0,
    quantity: 1,
    discountManualAmount: 0,
    discountManualPercent: 0,
    vatRate: 'none',
    status: defaultCode(account.dictionary('productStatuses'), 'defaultForApi'),
    priceType: defaultCode(account.dictionary('priceTypes'), 'defaultForApi'),
    properties: [],
    externalIds: [],
  };
}

const money = (given: number | null | undefined, stored: number): number => roubles(given ?? stored);

function withText(item: OrderItem, payload: ItemPayload): OrderItem {
  return {
    ...item,
    ...(typeof payload.productName === 'string' ? { productName: payload.productName } : {}),
    ...(typeof payload.comment === 'string' ? { comment: payload.comment } : {}),
    ...(payload.properties ? { properties: propertiesOf(payload) } : {}),
    ...(payload.externalIds ? { externalIds: payload.externalIds } : {}),
    vatRate: payload.vatRate ?? item.vatRate,
    status: payload.status ?? item.status,
    priceType: payload.priceType?.code ?? item.priceType,
  };
}

/** The row after a request: given fields replace what is there, the rest stays. */
export function mergeItem(account: Account, item: OrderItem, payload: ItemPayload): OrderItem {
  const found = offerOf(account, payload);
  return withText(
    {
      ...item,
      ...(found ? { offerId: found.offer.id } : {}),
      initialPrice: money(payload.initialPrice, item.initialPrice),
      purchasePrice: money(payload.purchasePrice, item.purchasePrice),
      quantity: quantityOf(payload.quantity ?? item.quantity),
      discountManualAmount: money(payload.discountManualAmount, item.discountManualAmount),
      discountManualPercent: payload.discountManualPercent ?? item.discountManualPercent,
    },
    payload,
  );
}

export function newItem(account: Account, payload: ItemPayload, createdAt: string): OrderItem {
  return mergeItem(account, startingPoint(account, payload, account.nextId('item'), createdAt), payload);
}

function storedRow(items: readonly OrderItem[], payload: ItemPayload): OrderItem | undefined {
  if (payload.id !== undefined && payload.id !== null) return items.find((item) => item.id === payload.id);
  const wanted = payload.externalIds ?? [];
  return items.find((item) =>
    item.externalIds.some((own) =>
      wanted.some(({ code, value }) => code === own.code && value === own.value),
    ),
  );
}

/** On edit the list replaces the composition: rows known by id or externalIds are kept, rows left out go. */
export function replaceItems(
  account: Account,
  items: readonly OrderItem[],
  payloads: readonly ItemPayload[],
): OrderItem[] {
  return payloads.map((payload) => {
    const stored = storedRow(items, payload);
    return stored ? mergeItem(account, stored, payload) : newItem(account, payload, account.now());
  });
}

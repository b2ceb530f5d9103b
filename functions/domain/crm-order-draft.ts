import type { Kopecks } from './money';
import { externalIdOf, type Buyer, type MarketplaceOrder } from './marketplace-order';

/** What the module writes when it creates an order in RetailCRM; it owns no other field of it. */
export interface CrmOrderDraft {
  readonly externalId: string;
  readonly createdAtMs: number | null;
  readonly buyer: Buyer;
  readonly customerComment?: string;
  readonly managerComment: string;
  readonly orderMethod?: string;
  readonly status?: string;
  readonly item: CrmItemDraft;
}

export interface CrmItemDraft {
  /** ZZap's row number, written as the item's external id. */
  readonly rowId: string;
  readonly name: string;
  readonly brand: string;
  readonly article: string;
  readonly priceKopecks: Kopecks;
  readonly quantity: number;
  readonly offerId?: number;
}

/** An order as RetailCRM has it. */
export interface StoredCrmOrder {
  readonly crmOrderId: number;
  readonly externalId: string;
  readonly number: string | null;
  readonly status: string | null;
  readonly sumKopecks: Kopecks | null;
}

export interface DraftChoices {
  readonly orderMethod: string | null;
  readonly status: string | null;
  readonly offerId: number | null;
}

/** RetailCRM's usual string limit; the limit of single fields is not documented. */
export const TEXT_LENGTH_MAX = 255;

/** Half an emoji at the cut is no text: as JSON it would make the whole request unreadable. */
function short(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return text;
  return `${text.slice(0, TEXT_LENGTH_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function draftCrmOrder(order: MarketplaceOrder, choices: DraftChoices): CrmOrderDraft {
  const { part, buyer } = order;
  const title = [part.brand, part.number, part.name].filter((text) => text !== '').join(' ');
  return {
    externalId: externalIdOf(order.code),
    createdAtMs: order.createdAtMs,
    buyer: buyer.name === undefined ? buyer : { ...buyer, name: short(buyer.name) },
    ...(order.comment !== undefined && { customerComment: order.comment }),
    managerComment: managerNote(order),
    ...(choices.orderMethod !== null && { orderMethod: choices.orderMethod }),
    ...(choices.status !== null && { status: choices.status }),
    item: {
      rowId: order.code,
      name: short(title === '' ? `ZZap ${order.code}` : title),
      brand: short(part.brand),
      article: short(part.number),
      priceKopecks: order.priceKopecks,
      quantity: order.quantity,
      ...(choices.offerId !== null && { offerId: choices.offerId }),
    },
  };
}

/** What ZZap knows and RetailCRM has no field for, where an operator looks first. In the shop's language. */
function managerNote(order: MarketplaceOrder): string {
  const lines = [`Заказ ZZap № ${order.code}`];
  if (order.deliveryDays !== undefined) lines.push(`Срок поставки, дн.: ${order.deliveryDays}`);
  if (order.priceList !== undefined) lines.push(`Прайс-лист: ${order.priceList}`);
  if (order.statusName !== undefined) lines.push(`Статус в ZZap: ${order.statusName}`);
  if (order.message !== undefined) lines.push(`Сообщение ZZap: ${order.message}`);
  return lines.join('\n');
}

/** A part of a draft that an order can do without. */
export type DroppedPart = 'orderMethod' | 'status' | 'email' | 'phone' | 'createdAt' | 'offer';

const PART_OF_PATH: readonly (readonly [RegExp, DroppedPart])[] = [
  [/^orderMethod\b/i, 'orderMethod'],
  [/^status\b/i, 'status'],
  [/^(customer\.)?email\b/i, 'email'],
  [/^(customer\.)?(additionalPhone|phone)\b/i, 'phone'],
  [/^createdAt\b/i, 'createdAt'],
  [/^items\[?\.?\d*\]?\.offer\b/i, 'offer'],
];

/**
 * An incomplete order is better than a lost one: the draft without the optional parts RetailCRM complains about,
 * or null when it complains about something an order cannot do without. A contact taken out of its field is kept
 * in the manager's comment.
 */
export function withoutRefusedParts(
  draft: CrmOrderDraft,
  refusedPaths: readonly string[],
): { readonly draft: CrmOrderDraft; readonly dropped: readonly DroppedPart[] } | null {
  const parts = refusedPaths.map((path) => PART_OF_PATH.find(([pattern]) => pattern.test(path))?.[1]);
  if (parts.length === 0 || parts.includes(undefined)) return null;
  const dropped = [...new Set(parts.filter((part) => part !== undefined))];
  const kept: CrmOrderDraft = dropped.reduce(withoutPart, draft);
  return { draft: kept, dropped };
}

function withoutPart(draft: CrmOrderDraft, part: DroppedPart): CrmOrderDraft {
  switch (part) {
    case 'orderMethod':
    case 'status':
      return without(draft, part);
    case 'email':
      return { ...noted(draft, 'E-mail', draft.buyer.email), buyer: without(draft.buyer, 'email') };
    case 'phone':
      return { ...noted(draft, 'Телефон', draft.buyer.phone), buyer: without(draft.buyer, 'phone') };
    case 'createdAt':
      return { ...draft, createdAtMs: null };
    case 'offer':
      return { ...draft, item: without(draft.item, 'offerId') };
  }
}

/** A copy in which an optional field is absent, not undefined. */
function without<Shape extends object>(shape: Shape, key: keyof Shape): Shape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => name !== key)) as Shape;
}

function noted(draft: CrmOrderDraft, label: string, value: string | undefined): CrmOrderDraft {
  if (value === undefined) return draft;
  return { ...draft, managerComment: `${draft.managerComment}\n${label}: ${value}` };
}

import type { Kopecks } from './money';

/** What was ordered. Brand and number identify a part in the trade; the name is for people. */
export interface Part {
  readonly brand: string;
  readonly number: string;
  readonly name: string;
}

/** Who ordered. A contact ZZap does not give is absent, never empty. */
export interface Buyer {
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
}

/** One ZZap order. ZZap sells one position per order. */
export interface MarketplaceOrder {
  /** ZZap's order number, decimal digits. The only identity of the order. */
  readonly code: string;
  readonly createdAtMs: number | null;
  readonly part: Part;
  readonly quantity: number;
  readonly priceKopecks: Kopecks;
  readonly statusCode: number;
  readonly statusName?: string;
  readonly buyer: Buyer;
  readonly comment?: string;
  readonly message?: string;
  readonly deliveryDays?: number;
  readonly priceList?: string;
  /** Equal for two readings of the order that carry the same facts. Not reversible. */
  readonly fingerprint: string;
  /** The same without the status. */
  readonly contentFingerprint: string;
}

/** A row that could not be read as an order: kept, reported and tried again, never dropped. */
export interface UnreadableRow {
  readonly code: string | null;
  /** Names the field and what is wrong with it, without its value. */
  readonly problem: string;
}

/** One row of a ZZap answer with its original JSON, which is stored only sealed and only while unsettled. */
export type ListedRow =
  | { readonly kind: 'order'; readonly order: MarketplaceOrder; readonly raw: string }
  | { readonly kind: 'unreadable'; readonly row: UnreadableRow; readonly raw: string };

export function orderSumKopecks(order: Pick<MarketplaceOrder, 'priceKopecks' | 'quantity'>): Kopecks {
  return Math.round(order.priceKopecks * order.quantity);
}

/** Identity in RetailCRM: computed, so that a repeat finds the first attempt's order. */
export function externalIdOf(code: string): string {
  return `zzap-${code}`;
}

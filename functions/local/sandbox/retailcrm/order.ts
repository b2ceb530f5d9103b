/** Scalars that travel through the CRM as they are given. */
export type Scalar = string | number | boolean;

export interface ItemProperty {
  readonly code: string;
  readonly name: string;
  readonly value: string;
}

export interface RowExternalId {
  readonly code: string;
  readonly value: string;
}

/** One row of an order. With `offerId` it is linked to the catalogue, otherwise it is free text. */
export interface OrderItem {
  readonly id: number;
  readonly createdAt: string;
  readonly offerId?: number;
  readonly productName?: string;
  readonly initialPrice: number;
  readonly purchasePrice: number;
  readonly quantity: number;
  readonly discountManualAmount: number;
  readonly discountManualPercent: number;
  readonly vatRate: string;
  readonly status: string;
  readonly comment?: string;
  readonly priceType: string;
  readonly properties: readonly ItemProperty[];
  readonly externalIds: readonly RowExternalId[];
}

export interface Payment {
  readonly id: number;
  readonly externalId?: string;
  readonly type: string;
  readonly status: string;
  readonly amount: number;
  readonly paidAt?: string;
  readonly comment?: string;
}

export interface Delivery {
  readonly code?: string;
  readonly cost: number;
  readonly netCost: number;
  readonly date?: string;
  readonly address: Readonly<Record<string, Scalar>>;
  /** service, time, data: kept and returned as sent. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * An order as stored. Never changed in place: an edit replaces the object, so the creation record of the history can hold
 * the first one. Times are account-local text, stored as given (a later change of the time zone does not move them).
 */
export interface Order {
  readonly id: number;
  readonly number: string;
  readonly externalId?: string;
  readonly site: string;
  readonly status: string;
  readonly statusUpdatedAt: string;
  readonly createdAt: string;
  readonly orderMethod: string;
  readonly orderType: string;
  readonly managerId?: number;
  readonly customerId: number;
  readonly fromApi: boolean;
  readonly plain: Readonly<Record<string, Scalar>>;
  readonly items: readonly OrderItem[];
  readonly payments: readonly Payment[];
  readonly delivery: Delivery;
  readonly contragent: Readonly<Record<string, unknown>>;
  readonly source: Readonly<Record<string, unknown>>;
  readonly customFields: Readonly<Record<string, unknown>>;
}

export interface Customer {
  readonly id: number;
  readonly site: string;
  readonly externalId?: string;
  readonly createdAt: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly patronymic?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** Fields of an order that are plain values: name in the API → name in the history. */
export const PLAIN_FIELDS = {
  lastName: 'last_name',
  firstName: 'first_name',
  patronymic: 'patronymic',
  phone: 'phone',
  additionalPhone: 'additional_phone',
  email: 'email',
  customerComment: 'customer_comment',
  managerComment: 'manager_comment',
  statusComment: 'status_comment',
  countryIso: 'country',
  weight: 'weight',
  length: 'length',
  width: 'width',
  height: 'height',
  shipmentStore: 'shipment_store',
  shipmentDate: 'shipment_date',
  shipped: 'shipped',
  call: 'call',
  discountManualAmount: 'discount_manual_amount',
  discountManualPercent: 'discount_manual_percent',
} as const;

export type PlainField = keyof typeof PLAIN_FIELDS;
export const PLAIN_FIELD_NAMES = Object.keys(PLAIN_FIELDS) as readonly PlainField[];

const round = (value: number, factor: number): number =>
  Math.round((value + Number.EPSILON) * factor) / factor;

/** Roubles with at most two decimals, as every sum of an answer. */
export const roubles = (value: number): number => round(value, 100);

export function discountOf(item: OrderItem): number {
  return roubles(item.discountManualAmount + (item.initialPrice * item.discountManualPercent) / 100);
}

export function itemsSum(order: Order): number {
  return roubles(
    order.items.reduce((sum, item) => sum + (item.initialPrice - discountOf(item)) * item.quantity, 0),
  );
}

/** What the buyer pays: rows, less the order's discount, plus delivery. */
export function totalSum(order: Order): number {
  const goods = itemsSum(order);
  const percent = Number(order.plain['discountManualPercent'] ?? 0);
  const amount = Number(order.plain['discountManualAmount'] ?? 0);
  return roubles(goods - amount - (goods * percent) / 100 + order.delivery.cost);
}

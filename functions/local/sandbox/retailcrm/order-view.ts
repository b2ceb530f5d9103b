import type { Account } from './account';
import type { FoundOffer } from './catalogue';
import {
  discountOf,
  itemsSum,
  roubles,
  totalSum,
  type Customer,
  type Order,
  type OrderItem,
  type Payment,
} from './order';
import { phpMap, present } from './php-shape';

/** GET, list and edit answers carry payments as a map by id; create, upload and history as an array. */
export type PaymentsShape = 'map' | 'array';

const UNIT = { code: 'pc', name: 'Штука', sym: 'шт.' } as const;
export { UNIT as PIECES };

function offerInRow({ offer, product }: FoundOffer): Record<string, unknown> {
  return present({
    displayName: offer.name,
    id: offer.id,
    externalId: offer.externalId,
    xmlId: offer.xmlId,
    name: offer.name,
    article: offer.article ?? product.article,
    vatRate: 'none',
    properties: phpMap(offer.properties),
    unit: UNIT,
  });
}

function itemView(account: Account, item: OrderItem): Record<string, unknown> {
  const found = item.offerId === undefined ? undefined : account.catalogue.find('id', String(item.offerId));
  const price = roubles(item.initialPrice - discountOf(item));
  return present({
    externalIds: item.externalIds.length === 0 ? undefined : item.externalIds,
    id: item.id,
    priceType: { code: item.priceType },
    initialPrice: item.initialPrice,
    discounts: [],
    discountTotal: discountOf(item),
    prices: [{ price, quantity: item.quantity }],
    vatRate: item.vatRate,
    createdAt: item.createdAt,
    quantity: item.quantity,
    status: item.status,
    comment: item.comment,
    offer: found && offerInRow(found),
    productName: found ? undefined : item.productName,
    properties: phpMap(Object.fromEntries(item.properties.map((property) => [property.code, property]))),
    purchasePrice: item.purchasePrice,
    markingCodes: [],
  });
}

function paymentsView(payments: readonly Payment[], shape: PaymentsShape): unknown {
  const views = payments.map((payment) => present({ ...payment }));
  if (shape === 'array') return views;
  return phpMap(Object.fromEntries(payments.map((payment, index) => [String(payment.id), views[index]])));
}

function customerView(customer: Customer): Record<string, unknown> {
  const { id, externalId, createdAt, site, phone, ...names } = customer;
  return present({
    type: 'customer',
    id,
    externalId,
    isContact: false,
    createdAt,
    vip: false,
    bad: false,
    site,
    contragent: { contragentType: 'individual' },
    tags: [],
    customFields: [],
    ...names,
    phones: phone === undefined ? [] : [{ number: phone }],
    personalDiscount: 0,
    segments: [],
  });
}

function deliveryView(order: Order): Record<string, unknown> {
  const { code, cost, netCost, date, address, extra } = order.delivery;
  return present({ code, cost, netCost, date, ...extra, address: phpMap(address) });
}

/** The full order, as every answer that carries one has it. */
export function orderView(account: Account, order: Order, payments: PaymentsShape): Record<string, unknown> {
  const customer = account.customers.byId(order.customerId);
  const buyer = customer && customerView(customer);
  const paid = order.payments.filter((payment) => payment.status === 'paid');
  return present({
    slug: order.id,
    id: order.id,
    number: order.number,
    externalId: order.externalId,
    orderType: order.orderType,
    orderMethod: order.orderMethod,
    privilegeType: 'none',
    countryIso: 'RU',
    createdAt: order.createdAt,
    statusUpdatedAt: order.statusUpdatedAt,
    summ: itemsSum(order),
    totalSumm: totalSum(order),
    prepaySum: roubles(paid.reduce((sum, payment) => sum + payment.amount, 0)),
    purchaseSumm: roubles(order.items.reduce((sum, item) => sum + item.purchasePrice * item.quantity, 0)),
    currency: account.dictionary('sites')[order.site]?.['currency'],
    markDatetime: order.createdAt,
    call: false,
    expired: false,
    ...order.plain,
    managerId: order.managerId,
    customer: buyer,
    contact: buyer,
    contragent: phpMap(order.contragent),
    delivery: deliveryView(order),
    source: Object.keys(order.source).length === 0 ? undefined : order.source,
    site: order.site,
    status: order.status,
    items: order.items.map((item) => itemView(account, item)),
    payments: paymentsView(order.payments, payments),
    fromApi: order.fromApi,
    applyRound: false,
    shipped: order.plain['shipped'] ?? false,
    links: [],
    customFields: phpMap(order.customFields),
  });
}

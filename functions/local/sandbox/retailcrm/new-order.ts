import type { Account } from './account';
import { AUTO_MANAGER_ID, numberOf } from './assumptions';
import { defaultCode } from './dictionaries';
import { newItem } from './order-items';
import type { OrderPayload, PaymentPayload } from './order-payload';
import {
  PLAIN_FIELD_NAMES,
  roubles,
  type Customer,
  type Delivery,
  type Order,
  type Payment,
  type Scalar,
} from './order';
import { present } from './php-shape';

function plainFields(payload: OrderPayload): Record<string, Scalar> {
  const plain: Record<string, Scalar> = {};
  for (const name of PLAIN_FIELD_NAMES) {
    const value = payload[name];
    if (value !== undefined && value !== null && value !== '') plain[name] = value;
  }
  return plain;
}

function newPayment(account: Account, payment: PaymentPayload): Payment {
  return {
    id: account.nextId('payment'),
    type: payment.type,
    status: payment.status ?? 'not-paid',
    amount: roubles(payment.amount ?? 0),
    ...(typeof payment.externalId === 'string' ? { externalId: payment.externalId } : {}),
    ...(typeof payment.paidAt === 'string' ? { paidAt: payment.paidAt } : {}),
    ...(typeof payment.comment === 'string' ? { comment: payment.comment } : {}),
  };
}

/** A delivery after a request: address and the loose parts are merged key by key. */
export function mergeDelivery(stored: Delivery, given: OrderPayload['delivery']): Delivery {
  if (!given) return stored;
  const { code, cost, netCost, date, address, ...extra } = given;
  return {
    ...stored,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof date === 'string' ? { date } : {}),
    cost: roubles(cost ?? stored.cost),
    netCost: roubles(netCost ?? stored.netCost),
    address: { ...stored.address, ...scalars(address ?? {}) },
    extra: { ...stored.extra, ...present(extra) },
  };
}

function scalars(fields: Readonly<Record<string, unknown>>): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      kept[name] = value;
  }
  return kept;
}

const given = (value: string | null | undefined): string | undefined =>
  value === null || value === '' ? undefined : value;

/** The CRM finds the customer by phone, then e-mail, within the store; if there is none it makes one. */
function customerFor(account: Account, payload: OrderPayload, site: string): Customer {
  const { customer } = payload;
  if (customer?.id !== undefined && customer.id !== null) {
    const known = account.customers.byId(Number(customer.id));
    if (known) return known;
  }
  if (typeof customer?.externalId === 'string') {
    const known = account.customers.byExternalId(customer.externalId, customer.site ?? site);
    if (known) return known;
  }
  const [phone, email] = [given(payload.phone), given(payload.email)];
  const known = account.customers.byContact(site, phone, email);
  if (known) return known;
  const { firstName, lastName, patronymic } = payload;
  const created: Customer = {
    id: account.nextId('customer'),
    site,
    createdAt: account.now(),
    ...present({ firstName, lastName, patronymic, phone, email }),
  };
  account.record({ customers: [created] });
  return created;
}

/** Codes a request leaves out come from the account's defaults: those for the API or those for the CRM's own form. */
function classifiers(account: Account, payload: OrderPayload, fromApi: boolean) {
  const flag = fromApi ? 'defaultForApi' : 'defaultForCrm';
  return {
    status: given(payload.status) ?? defaultCode(account.dictionary('statuses'), flag),
    orderMethod: given(payload.orderMethod) ?? defaultCode(account.dictionary('orderMethods'), flag),
    orderType: given(payload.orderType) ?? defaultCode(account.dictionary('orderTypes'), flag),
  };
}

/** A checked payload as a stored order. Takes ids and records a new customer, stores nothing else. */
export function buildOrder(account: Account, payload: OrderPayload, site: string, fromApi: boolean): Order {
  const id = account.nextId('order');
  const now = account.now();
  const createdAt = payload.createdAt ?? now;
  const externalId = given(payload.externalId);
  return {
    id,
    number: given(payload.number) ?? numberOf(id, fromApi),
    ...(externalId === undefined ? {} : { externalId }),
    site,
    ...classifiers(account, payload, fromApi),
    statusUpdatedAt: now,
    createdAt,
    managerId: payload.managerId ?? AUTO_MANAGER_ID,
    customerId: customerFor(account, payload, site).id,
    fromApi,
    plain: plainFields(payload),
    items: (payload.items ?? []).map((item) => newItem(account, item, now)),
    payments: (payload.payments ?? []).map((payment) => newPayment(account, payment)),
    delivery: mergeDelivery({ cost: 0, netCost: 0, address: {}, extra: {} }, payload.delivery),
    contragent: present(payload.contragent ?? {}),
    source: present(payload.source ?? {}),
    customFields: present(payload.customFields ?? {}),
  };
}

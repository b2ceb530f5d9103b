import type { Customer, Order } from './order';

/** Orders by id and by externalId, which is unique within a store. Ids only grow, so insertion order is age. */
export interface OrderBook {
  put(order: Order): void;
  remove(id: number): void;
  byId(id: number): Order | undefined;
  byExternalId(externalId: string, site: string): Order | undefined;
  /** The orders of every store with this externalId: orders/statuses takes no `site`. */
  byExternalIdAnywhere(externalId: string, sites: readonly string[]): Order[];
  newestFirst(): Order[];
  count(): number;
}

const externalKey = (externalId: string, site: string): string => `${site}\n${externalId}`;

export function createOrderBook(): OrderBook {
  const orders = new Map<number, Order>();
  const external = new Map<string, number>();
  const unlink = (order: Order | undefined): void => {
    if (order?.externalId !== undefined) external.delete(externalKey(order.externalId, order.site));
  };
  const byExternalId = (externalId: string, site: string): Order | undefined => {
    const id = external.get(externalKey(externalId, site));
    return id === undefined ? undefined : orders.get(id);
  };
  return {
    put(order) {
      unlink(orders.get(order.id));
      orders.set(order.id, order);
      if (order.externalId !== undefined) external.set(externalKey(order.externalId, order.site), order.id);
    },
    remove(id) {
      unlink(orders.get(id));
      orders.delete(id);
    },
    byId: (id) => orders.get(id),
    byExternalId,
    byExternalIdAnywhere: (externalId, sites) =>
      sites.map((site) => byExternalId(externalId, site)).filter((order) => order !== undefined),
    newestFirst: () => [...orders.values()].reverse(),
    count: () => orders.size,
  };
}

/** Customers of a store are matched by phone digits, then by e-mail. */
export interface CustomerBook {
  put(customer: Customer): void;
  byId(id: number): Customer | undefined;
  byExternalId(externalId: string, site: string): Customer | undefined;
  byContact(site: string, phone: string | undefined, email: string | undefined): Customer | undefined;
  all(): readonly Customer[];
}

const DIGITS_COMPARED = 10;
const phoneKey = (phone: string): string => phone.replace(/\D/g, '').slice(-DIGITS_COMPARED);

export function createCustomerBook(): CustomerBook {
  const customers = new Map<number, Customer>();
  const index = new Map<string, number>();
  const find = (key: string): Customer | undefined => {
    const id = index.get(key);
    return id === undefined ? undefined : customers.get(id);
  };
  const phoneOf = (site: string, phone: string): string => `${site}\nphone\n${phoneKey(phone)}`;
  const emailOf = (site: string, email: string): string => `${site}\nemail\n${email.toLowerCase()}`;
  const externalOf = (site: string, externalId: string): string => `${site}\nexternal\n${externalId}`;
  return {
    put(customer) {
      const { id, site, phone, email, externalId } = customer;
      customers.set(id, customer);
      if (phone !== undefined && phoneKey(phone) !== '') index.set(phoneOf(site, phone), id);
      if (email !== undefined && email !== '') index.set(emailOf(site, email), id);
      if (externalId !== undefined) index.set(externalOf(site, externalId), id);
    },
    byId: (id) => customers.get(id),
    byExternalId: (externalId, site) => find(externalOf(site, externalId)),
    byContact: (site, phone, email) =>
      (phone === undefined || phoneKey(phone) === '' ? undefined : find(phoneOf(site, phone))) ??
      (email === undefined || email === '' ? undefined : find(emailOf(site, email))),
    all: () => [...customers.values()],
  };
}

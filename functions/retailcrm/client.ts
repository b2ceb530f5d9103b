import * as z from 'zod';
import type {
  CrmAccessReader,
  CrmCatalogue,
  CrmDirectories,
  CrmDoor,
  CrmHistory,
  CrmModules,
  CrmOrders,
  CrmOrderStatuses,
  OpenCrmSystem,
} from '../ports/crm-system';
import { createExchange } from '../remote/http-exchange';
import { createTimeLimit } from '../remote/time-limit';
import { isTimeZone } from '../domain/zoned-time';
import { toAccountTime } from './account-time';
import { createCrmApi, type CrmApi } from './api';
import { CATALOGUE_PAGES_MAX } from './assumptions';
import { saysEntityIsGone } from './errors';
import { createOwnedFields } from './owned-fields';
import { createRequestPace, type RequestPaceOptions } from './request-pace';
import { toChange, toOfferCandidate, toStoredOrder } from './to-domain';
import { toWireOrder } from './to-wire';
import * as wire from './wire-schemas';

const TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 8 * 1024 * 1024;

/** RetailCRM takes no other list sizes than 20, 50 and 100. */
const PAGE_LIMIT = '100';
const BATCH_LIMIT = '50';

export interface RetailCrmOptions extends RequestPaceOptions {
  /** Longest that everything asked of an opened system may take together; absent: as long as it takes. */
  readonly patienceMs?: number;
}

/** RetailCRM's API v5. */
export function createRetailCrm(options: RetailCrmOptions): OpenCrmSystem {
  const { clock } = options;
  const inTurn = createRequestPace(options);
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX });
  return (door, observer) => {
    const limit = createTimeLimit(clock, options.patienceMs);
    const api = createCrmApi({ exchange, inTurn, clock, limit }, door, observer);
    return {
      access: accessOf(api),
      directories: directoriesOf(api),
      orders: ordersOf(api, door),
      ownedFields: createOwnedFields(api),
      statuses: statusesOf(api),
      history: historyOf(api, door),
      catalogue: catalogueOf(api),
      modules: modulesOf(api),
    };
  };
}

function accessOf(api: CrmApi): CrmAccessReader {
  return {
    async readAccess() {
      const answer = await api.get('/api/credentials', [], wire.credentialsAnswer);
      const limited = answer.siteAccess === 'access_selective';
      return { scopes: answer.scopes ?? [], sites: limited ? (answer.sitesAvailable ?? []) : null };
    },
    async readTimeZone() {
      const answer = await api.get('/api/v5/settings', [], wire.settingsAnswer);
      const name = answer.settings.timezone?.value;
      return typeof name === 'string' && isTimeZone(name) ? name : null;
    },
  };
}

function byOrdering(
  a: { ordering?: number | null | undefined },
  b: { ordering?: number | null | undefined },
) {
  return (a.ordering ?? 0) - (b.ordering ?? 0);
}

function directoriesOf(api: CrmApi): CrmDirectories {
  return {
    async listSites() {
      const { sites } = await api.get('/api/v5/reference/sites', [], wire.sitesAnswer);
      return sites.sort(byOrdering).map((site) => ({ code: site.code, name: site.name ?? site.code }));
    },
    async listStatuses() {
      const [{ statuses }, { statusGroups }] = await Promise.all([
        api.get('/api/v5/reference/statuses', [], wire.statusesAnswer),
        api.get('/api/v5/reference/status-groups', [], wire.statusGroupsAnswer),
      ]);
      const groups = statusGroups.sort(byOrdering).map((group) => group.code);
      const names = new Map(statusGroups.map((group) => [group.code, group.name ?? group.code]));
      return statuses
        .sort((a, b) => groups.indexOf(a.group ?? '') - groups.indexOf(b.group ?? '') || byOrdering(a, b))
        .map((status) => ({
          code: status.code,
          name: status.name ?? status.code,
          group: status.group ?? '',
          groupName: names.get(status.group ?? '') ?? '',
          active: status.active !== false,
        }));
    },
    async listOrderMethods() {
      const { orderMethods } = await api.get('/api/v5/reference/order-methods', [], wire.orderMethodsAnswer);
      return orderMethods.map((method) => ({
        code: method.code,
        name: method.name ?? method.code,
        active: method.active !== false,
        defaultForApi: method.defaultForApi === true,
      }));
    },
    async ensureOrderMethod(code, name) {
      const orderMethod = JSON.stringify({ code, name, active: true });
      await api.post(
        `/api/v5/reference/order-methods/${encodeURIComponent(code)}/edit`,
        { orderMethod },
        z.object({}),
      );
    },
  };
}

function ordersOf(api: CrmApi, door: CrmDoor): CrmOrders {
  return {
    async upload(site, drafts) {
      const orders = JSON.stringify(drafts.map((draft) => toWireOrder(draft, door.timeZone)));
      const answer = await api.postBatch('/api/v5/orders/upload', { site, orders }, wire.uploadAnswer);
      const full = new Map((answer.orders ?? []).map((order) => [order.id, toStoredOrder(order)]));
      return (answer.uploadedOrders ?? []).map(
        ({ id, externalId }) => full.get(id) ?? toStoredOrder({ id, externalId, number: null, status: null }),
      );
    },
    async create(site, draft) {
      const order = JSON.stringify(toWireOrder(draft, door.timeZone));
      const answer = await api.post('/api/v5/orders/create', { site, order }, wire.createAnswer);
      const bare = { id: answer.id, externalId: draft.externalId, number: null, status: null };
      return { ...toStoredOrder(answer.order ?? bare), externalId: draft.externalId };
    },
    async findByExternalIds(site, externalIds) {
      if (externalIds.length === 0) return [];
      const ids = externalIds.map((id) => ['filter[externalIds][]', id] as const);
      const query = [...ids, ['filter[sites][]', site], ['limit', BATCH_LIMIT]] as const;
      const { orders } = await api.get('/api/v5/orders', query, wire.ordersAnswer);
      return orders.map(toStoredOrder);
    },
  };
}

function statusesOf(api: CrmApi): CrmOrderStatuses {
  return {
    async read(site, crmOrderId) {
      try {
        const query = [
          ['by', 'id'],
          ['site', site],
        ] as const;
        const { order } = await api.get(`/api/v5/orders/${crmOrderId}`, query, wire.orderAnswer);
        return toStoredOrder(order);
      } catch (error) {
        if (saysEntityIsGone(error)) return null;
        throw error;
      }
    },
    async readMany(crmOrderIds) {
      if (crmOrderIds.length === 0) return new Map();
      const query = crmOrderIds.map((id) => ['ids[]', String(id)] as const);
      const { orders } = await api.get('/api/v5/orders/statuses', query, wire.orderStatusesAnswer);
      return new Map(orders.flatMap(({ id, status }) => (status === null ? [] : [[id, status] as const])));
    },
    async change(site, crmOrderId, status) {
      const parts = { by: 'id', site, order: JSON.stringify({ status }) };
      try {
        await api.post(`/api/v5/orders/${crmOrderId}/edit`, parts, z.object({}));
        return true;
      } catch (error) {
        if (saysEntityIsGone(error)) return false;
        throw error;
      }
    },
  };
}

function historyOf(api: CrmApi, door: CrmDoor): CrmHistory {
  return {
    async listChanges(mark) {
      // `sinceId` together with `page` is refused: the walk moves the mark instead.
      const from =
        mark.kind === 'since-id'
          ? (['filter[sinceId]', String(mark.id)] as const)
          : (['filter[startDate]', toAccountTime(mark.atMs, door.timeZone)] as const);
      const answer = await api.get(
        '/api/v5/orders/history',
        [from, ['limit', PAGE_LIMIT]],
        wire.historyAnswer,
      );
      const changes = answer.history.map((record) => toChange(record, door.timeZone));
      return { changes, more: (answer.pagination?.totalPageCount ?? 1) > 1 };
    },
  };
}

function catalogueOf(api: CrmApi): CrmCatalogue {
  return {
    async searchOffers(site, article) {
      const filter = [
        ['filter[name]', article],
        ['filter[active]', '1'],
        ['filter[sites][]', site],
        ['limit', PAGE_LIMIT],
      ] as const;
      const products = [];
      for (let page = 1; page <= CATALOGUE_PAGES_MAX; page += 1) {
        const query = [...filter, ['page', String(page)]] as const;
        const answer = await api.get('/api/v5/store/products', query, wire.productsAnswer);
        products.push(...answer.products);
        if (page >= (answer.pagination?.totalPageCount ?? 1)) break;
      }
      return products.flatMap((product) =>
        (product.offers ?? []).map((offer) => toOfferCandidate(offer, product)),
      );
    },
    async findOffersByExternalIds(site, externalIds) {
      if (externalIds.length === 0) return [];
      const ids = externalIds.map((id) => ['filter[externalIds][]', id] as const);
      const query = [...ids, ['filter[sites][]', site], ['limit', PAGE_LIMIT]] as const;
      const { offers } = await api.get('/api/v5/store/offers', query, wire.offersAnswer);
      return offers.map((offer) => toOfferCandidate(offer, offer.product));
    },
  };
}

function modulesOf(api: CrmApi): CrmModules {
  return {
    async install({ activityPath, ...card }) {
      const integrationModule = JSON.stringify({
        ...card,
        actions: { activity: activityPath },
      });
      const path = `/api/v5/integration-modules/${encodeURIComponent(card.code)}/edit`;
      await api.post(path, { integrationModule }, z.object({}));
    },
  };
}

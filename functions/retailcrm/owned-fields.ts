import * as z from 'zod';
import { parseRoubles, toRoubles } from '../domain/money';
import { ownedFieldsOf, type OwnedChanges, type OwnedField, type OwnedItem } from '../domain/owned-fields';
import type { CrmOwnedFields } from '../ports/crm-system';
import type { CrmApi } from './api';
import { ITEM_EXTERNAL_ID_CODE } from './assumptions';
import { saysEntityIsGone } from './errors';
import { historyAnswer, ownedOrderAnswer, type WireHistoryRecord } from './wire-schemas';

type WireItem = z.infer<typeof ownedOrderAnswer>['order']['items'][number];

/** An order's history is short; a longer one is a busy order that people look after. */
const HISTORY_PAGES_MAX = 10;
const HISTORY_LIMIT = '100';

export function createOwnedFields(api: CrmApi): CrmOwnedFields {
  return {
    async read(site, crmOrderId) {
      const query = [
        ['by', 'id'],
        ['site', site],
      ] as const;
      try {
        const { order } = await api.get(`/api/v5/orders/${crmOrderId}`, query, ownedOrderAnswer);
        return {
          name: order.firstName,
          phone: order.phone,
          email: order.email,
          customerComment: order.customerComment,
          items: order.items.map(toItem),
        };
      } catch (error) {
        if (saysEntityIsGone(error)) return null;
        throw error;
      }
    },
    async listTouched(crmOrderId) {
      const touched = new Set<OwnedField>();
      let sinceId = 0;
      for (let page = 0; page < HISTORY_PAGES_MAX; page += 1) {
        const query = [
          ['filter[orderId]', String(crmOrderId)],
          ['filter[sinceId]', String(sinceId)],
          ['limit', HISTORY_LIMIT],
        ] as const;
        const { history, pagination } = await api.get('/api/v5/orders/history', query, historyAnswer);
        sinceId = Math.max(sinceId, ...history.map(({ id }) => id));
        for (const field of history
          .filter(isByOthers)
          .flatMap((record) => ownedFieldsOf(record.field ?? ''))) {
          touched.add(field);
        }
        if ((pagination?.totalPageCount ?? 1) <= 1) return touched;
      }
      return touched;
    },
    async write(site, crmOrderId, changes) {
      const parts = { by: 'id', site, order: JSON.stringify(toWireChanges(changes)) };
      await api.post(`/api/v5/orders/${crmOrderId}/edit`, parts, z.object({}));
    },
  };
}

function isByOthers({ created, apiKey }: WireHistoryRecord): boolean {
  return created !== true && apiKey?.current !== true;
}

function toItem(item: WireItem): OwnedItem {
  return {
    itemId: item.id,
    rowId: item.externalIds?.find(({ code }) => code === ITEM_EXTERNAL_ID_CODE)?.value ?? null,
    quantity: item.quantity ?? 0,
    priceKopecks: typeof item.initialPrice === 'number' ? parseRoubles(item.initialPrice) : null,
  };
}

function toWireChanges({ name, item, ...contacts }: OwnedChanges): Record<string, unknown> {
  return {
    ...contacts,
    ...(name !== undefined && { firstName: name }),
    ...(item && {
      items: [
        {
          id: item.itemId,
          quantity: item.quantity,
          ...(item.priceKopecks !== undefined && { initialPrice: toRoubles(item.priceKopecks) }),
        },
      ],
    }),
  };
}

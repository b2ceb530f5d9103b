import * as z from 'zod';
import { codeText, optionalText, phpObject, phpValues } from './php-json';

/** Wire shapes of API v5, only the fields the module reads. Absent keys mean null. */
const flag = z.boolean().nullish();

export const credentialsAnswer = z.object({
  scopes: z.array(z.string()).nullish(),
  siteAccess: z.string().nullish(),
  sitesAvailable: phpValues(codeText).nullish(),
});

export const settingsAnswer = z.object({
  settings: phpObject(z.object({ timezone: phpObject(z.object({ value: z.string().nullish() })).nullish() })),
});

export const sitesAnswer = z.object({
  sites: phpValues(z.object({ code: codeText, name: optionalText, ordering: z.number().nullish() })),
});

export const statusesAnswer = z.object({
  statuses: phpValues(
    z.object({
      code: codeText,
      name: optionalText,
      group: optionalText,
      active: flag,
      ordering: z.number().nullish(),
    }),
  ),
});

export const statusGroupsAnswer = z.object({
  statusGroups: phpValues(z.object({ code: codeText, name: optionalText, ordering: z.number().nullish() })),
});

export const orderMethodsAnswer = z.object({
  orderMethods: phpValues(
    z.object({ code: codeText, name: optionalText, active: flag, defaultForApi: flag }),
  ),
});

const wireOrder = z.object({
  id: z.int(),
  externalId: optionalText,
  number: optionalText,
  status: optionalText,
  totalSumm: z.number().nullish(),
  summ: z.number().nullish(),
});
export type WireOrder = z.infer<typeof wireOrder>;

export const createAnswer = z.object({ id: z.int(), order: wireOrder.nullish() });

/** Both lists may be null or missing; `orders` is the newer, fuller form. */
export const uploadAnswer = z.object({
  uploadedOrders: phpValues(z.object({ id: z.int(), externalId: optionalText })).nullish(),
  failedOrders: phpValues(z.object({ externalId: optionalText })).nullish(),
  orders: phpValues(wireOrder).nullish(),
});

export const ordersAnswer = z.object({ orders: phpValues(wireOrder) });

export const orderAnswer = z.object({ order: wireOrder });

export const ownedOrderAnswer = z.object({
  order: z.object({
    firstName: optionalText,
    phone: optionalText,
    email: optionalText,
    customerComment: optionalText,
    items: phpValues(
      z.object({
        id: z.int(),
        quantity: z.number().nullish(),
        initialPrice: z.number().nullish(),
        externalIds: phpValues(z.object({ code: optionalText, value: optionalText })).nullish(),
      }),
    )
      .nullish()
      .transform((items) => items ?? []),
  }),
});

export const orderStatusesAnswer = z.object({
  orders: phpValues(z.object({ id: z.int(), status: optionalText })),
});

const pagination = z.object({ totalPageCount: z.number().nullish() }).nullish();

const wireOffer = z.object({
  id: z.int(),
  externalId: optionalText,
  article: optionalText,
  active: flag,
});

export const productsAnswer = z.object({
  pagination,
  products: phpValues(
    z.object({
      article: optionalText,
      manufacturer: optionalText,
      active: flag,
      offers: phpValues(wireOffer).nullish(),
    }),
  ),
});

export const offersAnswer = z.object({
  pagination,
  offers: phpValues(
    wireOffer.extend({
      product: phpObject(z.object({ article: optionalText, manufacturer: optionalText })).nullish(),
    }),
  ),
});

export const historyAnswer = z.object({
  pagination,
  history: z.array(
    z.object({
      id: z.int(),
      createdAt: z.string().nullish(),
      source: optionalText,
      field: optionalText,
      newValue: z.unknown().optional(),
      created: flag,
      deleted: flag,
      apiKey: phpObject(z.object({ current: flag })).nullish(),
      order: phpObject(
        z.object({
          id: z
            .int()
            .nullish()
            .transform((id) => id ?? null),
          externalId: optionalText,
          site: optionalText,
        }),
      )
        .nullish()
        .transform((order) => order ?? { id: null, externalId: null, site: null }),
    }),
  ),
});
export type WireHistoryRecord = z.infer<typeof historyAnswer>['history'][number];

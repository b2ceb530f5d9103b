import * as z from 'zod';
import { ITEM_EXTERNAL_ID_CODE } from '../retailcrm/assumptions';
import { optionalText, phpObject, phpValues } from '../retailcrm/php-json';
import type { CrmCall } from './crm-call';

/** What the probe looks at in an order of a list. */
export interface ListedCrmOrder {
  readonly externalId: string | null;
  readonly site: string | null;
  readonly createdAt: string | null;
  /** Articles of items that are linked to the catalogue. */
  readonly articles: readonly string[];
  readonly items: number;
  readonly itemsWithoutOffer: number;
  /** Items that carry a ZZap row's number as the module writes it. */
  readonly itemsWithRow: number;
}

const offer = phpObject(z.object({ article: optionalText }));

const listedOrder = z.object({
  externalId: optionalText,
  site: optionalText,
  createdAt: optionalText,
  items: phpValues(
    z.object({
      offer: offer.nullish(),
      externalIds: phpValues(z.object({ code: optionalText })).nullish(),
    }),
  )
    .nullish()
    .transform((items) => items ?? []),
});

/** Of a list, or of an answer with one order. */
const answer = z.union([
  z.object({ orders: phpValues(listedOrder) }),
  z.object({ order: listedOrder }).transform(({ order }) => ({ orders: [order] })),
]);

export function listedOrdersOf(call: CrmCall): ListedCrmOrder[] {
  const parsed = call.read.kind === 'data' ? answer.safeParse(call.read.json) : undefined;
  return (parsed?.data?.orders ?? []).map(({ items, ...order }) => ({
    ...order,
    articles: items.flatMap((item) => (item.offer?.article ? [item.offer.article] : [])),
    items: items.length,
    itemsWithoutOffer: items.filter((item) => !item.offer).length,
    itemsWithRow: items.filter((item) => item.externalIds?.some(({ code }) => code === ITEM_EXTERNAL_ID_CODE))
      .length,
  }));
}

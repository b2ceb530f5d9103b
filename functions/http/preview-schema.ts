import * as z from 'zod';

const count = z.int();

export const previewOut = z.object({
  summary: z.string().describe('The numbers in a sentence of the reader’s language'),
  complete: z
    .boolean()
    .describe('false: ZZap’s one answer was full, so every number stands for at least so many'),
  found: count.describe('Orders with an event at ZZap since the start date: the sum of the next five'),
  wouldCreate: count,
  alreadyThere: count.describe('Orders that the module knows or that RetailCRM has'),
  tooOld: count.describe('Made before the start date'),
  setAside: count.describe('Wait for another attempt'),
  unreadable: count,
  unreadableRows: z
    .array(z.object({ zzapOrderCode: z.string().nullable(), field: z.string() }))
    .describe('At most 5'),
  lookedForInCrm: count.describe(
    'Orders unknown to the module that RetailCRM was asked for: the newest 500 at most; others count as new',
  ),
  items: z
    .object({
      articles: count.describe('Distinct parts of the orders that would be created'),
      lookedUp: count.describe('Of these, looked up in the catalogue: at most 20'),
      linked: count,
      unlinked: count.describe('No offer fits, or several do'),
      unasked: count.describe('The catalogue did not answer or may not be read'),
    })
    .nullable()
    .describe('null when items are not linked'),
  statuses: z
    .array(z.object({ code: z.int(), name: z.string(), count, crmStatus: z.string().nullable() }))
    .describe('ZZap statuses of the orders that are not too old; crmStatus is null for an unmapped one'),
  orders: z
    .array(
      z.object({
        zzapOrderCode: z.string(),
        createdAt: z.string().nullable().describe('ISO 8601 date-time'),
        brand: z.string(),
        article: z.string(),
        quantity: z.number(),
        sum: z.number().describe('Roubles'),
      }),
    )
    .describe('The newest orders that would be created, at most 10'),
});

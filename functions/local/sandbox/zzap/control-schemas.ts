import { z } from 'zod';
import { accountSchema } from './accounts';

/** A sandbox run needs no more at once; the cap keeps a slip of the finger from filling the memory. */
const ORDERS_AT_ONCE = 100_000;

/** Unlisted fields are row fields, taken as they are. */
export const newOrdersSchema = z.looseObject({
  account: z.string().optional(),
  count: z.int().min(1).max(ORDERS_AT_ONCE).default(1),
  createdFromMs: z.number().optional(),
  createdAtMs: z.number().optional(),
  spreadMinutes: z.number().min(0).optional(),
  visibleAfterMs: z.number().min(0).default(0),
  status: z.int().optional(),
});

/** Unlisted fields are row fields, taken as they are. */
export const orderChangeSchema = z.looseObject({
  status: z.int().optional(),
  by: z.enum(['buyer', 'seller']).default('buyer'),
  lag: z.boolean().default(false),
  silent: z.boolean().default(false),
  drop: z.array(z.string()).default([]),
  qty: z.unknown().optional(),
  price: z.unknown().optional(),
});

export const accountChangeSchema = accountSchema.omit({ login: true }).partial();

export const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(0).default(100),
  account: z.string().optional(),
});
export const callsQuerySchema = z.object({
  since: z.coerce.number().default(0),
  limit: z.coerce.number().int().min(1).default(20_000),
});

import * as z from 'zod';

/**
 * What ZZap sends, read as tolerantly as is safe: unknown fields are ignored, numbers may come as text, an
 * absent value as null or empty text. An optional field of an odd kind is absent: it must not cost the order.
 */
const text = z.union([z.string(), z.number()]).nullish().catch(null);

export const answerHead = z.object({
  error: z.string().nullish(),
  row_count: z.union([z.number(), z.string()]).nullish(),
  class_template: text,
});

export const ordersAnswer = answerHead.extend({ table: z.array(z.unknown()) });

/** `GetSellerOrderItem` of `GetSellerOrdersV3`. */
export const orderRow = z.object({
  code_order: z.union([z.int().positive(), z.string().regex(/^(?=\d{1,20}$)0*[1-9]/)]),
  create_date: text,
  class_man: text,
  partnumber: text,
  class_cat: text,
  qty_order: z.union([z.number(), z.string()]),
  priceV2: z.union([z.number(), z.string()]).nullish(),
  price: text,
  code_track: z.union([z.int(), z.string().regex(/^-?\d{1,9}$/)]),
  class_track: text,
  client_name: text,
  client_phone: text,
  client_email: text,
  comment: text,
  message: text,
  delivery_days: text,
  class_template: text,
});

export type ZzapOrderRow = z.infer<typeof orderRow>;

/** [inferred] Field names of the dictionary are known by analogy only: any `code_…` and `class_…` will do. */
export const dictionaryRow = z.record(z.string(), z.unknown());

export const dictionaryAnswer = answerHead.extend({ table: z.array(dictionaryRow) });

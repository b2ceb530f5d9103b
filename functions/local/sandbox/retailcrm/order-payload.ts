import * as z from 'zod';
import { isDate, isDateTime } from './account-time';
import { COMMENT_MAX, STRING_MAX, TEXT } from './assumptions';
import type { Problems } from './refusal';

/** Numbers are accepted where text is meant and the other way round: the serializer behind the API is as tolerant. */
const anyText = z.union([z.string(), z.number()], { error: TEXT.invalid }).transform(String);
const textUpTo = (max: number) => anyText.pipe(z.string().max(max, { error: TEXT.tooLong(max) }));
const text = textUpTo(STRING_MAX).nullish();
const comment = textUpTo(COMMENT_MAX).nullish();
const anyNumber = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)], { error: TEXT.invalid })
  .transform(Number);
const amount = anyNumber.pipe(z.number().min(0, { error: TEXT.negative })).nullish();
const flag = z.boolean({ error: TEXT.invalid }).nullish();
const dateTime = z.string({ error: TEXT.invalid }).refine(isDateTime, { error: TEXT.date }).nullish();
const date = z.string({ error: TEXT.invalid }).refine(isDate, { error: TEXT.date }).nullish();
const email = textUpTo(STRING_MAX)
  .refine((value) => value === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), { error: TEXT.email })
  .nullish();

/** PHP writes an empty map as a list; what comes back from its clients may look the same. */
const map = z
  .union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(0)], { error: TEXT.invalid })
  .transform((value): Record<string, unknown> => (Array.isArray(value) ? {} : value))
  .nullish();

const rowExternalIds = z
  .array(z.object({ code: anyText, value: anyText }), { error: TEXT.notAnArray })
  .nullish();
const reference = z.object({ id: anyText.nullish(), externalId: anyText.nullish() }, { error: TEXT.invalid });

const itemSchema = z.object(
  {
    id: anyNumber.nullish(),
    externalIds: rowExternalIds,
    offer: reference.extend({ xmlId: anyText.nullish() }).nullish(),
    productName: text,
    initialPrice: amount,
    purchasePrice: amount,
    quantity: amount,
    discountManualAmount: anyNumber.nullish(),
    discountManualPercent: amount,
    vatRate: text,
    status: text,
    comment,
    priceType: z.object({ code: anyText }).nullish(),
    properties: z
      .union([
        z.array(z.object({ code: anyText.nullish(), name: anyText.nullish(), value: textUpTo(STRING_MAX) })),
        z.record(
          z.string(),
          z.object({ code: anyText.nullish(), name: anyText.nullish(), value: textUpTo(STRING_MAX) }),
        ),
      ])
      .nullish(),
  },
  { error: TEXT.invalid },
);
export type ItemPayload = z.infer<typeof itemSchema>;

const paymentSchema = z.object({
  externalId: text,
  type: anyText,
  status: text,
  amount,
  paidAt: dateTime,
  comment,
});
export type PaymentPayload = z.infer<typeof paymentSchema>;

const deliverySchema = z.looseObject({
  code: text,
  cost: amount,
  netCost: amount,
  date,
  address: map,
});

/** The order in a request. Unknown fields are dropped; absent and null both mean "not given" on create. */
export const orderPayloadSchema = z.object(
  {
    externalId: text,
    number: text,
    status: text,
    orderMethod: text,
    orderType: text,
    createdAt: dateTime,
    managerId: anyNumber.nullish(),
    lastName: text,
    firstName: text,
    patronymic: text,
    phone: text,
    additionalPhone: text,
    email,
    customerComment: comment,
    managerComment: comment,
    statusComment: comment,
    countryIso: text,
    weight: amount,
    length: amount,
    width: amount,
    height: amount,
    shipmentStore: text,
    shipmentDate: date,
    shipped: flag,
    call: flag,
    discountManualAmount: anyNumber.nullish(),
    discountManualPercent: amount,
    customer: reference.extend({ site: text }).nullish(),
    contragent: map,
    source: map,
    customFields: map,
    delivery: deliverySchema.nullish(),
    items: z.array(itemSchema, { error: TEXT.notAnArray }).nullish(),
    payments: z.array(paymentSchema, { error: TEXT.notAnArray }).nullish(),
  },
  { error: TEXT.invalid },
);
export type OrderPayload = z.infer<typeof orderPayloadSchema>;

/** `['items', 0, 'offer', 'id']` → `items[0].offer.id`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

export type ParsedOrder =
  { readonly ok: true; readonly payload: OrderPayload } | { readonly ok: false; readonly problems: Problems };

export function parseOrderPayload(raw: unknown): ParsedOrder {
  const parsed = orderPayloadSchema.safeParse(raw);
  if (parsed.success) return { ok: true, payload: parsed.data };
  const problems = parsed.error.issues.map(
    (issue) => [pathOf(issue.path) || 'order', issue.message] as const,
  );
  return { ok: false, problems: Object.fromEntries(problems) };
}

import * as z from 'zod';
import { jsonField, ok, type ApiAnswer, type ApiCall, type ApiMethod } from './api-call';
import { STRING_MAX, TEXT } from './assumptions';
import type { DictionaryName } from './dictionaries';
import { badEntity } from './refusal';
import { phpMap, present } from './php-shape';

const BOOKS: readonly (readonly [path: string, name: DictionaryName])[] = [
  ['sites', 'sites'],
  ['statuses', 'statuses'],
  ['order-methods', 'orderMethods'],
  ['order-types', 'orderTypes'],
  ['payment-types', 'paymentTypes'],
  ['payment-statuses', 'paymentStatuses'],
  ['delivery-types', 'deliveryTypes'],
  ['product-statuses', 'productStatuses'],
];

const methodSchema = z.object({
  code: z.string().optional(),
  name: z
    .string({ error: TEXT.blank })
    .min(1, { error: TEXT.blank })
    .max(STRING_MAX, { error: TEXT.tooLong(STRING_MAX) })
    .optional(),
  active: z.boolean({ error: TEXT.invalid }).optional(),
  defaultForCrm: z.boolean({ error: TEXT.invalid }).optional(),
  defaultForApi: z.boolean({ error: TEXT.invalid }).optional(),
});

/** Creates or updates by code. The code is latin; the name is what people see and needs no uniqueness. */
function editOrderMethod(call: ApiCall): ApiAnswer {
  const { account, path } = call;
  const code = path[0] ?? '';
  if (!/^[A-Za-z0-9_-]+$/.test(code)) throw badEntity({ code: TEXT.methodCode });
  const parsed = methodSchema.safeParse(jsonField(call, 'orderMethod'));
  if (!parsed.success) {
    throw badEntity(
      Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message])),
    );
  }
  const methods = account.dictionary('orderMethods');
  const stored = methods[code];
  const name = parsed.data.name ?? stored?.name;
  if (name === undefined) throw badEntity({ name: TEXT.blank });
  const fresh = { active: true, defaultForCrm: false, defaultForApi: false, isFromPos: false };
  account.replaceDictionary('orderMethods', {
    ...methods,
    [code]: { ...fresh, ...stored, ...present(parsed.data), name, code },
  });
  return { status: stored ? 200 : 201, body: { success: true } };
}

/** A group lists its statuses, so that one added later is in it. */
function statusGroups({ account }: ApiCall): ApiAnswer {
  const statuses = Object.values(account.dictionary('statuses'));
  const groups = Object.values(account.dictionary('statusGroups')).map((group) => [
    group.code,
    {
      ...group,
      statuses: statuses.filter((status) => status['group'] === group.code).map((status) => status.code),
    },
  ]);
  return ok({ statusGroups: Object.fromEntries(groups) as unknown });
}

export const REFERENCE_METHODS: readonly ApiMethod[] = [
  ...BOOKS.map(([path, name]): ApiMethod => ({
    verb: 'GET',
    path: `/api/v5/reference/${path}`,
    scope: 'reference_read',
    handle: ({ account }) => ok({ [name]: phpMap(account.dictionary(name)) }),
  })),
  { verb: 'GET', path: '/api/v5/reference/status-groups', scope: 'reference_read', handle: statusGroups },
  {
    verb: 'GET',
    path: '/api/v5/reference/price-types',
    scope: 'reference_read',
    handle: ({ account }) => ok({ priceTypes: Object.values(account.dictionary('priceTypes')) }),
  },
  {
    verb: 'POST',
    path: '/api/v5/reference/order-methods/{}/edit',
    scope: 'reference_write',
    handle: editOrderMethod,
  },
];

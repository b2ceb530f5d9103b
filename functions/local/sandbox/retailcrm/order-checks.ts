import type { Account } from './account';
import { TEXT } from './assumptions';
import { OFFER_KEYS, type FoundOffer, type OfferKey } from './catalogue';
import { ENTITY_NAMES, type DictionaryName } from './dictionaries';
import { parseOrderPayload, type ItemPayload, type OrderPayload, type ParsedOrder } from './order-payload';

type Found = [path: string, text: string];

function unknownCode(
  account: Account,
  name: DictionaryName,
  path: string,
  code: string | null | undefined,
): Found[] {
  if (code === undefined || code === null || Object.hasOwn(account.dictionary(name), code)) return [];
  return [[path, TEXT.notInDictionary(ENTITY_NAMES[name], code)]];
}

/** The first of id, externalId, xmlId that the row gives. */
export function offerReference(
  item: ItemPayload,
): { readonly key: OfferKey; readonly value: string } | undefined {
  for (const key of OFFER_KEYS) {
    const value = item.offer?.[key];
    if (value !== undefined && value !== null) return { key, value };
  }
  return undefined;
}

/** What the row links to. A row of an edit may be known by its own id only and keep its link. */
export function offerOf(account: Account, item: ItemPayload): FoundOffer | undefined {
  const reference = offerReference(item);
  return reference && account.catalogue.find(reference.key, reference.value);
}

function itemProblems(account: Account, item: ItemPayload, path: string): Found[] {
  const reference = offerReference(item);
  const keepsRow = item.id !== undefined && item.id !== null;
  const problems = [
    ...unknownCode(account, 'productStatuses', `${path}.status`, item.status),
    ...unknownCode(account, 'priceTypes', `${path}.priceType.code`, item.priceType?.code),
  ];
  if (reference && !offerOf(account, item)) {
    problems.push([`${path}.offer.${reference.key}`, TEXT.offerNotFound(reference.key, reference.value)]);
  }
  if (!reference && !keepsRow && (item.productName ?? '') === '')
    problems.push([`${path}.productName`, TEXT.blank]);
  return problems;
}

function customerProblems(account: Account, payload: OrderPayload, site: string): Found[] {
  const { customer } = payload;
  if (!customer) return [];
  if (customer.id !== undefined && customer.id !== null) {
    if (account.customers.byId(Number(customer.id))) return [];
    return [['customer.id', TEXT.customerNotFound('id', customer.id)]];
  }
  const externalId = customer.externalId ?? '';
  if (account.customers.byExternalId(externalId, customer.site ?? site)) return [];
  return [['customer.externalId', TEXT.customerNotFound('externalId', externalId)]];
}

function referenceProblems(account: Account, payload: OrderPayload, site: string): Found[] {
  const payments = payload.payments ?? [];
  return [
    ...unknownCode(account, 'statuses', 'status', payload.status),
    ...unknownCode(account, 'orderMethods', 'orderMethod', payload.orderMethod),
    ...unknownCode(account, 'orderTypes', 'orderType', payload.orderType),
    ...unknownCode(account, 'deliveryTypes', 'delivery.code', payload.delivery?.code),
    ...payments.flatMap((payment, index) => [
      ...unknownCode(account, 'paymentTypes', `payments[${index}].type`, payment.type),
      ...unknownCode(account, 'paymentStatuses', `payments[${index}].status`, payment.status),
    ]),
    ...(payload.items ?? []).flatMap((item, index) => itemProblems(account, item, `items[${index}]`)),
    ...Object.keys(payload.customFields ?? {})
      .filter((code) => !Object.hasOwn(account.dictionary('customFields'), code))
      .map((code): Found => [`customFields.${code}`, TEXT.customFieldUnknown(code)]),
    ...customerProblems(account, payload, site),
  ];
}

function orderedRejection(
  account: Account,
  externalId: string | null | undefined,
): Readonly<Record<string, string>> {
  const rule = account
    .settings()
    .rejectOrders.find(({ externalIdMatches }) => new RegExp(externalIdMatches).test(externalId ?? ''));
  return rule?.errors ?? {};
}

/** Shape first, then everything the order refers to. */
export function checkOrder(account: Account, raw: unknown, site: string): ParsedOrder {
  const parsed = parseOrderPayload(raw);
  if (!parsed.ok) return parsed;
  const problems = {
    ...Object.fromEntries(referenceProblems(account, parsed.payload, site)),
    ...orderedRejection(account, parsed.payload.externalId),
  };
  return Object.keys(problems).length === 0 ? parsed : { ok: false, problems };
}

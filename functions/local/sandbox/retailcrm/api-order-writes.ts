import * as z from 'zod';
import {
  jsonField,
  ok,
  requiredSite,
  sitesOf,
  type ApiAnswer,
  type ApiCall,
  type ApiMethod,
} from './api-call';
import { addressedOrder } from './api-orders';
import { DUPLICATE_ON_CREATE_STATUS, TEXT } from './assumptions';
import type { Actor } from './history-log';
import { checkOrder } from './order-checks';
import type { OrderPayload } from './order-payload';
import { orderView } from './order-view';
import type { Order } from './order';
import { badEntity, Refusal, type Problems } from './refusal';

const BATCH_MAX = 50;

const actorOf = (call: ApiCall): Actor => ({ source: 'api', keyName: call.key.name });
const duplicateText = (externalId: string): string => `Order with externalId=${externalId} already exists.`;

function isStored(call: ApiCall, externalId: string | null | undefined, site: string): boolean {
  return (externalId ?? '') !== '' && call.account.orders.byExternalId(externalId ?? '', site) !== undefined;
}

function refuseDuplicate(call: ApiCall, externalId: string): Refusal {
  const text = duplicateText(externalId);
  if (call.account.settings().duplicateTextPlace === 'errorMsg')
    return new Refusal(DUPLICATE_ON_CREATE_STATUS, text);
  return new Refusal(DUPLICATE_ON_CREATE_STATUS, badEntity({}).message, { externalId: text });
}

function create(call: ApiCall): ApiAnswer {
  const raw = jsonField(call, 'order');
  const site = requiredSite(call);
  const checked = checkOrder(call.account, raw, site);
  if (!checked.ok) throw badEntity(checked.problems);
  const { externalId } = checked.payload;
  if (isStored(call, externalId, site)) throw refuseDuplicate(call, externalId ?? '');
  const order = call.saves.create(checked.payload, site, actorOf(call));
  return {
    status: 201,
    body: { success: true, id: order.id, order: orderView(call.account, order, 'array') },
    orders: 1,
  };
}

/** One order of a batch, before anything is stored. */
interface BatchRow {
  readonly externalId: string | undefined;
  readonly payload: OrderPayload | undefined;
  readonly errors: readonly string[];
}

const idOf = (raw: unknown): string | undefined => {
  const parsed = z.object({ externalId: z.union([z.string(), z.number()]).transform(String) }).safeParse(raw);
  return parsed.success ? parsed.data.externalId : undefined;
};

const textsOf = (problems: Problems): string[] =>
  Object.entries(problems).map(([path, text]) => `${path}: ${text}`);

/** A second order with the same externalId in one batch is a duplicate of the first. */
function checkBatch(call: ApiCall, raws: readonly unknown[], site: string): BatchRow[] {
  const taken = new Set<string>();
  return raws.map((raw) => {
    const externalId = idOf(raw);
    const checked = checkOrder(call.account, raw, site);
    if (!checked.ok) return { externalId, payload: undefined, errors: textsOf(checked.problems) };
    if (externalId !== undefined && (taken.has(externalId) || isStored(call, externalId, site))) {
      return { externalId, payload: undefined, errors: [duplicateText(externalId)] };
    }
    if (externalId !== undefined) taken.add(externalId);
    return { externalId, payload: checked.payload, errors: [] };
  });
}

const reference = (id: number | undefined, externalId: string | undefined): Record<string, unknown> => ({
  ...(id === undefined ? {} : { id }),
  ...(externalId === undefined ? {} : { externalId }),
});

function batchErrors(call: ApiCall, rows: readonly BatchRow[]): unknown {
  if (call.account.settings().errorsShape === 'array') return rows.flatMap((row) => row.errors);
  const byPosition = rows.map((row, index) => [String(index), row.errors.join('; ')] as const);
  return Object.fromEntries(byPosition.filter(([, text]) => text !== ''));
}

function upload(call: ApiCall): ApiAnswer {
  const raws = jsonField(call, 'orders');
  const site = requiredSite(call);
  if (!Array.isArray(raws)) throw badEntity({ orders: TEXT.notAnArray });
  if (raws.length > BATCH_MAX) throw badEntity({ orders: TEXT.batchTooLarge(BATCH_MAX) });
  const mode = call.account.settings().uploadFailureMode;
  const rows = checkBatch(call, raws, site);
  const anyFailed = rows.some((row) => row.errors.length > 0);
  const storesNothing = anyFailed && mode === 'http-460-nothing-stored';
  const stored: Order[] = storesNothing
    ? []
    : rows.flatMap(({ payload }) => (payload ? [call.saves.create(payload, site, actorOf(call))] : []));
  const failed = storesNothing ? rows : rows.filter((row) => row.errors.length > 0);
  const body = {
    uploadedOrders: stored.map((order) => reference(order.id, order.externalId)),
    failedOrders: failed.map((row) => reference(undefined, row.externalId)),
    orders: stored.map((order) => orderView(call.account, order, 'array')),
  };
  if (!anyFailed || mode === 'success-true')
    return { status: 201, body: { success: true, ...body }, orders: raws.length };
  const explained = { errorMsg: 'Orders are loaded with errors', errors: batchErrors(call, rows) };
  return { status: 460, body: { success: false, ...body, ...explained }, orders: raws.length };
}

function edit(call: ApiCall): ApiAnswer {
  const raw = jsonField(call, 'order');
  const order = addressedOrder(call);
  const checked = checkOrder(call.account, raw, order.site);
  if (!checked.ok) throw badEntity(checked.problems);
  const { externalId } = checked.payload;
  if (externalId !== order.externalId && isStored(call, externalId, order.site)) {
    throw refuseDuplicate(call, externalId ?? '');
  }
  const saved = call.saves.edit(order, checked.payload, actorOf(call));
  return ok({ id: saved.id, order: orderView(call.account, saved, 'map') }, 1);
}

const relabelSchema = z.array(z.object({ id: z.number(), externalId: z.string() }));

function fixExternalIds(call: ApiCall): ApiAnswer {
  const parsed = relabelSchema.safeParse(jsonField(call, 'orders'));
  if (!parsed.success) throw badEntity({ orders: TEXT.invalid });
  const found = parsed.data.map(({ id, externalId }) => {
    const order = call.account.orders.byId(id);
    if (!order || !sitesOf(call).includes(order.site))
      throw badEntity({ orders: 'An attempt was made to edit a nonexistent record' });
    if (externalId !== order.externalId && isStored(call, externalId, order.site)) {
      throw refuseDuplicate(call, externalId);
    }
    return { order, externalId };
  });
  for (const { order, externalId } of found) call.saves.relabel(order, externalId, actorOf(call));
  return ok({}, found.length);
}

export const ORDER_WRITES: readonly ApiMethod[] = [
  { verb: 'POST', path: '/api/v5/orders/create', scope: 'order_write', handle: create },
  { verb: 'POST', path: '/api/v5/orders/upload', scope: 'order_write', handle: upload },
  { verb: 'POST', path: '/api/v5/orders/fix-external-ids', scope: 'order_write', handle: fixExternalIds },
  { verb: 'POST', path: '/api/v5/orders/{}/edit', scope: 'order_write', handle: edit },
];

import * as z from 'zod';
import { DEFAULT_USER_ID } from './assumptions';
import { bodyOf, type ControlCall, type ControlMethod } from './control-call';
import { orderHistory, orderState } from './control-state';
import type { Actor } from './history-log';
import { checkOrder } from './order-checks';
import type { OrderPayload } from './order-payload';
import type { Order } from './order';
import { badEntity, notFound } from './refusal';

const actorShape = {
  /** A manager, another API key, or an automation rule. */
  as: z.enum(['user', 'api', 'rule']).default('user'),
  userId: z.int().default(DEFAULT_USER_ID),
  /** Name of the API key, with `as: 'api'`. */
  key: z.string().default('warehouse'),
  /** Value of the history's `source`, with `as: 'rule'`; default: the setting `ruleSource`. */
  source: z.string().min(1).optional(),
};
const orderFields = z.record(z.string(), z.unknown());
const changeSchema = z.strictObject({
  ...actorShape,
  status: z.string().optional(),
  order: orderFields.default({}),
});
const newOrderSchema = z.strictObject({
  ...actorShape,
  site: z.string().default('auto'),
  order: orderFields.default({}),
});

type ActorBody = Pick<z.infer<typeof changeSchema>, 'as' | 'userId' | 'key' | 'source'>;

function actorOf(call: ControlCall, { as, userId, key, source }: ActorBody): Actor {
  const { account } = call.sandbox;
  if (as === 'user') return { source: 'user', userId };
  if (as === 'rule') return { source: source ?? account.settings().ruleSource };
  if (!account.keys().some((candidate) => candidate.name === key))
    throw badEntity({ key: `no key named ${key}` });
  return { source: 'api', keyName: key };
}

function chosenOrder({ sandbox, path, query }: ControlCall): Order {
  const { account } = sandbox;
  const id = path[0] ?? '';
  const order =
    query.get('by') === 'externalId'
      ? account.orders.byExternalIdAnywhere(id, account.siteCodes())[0]
      : account.orders.byId(Number(id));
  if (!order) throw notFound();
  return order;
}

function checked(call: ControlCall, fields: Readonly<Record<string, unknown>>, site: string): OrderPayload {
  const result = checkOrder(call.sandbox.account, fields, site);
  if (!result.ok) throw badEntity(result.problems);
  return result.payload;
}

function change(call: ControlCall): unknown {
  const body = bodyOf(call, changeSchema);
  const order = chosenOrder(call);
  const fields = body.status === undefined ? body.order : { ...body.order, status: body.status };
  const payload = checked(call, fields, order.site);
  const saved = call.sandbox.saves.edit(order, payload, actorOf(call, body));
  return orderState(call.sandbox.account, saved);
}

function add(call: ControlCall): unknown {
  const body = bodyOf(call, newOrderSchema);
  const { account, saves } = call.sandbox;
  if (!account.siteCodes().includes(body.site)) throw badEntity({ site: 'unknown' });
  const payload = checked(call, body.order, body.site);
  const taken = payload.externalId ?? '';
  if (taken !== '' && account.orders.byExternalId(taken, body.site))
    throw badEntity({ externalId: 'already exists' });
  return orderState(account, saves.create(payload, body.site, actorOf(call, body)));
}

function remove(call: ControlCall): unknown {
  call.sandbox.saves.remove(chosenOrder(call), { source: 'user', userId: DEFAULT_USER_ID });
  return {};
}

function read(call: ControlCall): unknown {
  const order = chosenOrder(call);
  const { account } = call.sandbox;
  return { ...orderState(account, order), history: orderHistory(account, order.id) };
}

export const CONTROL_ORDERS: readonly ControlMethod[] = [
  { verb: 'POST', path: '/sandbox/orders', handle: add },
  { verb: 'GET', path: '/sandbox/orders/{}', handle: read },
  { verb: 'PATCH', path: '/sandbox/orders/{}', handle: change },
  { verb: 'DELETE', path: '/sandbox/orders/{}', handle: remove },
];

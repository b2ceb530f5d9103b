import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { accountSchema, DEMO_CABINET, keyTag, type Account } from './accounts';
import { settingsChangeSchema } from './assumptions';
import type { CallLog } from './calls';
import * as schemas from './control-schemas';
import { faultSchema, type FaultScript } from './faults';
import { latestVersion, visibleVersion, type OrderChange, type SandboxOrder } from './orders';
import type { Pace } from './pace';
import { placeOrders } from './place-orders';
import type { OrderPush } from './push';
import type { SandboxState } from './state';

export interface ControlParts {
  state: SandboxState;
  push: OrderPush;
  pace: Pace;
  calls: CallLog;
  faults: FaultScript;
  nowMs: () => number;
}

/** Catches slips, not attacks: a body of undeclared length passes. */
const BODY_LIMIT_BYTES = 8_388_608;

type Route = (parts: ControlParts, context: Context) => Response | Promise<Response>;

/**
 * The hand behind the sandbox. JSON in and out; never paced. 400 `{error, issues}`, 404 and 409 `{error}`.
 * Times are epoch milliseconds of the sandbox clock. "Row field" = a field of a GetSellerOrdersV3 row, by its wire name.
 *
 * GET    /sandbox/state[?limit=100&account=login]  {nowMs, accounts, orderCount, orders (newest number first), dictionary,
 *        settings, faults, violations, demoCabinet (null once its credentials have changed)}
 * POST   /sandbox/orders  {account?, status?, createdAtMs?, visibleAfterMs?, ...row fields} one order, or
 *        {count, createdFromMs?, spreadMinutes?, ...same} many, dated evenly. -> 201 {codes}. Without `account` the first
 *        cabinet; without a date now (many: the last `spreadMinutes`, 10 by default). visibleAfterMs: reads show it later.
 * GET    /sandbox/orders/{code}  one order: {code, account, createdAtMs, lastEventAtMs, status, statusName, shownStatus (null:
 *        not visible yet), response, row, events: [{atMs, by, status, response}]}
 * PATCH  /sandbox/orders/{code}  {status?, qty?, price?, drop?: [row field], ...row fields} as the buyer or ZZap would do it;
 *        lag: true = reads show it after the replica lag, else at once; silent: true = the date of the last event stays;
 *        by: 'seller' = as if done in the seller's cabinet. -> the order
 * PUT    /sandbox/settings  any part of Settings (assumptions.ts) -> all settings. Survives a restart.
 * GET    /sandbox/faults | POST /sandbox/faults {kind, method?, times?, afterCalls?, codeOrder?, account?, delayMs?, text?,
 *        afterEffect?} -> 201 {faults} | DELETE /sandbox/faults. Not kept over a restart. A paced-out call uses up none.
 * GET    /sandbox/calls[?since=ms&limit=n]  {calls (oldest first, started at `since` or later), violations}; DELETE forgets
 *        the calls, not the violations. Not kept over a restart.
 * POST   /sandbox/accounts  {login, password, apiKey, pushUrl?} -> 201; 409 when the login is there
 * PATCH  /sandbox/accounts/{login}  {password?, apiKey?, pushUrl?}
 */
export function createControl(parts: ControlParts): Hono {
  const app = new Hono();
  const on =
    (route: Route) =>
    (context: Context): Response | Promise<Response> =>
      route(parts, context);

  app.use(async (context, next) => {
    const isTooLong = Number(context.req.header('content-length') ?? 0) > BODY_LIMIT_BYTES;
    return isTooLong ? context.json({ error: 'too long' }, 413) : next();
  });
  app.get('/sandbox/state', on(showState));
  app.post('/sandbox/orders', on(addOrders));
  app.get('/sandbox/orders/:code', on(showOrder));
  app.patch('/sandbox/orders/:code', on(patchOrder));
  app.put('/sandbox/settings', on(putSettings));
  app.get('/sandbox/faults', on(showFaults));
  app.post('/sandbox/faults', on(addFault));
  app.delete('/sandbox/faults', on(clearFaults));
  app.get('/sandbox/calls', on(showCalls));
  app.delete('/sandbox/calls', on(clearCalls));
  app.post('/sandbox/accounts', on(addAccount));
  app.patch('/sandbox/accounts/:login', on(patchAccount));
  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ error: 'invalid', issues: error.issues }, 400);
    if (error instanceof SyntaxError) return context.json({ error: 'not JSON' }, 400);
    return context.json({ error: error.message }, 500);
  });
  app.notFound((context) => context.json({ error: 'no such route' }, 404));
  return app;
}

const showState: Route = ({ state, faults, pace, nowMs }, context) => {
  const { limit, account } = schemas.listQuerySchema.parse(context.req.query());
  const orders = state.orders(account);
  const settings = state.settings();
  return context.json({
    nowMs: nowMs(),
    accounts: state.accounts().map((one) => describeAccount(state, one)),
    orderCount: orders.length,
    orders:
      limit === 0
        ? []
        : orders
            .slice(-limit)
            .reverse()
            .map((order) => describeOrder(state, order, nowMs())),
    dictionary: settings.dictionary,
    settings,
    faults: faults.list(),
    violations: pace.violations(),
    demoCabinet: isUnchangedDemo(state.account(DEMO_CABINET.login)) ? DEMO_CABINET : null,
  });
};

const isUnchangedDemo = (account: Account | undefined): boolean =>
  account?.password === DEMO_CABINET.password && account.apiKey === DEMO_CABINET.apiKey;

const describeAccount = (state: SandboxState, { login, apiKey, pushUrl = null }: Account) => ({
  login,
  keyTag: keyTag(apiKey),
  pushUrl,
  orders: state.orders(login).length,
});

function describeOrder(state: SandboxState, order: SandboxOrder, nowMs: number) {
  const { status, response, row, eventAtMs } = latestVersion(order);
  const { account, code, createdAtMs, events } = order;
  const statusName = state.settings().dictionary.find((entry) => entry.code === status)?.name ?? null;
  const shownStatus = visibleVersion(order, nowMs)?.status ?? null;
  return {
    code,
    account,
    createdAtMs,
    lastEventAtMs: eventAtMs,
    status,
    statusName,
    shownStatus,
    response,
    row,
    events,
  };
}

const addOrders: Route = async ({ state, push, nowMs }, context) => {
  const body = schemas.newOrdersSchema.parse(await context.req.json());
  const { account, count, createdFromMs, createdAtMs, spreadMinutes, visibleAfterMs, status, ...row } = body;
  const login = account ?? state.accounts()[0]?.login;
  if (login === undefined || state.account(login) === undefined)
    return context.json({ error: 'no such account' }, 404);
  const spreadMs = count === 1 ? 0 : (spreadMinutes ?? 10) * 60_000;
  const orders = placeOrders(state, push, {
    account: login,
    count,
    createdFromMs: createdAtMs ?? createdFromMs ?? nowMs() - spreadMs,
    spreadMs,
    visibleAtMs: nowMs() + visibleAfterMs,
    status,
    row,
  });
  return context.json({ codes: orders.map(({ code }) => code) }, 201);
};

const noSuchOrder = (context: Context): Response => context.json({ error: 'no such order' }, 404);

const showOrder: Route = ({ state, nowMs }, context) => {
  const order = state.order(Number(context.req.param('code')));
  return order === undefined ? noSuchOrder(context) : context.json(describeOrder(state, order, nowMs()));
};

const patchOrder: Route = async ({ state, nowMs }, context) => {
  const order = state.order(Number(context.req.param('code')));
  if (order === undefined) return noSuchOrder(context);
  const body = schemas.orderChangeSchema.parse(await context.req.json());
  const atMs = nowMs();
  const changed = state.changeOrder(order, toChange(body, atMs, state.settings().replicaLagMs));
  return context.json(describeOrder(state, changed, atMs));
};

function toChange(body: z.infer<typeof schemas.orderChangeSchema>, atMs: number, lagMs: number): OrderChange {
  const { status, by, lag, silent, drop, qty, price, ...set } = body;
  if (qty !== undefined) set['qty_order'] = qty;
  if (price !== undefined) set['priceV2'] = price;
  const visibleAtMs = lag ? atMs + lagMs : atMs;
  return { by, atMs, visibleAtMs, silent, drop, set, ...(status === undefined ? {} : { status }) };
}

const putSettings: Route = async ({ state }, context) =>
  context.json(state.changeSettings(settingsChangeSchema.parse(await context.req.json())));

const showFaults: Route = ({ faults }, context) => context.json({ faults: faults.list() });

const addFault: Route = async ({ faults }, context) => {
  faults.add(faultSchema.parse(await context.req.json()));
  return context.json({ faults: faults.list() }, 201);
};

const clearFaults: Route = ({ faults }, context) => {
  faults.clear();
  return context.json({ faults: [] });
};

const showCalls: Route = ({ calls, pace }, context) => {
  const { since, limit } = schemas.callsQuerySchema.parse(context.req.query());
  return context.json({ calls: calls.list({ sinceMs: since, limit }), violations: pace.violations() });
};

const clearCalls: Route = ({ calls, pace }, context) => {
  calls.clear();
  return context.json({ calls: [], violations: pace.violations() });
};

const addAccount: Route = async ({ state }, context) => {
  const account = accountSchema.parse(await context.req.json());
  if (state.account(account.login) !== undefined) return context.json({ error: 'the login is taken' }, 409);
  state.saveAccount(account);
  return context.json(describeAccount(state, account), 201);
};

const patchAccount: Route = async ({ state }, context) => {
  const account = state.account(context.req.param('login') ?? '');
  if (account === undefined) return context.json({ error: 'no such account' }, 404);
  const changes = schemas.accountChangeSchema.parse(await context.req.json());
  const changed = accountSchema.parse({ ...account, ...changes });
  state.saveAccount(changed);
  return context.json(describeAccount(state, changed));
};

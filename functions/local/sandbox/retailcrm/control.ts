import type { ControlMethod, Sandbox } from './control-call';
import { CONTROL_ORDERS } from './control-orders';
import { CONTROL_SETTINGS } from './control-settings';
import { CONTROL_STATE } from './control-state';
import { refusalBody } from './api';
import { accessDenied, methodNotAllowed, notFound, Refusal } from './refusal';
import { jsonReply, type Reply } from './reply';
import { headerOf, type ReceivedRequest } from './request-fields';

/**
 * The control API: everything a person does inside RetailCRM, and the switches that make it misbehave.
 * JSON in and out, no key, not paced, never faulty, loopback only. Bodies are strict: an unknown field is refused with 400.
 *
 * State
 *   GET    /sandbox/state?limit=50          orders newest first (fields flat, items, sums, last 10 history records),
 *                                           orderCount, lastHistoryId, dictionaries, keys (names, scopes), modules,
 *                                           settings, faults, triggerResults, violations
 *   GET    /sandbox/calls?since=<ms>        calls started at that instant or later, oldest first; or ?newest=<n>;
 *                                           {id, method, path, key, startedAtMs, endedAtMs, status, orders, fault, answer},
 *                                           violations, violationsByKey
 * Orders ({id}: the CRM id, or an externalId with ?by=externalId)
 *   GET    /sandbox/orders/{id}             one order with its whole history
 *   POST   /sandbox/orders                  {site?, order: {...}, as?}            an order made in the CRM
 *   PATCH  /sandbox/orders/{id}             {as?: 'user' | 'api' | 'rule', key?, userId?, source?, status?, order?: {...}}
 *   DELETE /sandbox/orders/{id}             as a manager
 * Account
 *   GET    /sandbox/settings
 *   PUT    /sandbox/settings                any part of settings.ts; the rest stays
 *   POST   /sandbox/statuses[/{code}]       {code?, name?, group?, active?, ...}; PATCH and DELETE /sandbox/statuses/{code};
 *                                           the same for order-methods, sites, custom-fields
 *   POST   /sandbox/offers                  {name?, article?, productArticle?, manufacturer?, externalId?, xmlId?, price?,
 *                                           quantity?, active?, sites?, properties?}
 *   POST   /sandbox/keys                    {key, name, scopes, sites?}
 *   PATCH  /sandbox/keys/{name}             {revoked?, scopes?, sites?: [...] | null}
 * Faults (in memory; see faults.ts)
 *   GET | POST | DELETE /sandbox/faults     {path, kind, times?, afterCalls?, delayMs?, status?, errorMsg?, errors?}
 */
const METHODS: readonly ControlMethod[] = [...CONTROL_STATE, ...CONTROL_ORDERS, ...CONTROL_SETTINGS];

const ROUTES = METHODS.map((method) => ({
  method,
  pattern: new RegExp(`^${method.path.replaceAll('{}', '([^/]+)')}$`),
}));

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A foreign web page must not steer the sandbox: it can neither send this Host nor this content type. */
function refuseStrangers(request: ReceivedRequest): void {
  if (!LOOPBACK.test(headerOf(request, 'host') ?? '')) throw accessDenied();
  const isJson = (headerOf(request, 'content-type') ?? '').startsWith('application/json');
  if (request.method === 'POST' && !isJson) throw new Refusal(415, 'Send application/json');
}

function jsonBody(request: ReceivedRequest): unknown {
  if (request.body.length === 0) return undefined;
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    throw new Refusal(400, 'The body is not JSON');
  }
}

function answer(sandbox: Sandbox, request: ReceivedRequest): unknown {
  refuseStrangers(request);
  const known = ROUTES.filter(({ pattern }) => pattern.test(request.path));
  if (known.length === 0) throw notFound();
  const route = known.find(({ method }) => method.verb === request.method);
  if (!route) throw methodNotAllowed();
  const path = (route.pattern.exec(request.path) ?? []).slice(1).map(decodeURIComponent);
  return route.method.handle({ sandbox, query: request.query, path, body: jsonBody(request) });
}

export function handleControl(sandbox: Sandbox, request: ReceivedRequest): Reply {
  try {
    const body = answer(sandbox, request);
    sandbox.account.flush();
    return jsonReply(200, body);
  } catch (error) {
    if (error instanceof Refusal) return jsonReply(error.status, refusalBody(sandbox.account, error));
    throw error;
  }
}

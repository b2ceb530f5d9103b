import type { Account, ApiKey } from './account';
import { ACCOUNT_METHODS } from './api-account';
import type { ApiAnswer, ApiCall, ApiMethod } from './api-call';
import { HISTORY_METHODS } from './api-history';
import { ORDER_READS } from './api-orders';
import { ORDER_WRITES } from './api-order-writes';
import { REFERENCE_METHODS } from './api-reference';
import { STORE_METHODS } from './api-store';
import { textOf, type Parameters } from './bracket-parameters';
import { accessDenied, methodNotAllowed, noKey, unknownMethod, wrongKey, type Refusal } from './refusal';
import { headerOf, requestFields, type ReceivedRequest } from './request-fields';
import type { OrderSaves } from './order-saves';

/** History before orders/{id}: the first match wins. */
const METHODS: readonly ApiMethod[] = [
  ...ACCOUNT_METHODS,
  ...REFERENCE_METHODS,
  ...STORE_METHODS,
  ...HISTORY_METHODS,
  ...ORDER_WRITES,
  ...ORDER_READS,
];

const ROUTES = METHODS.map((method) => ({
  method,
  pattern: new RegExp(`^${method.path.replaceAll('{}', '([^/]+)')}/?$`),
}));

interface Route {
  readonly method: ApiMethod;
  readonly path: readonly string[];
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

function routeOf(request: ReceivedRequest): Route {
  const known = ROUTES.filter(({ pattern }) => pattern.test(request.path));
  if (known.length === 0) throw unknownMethod();
  const route = known.find(({ method }) => method.verb === request.method);
  if (!route) throw methodNotAllowed();
  return { method: route.method, path: (route.pattern.exec(request.path) ?? []).slice(1).map(decoded) };
}

export function presentedKey(request: ReceivedRequest, fields: Parameters): string | undefined {
  return headerOf(request, 'x-api-key') ?? textOf(fields['apiKey']);
}

function authenticate(account: Account, presented: string | undefined): ApiKey {
  if (presented === undefined || presented === '') throw noKey();
  const key = account.keys().find((candidate) => candidate.key === presented && candidate.revoked !== true);
  if (!key) throw wrongKey();
  return key;
}

export interface ApiContext {
  readonly account: Account;
  readonly saves: OrderSaves;
  /** Throws when the key has used up its requests. */
  readonly pace: (key: ApiKey) => void;
  /** Told as soon as the key is known, for the log of calls. */
  readonly onKey: (name: string) => void;
}

const OPEN_KEY: ApiKey = { key: '', name: '', scopes: [] };

function admit(
  { account, pace, onKey }: ApiContext,
  presented: string | undefined,
  method: ApiMethod,
): ApiKey {
  if (method.scope === 'open') return OPEN_KEY;
  const key = authenticate(account, presented);
  onKey(key.name);
  pace(key);
  if (method.scope !== null && !key.scopes.includes(method.scope)) throw accessDenied();
  return key;
}

/** One API v5 request. Refusals are thrown. */
export function answerApi(context: ApiContext, request: ReceivedRequest): ApiAnswer {
  const fields = requestFields(request);
  const { method, path } = routeOf(request);
  const key = admit(context, presentedKey(request, fields), method);
  const host = `http://${headerOf(request, 'host') ?? ''}`;
  const call: ApiCall = { account: context.account, saves: context.saves, key, fields, path, host };
  return method.handle(call);
}

/** `{success: false, errorMsg, errors?}`; `errors` is an object or an array of texts. */
export function refusalBody(account: Account, refusal: Refusal): Record<string, unknown> {
  const { problems } = refusal;
  const body = { success: false, errorMsg: refusal.message };
  if (problems === undefined) return body;
  if (account.settings().errorsShape === 'object') return { ...body, errors: problems };
  return { ...body, errors: Object.entries(problems).map(([path, text]) => `${path}: ${text}`) };
}

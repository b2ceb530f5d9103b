import { ERROR_TEXT, REGIONS } from './assumptions';
import { latestVersion } from './orders';
import type { DeclaredParameter, Parameters } from './parameters';
import { readSellerOrders } from './seller-orders';
import type { SandboxState } from './state';

/** What a method puts into the wrapper. `error` is '' when all went well. */
export interface MethodAnswer {
  error: string;
  row_count?: number;
  table?: unknown[];
  [field: string]: unknown;
}

export interface MethodContext {
  state: SandboxState;
  nowMs: number;
}

export interface Method {
  declared: readonly DeclaredParameter[];
  run(context: MethodContext, params: Parameters): MethodAnswer;
  /** The answer of a call that failed. */
  fail(error: string): MethodAnswer;
}

export const METHOD_NAMES = [
  'GetSellerOrdersV3',
  'SetOrderStatusV3',
  'GetCodesTrack',
  'GetRegionsV2',
] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

const strings = (...names: string[]): DeclaredParameter[] =>
  names.map((name) => ({ name, type: 'string' as const }));
const optional = (...names: string[]): DeclaredParameter[] =>
  strings(...names).map((parameter) => ({ ...parameter, optional: true }));

const asList = (table: unknown[]): MethodAnswer => ({ error: '', row_count: table.length, table });
const failedList = (error: string): MethodAnswer => ({ error, row_count: 0, table: [] });
const failed = (error: string): MethodAnswer => ({ error });

const METHODS: Readonly<Record<MethodName, Method>> = {
  GetSellerOrdersV3: {
    declared: [
      ...strings('login', 'password', 'row_count', 'api_key', 'call_data'),
      ...optional('codes_track', 'date_from', 'date_to'),
    ],
    run: (context, params) =>
      credentialError(context, params, failedList) ?? readSellerOrders(context, params),
    fail: failedList,
  },
  SetOrderStatusV3: {
    declared: [
      ...strings('login', 'password', 'api_key'),
      { name: 'code_order', type: 'int' },
      { name: 'code_track', type: 'int' },
      ...strings('response', 'call_data'),
    ],
    run: (context, params) => credentialError(context, params, failed) ?? setOrderStatus(context, params),
    fail: failed,
  },
  GetCodesTrack: {
    declared: strings('login', 'password', 'api_key'),
    run: (context, params) => credentialError(context, params, failedList) ?? listStatuses(context),
    fail: failedList,
  },
  GetRegionsV2: {
    declared: strings('login', 'password', 'api_key'),
    run: ({ state }, { api_key: apiKey }) =>
      state.accounts().some((account) => account.apiKey === apiKey)
        ? asList([...REGIONS])
        : failedList(ERROR_TEXT.wrongKey),
    fail: failedList,
  },
};

export const methodNamed = (name: string): Method | undefined =>
  METHOD_NAMES.some((known) => known === name) ? METHODS[name as MethodName] : undefined;

function credentialError(
  { state }: MethodContext,
  { login = '', password, api_key: apiKey }: Parameters,
  fail: (error: string) => MethodAnswer,
): MethodAnswer | undefined {
  const account = state.account(login);
  if (account === undefined) return fail(ERROR_TEXT.wrongLogin);
  if (account.password !== password) return fail(ERROR_TEXT.wrongPassword);
  return account.apiKey === apiKey ? undefined : fail(ERROR_TEXT.wrongKey);
}

const listStatuses = ({ state }: MethodContext): MethodAnswer =>
  asList(state.settings().dictionary.map(({ code, name }) => ({ code_track: code, class_track: name })));

/** The change is true at once and shown by reads after the replica lag. */
function setOrderStatus({ state, nowMs }: MethodContext, params: Parameters): MethodAnswer {
  const { dictionary, repeatedStatus, replicaLagMs } = state.settings();
  const order = state.order(Number(params['code_order']));
  if (order === undefined || order.account !== params['login']) return failed(ERROR_TEXT.unknownOrder);
  const status = dictionary.find(({ code }) => code === Number(params['code_track']));
  if (status === undefined) return failed(ERROR_TEXT.unknownStatus);
  if (!status.sellerMaySet) return failed(ERROR_TEXT.forbiddenStatus);
  const repeated = latestVersion(order).status === status.code;
  if (repeated && repeatedStatus === 'error') return failed(ERROR_TEXT.repeatedStatus);
  state.changeOrder(order, {
    by: 'seller',
    atMs: nowMs,
    visibleAtMs: nowMs + replicaLagMs,
    status: status.code,
    response: params['response'] ?? '',
    silent: repeated && repeatedStatus === 'no-event',
  });
  return { error: '' };
}

import type { RemoteErrorFacts } from '../domain/remote-error';
import { asRemoteError } from '../domain/remote-error';
import type { Clock } from '../ports/clock';
import { createExchange, type HttpAnswer } from '../remote/http-exchange';
import { REQUESTS_PER_SECOND } from '../retailcrm/assumptions';
import { errorOfBody, errorOfUnreadable } from '../retailcrm/errors';
import { createRequestPace } from '../retailcrm/request-pace';
import { createOwnBudget } from './single-caller';

/** What each call of the probe is for. */
export const CRM_CALLS = [
  'credentials',
  'settings',
  'sites',
  'statuses',
  'status-groups',
  'order-methods',
  'recent-orders',
  'orders-by-external-id',
  'history-since-date',
  'history-since-id',
  'catalogue-as-the-module',
  'catalogue-by-name',
  'offers-by-external-id',
  'order-that-is-not-there',
  'wrong-key',
  'order-before-write',
  'write',
] as const;
export type CrmCallName = (typeof CRM_CALLS)[number];

export type CrmRead =
  | { readonly kind: 'data'; readonly json: Readonly<Record<string, unknown>> }
  /** Refused in JSON. `facts` is what the module makes of it. */
  | { readonly kind: 'refused'; readonly json: unknown; readonly facts: RemoteErrorFacts }
  /** A page or anything else that is no JSON object. */
  | { readonly kind: 'unreadable'; readonly facts: RemoteErrorFacts }
  | { readonly kind: 'no-answer'; readonly said: string };

export interface CrmCall {
  readonly name: CrmCallName;
  readonly method: 'GET' | 'POST';
  /** Without ids. */
  readonly path: string;
  /** Names of the parameters that were sent. */
  readonly sent: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly answer: HttpAnswer | null;
  readonly read: CrmRead;
}

export interface CrmRequest {
  readonly method?: 'GET' | 'POST';
  /** `{id}` stands for the id. */
  readonly path: string;
  readonly id?: string | number;
  readonly parameters?: readonly (readonly [string, string])[];
  readonly apiKey?: string;
}

/** Sends one request in the account's pace. Never repeats one. */
export type CallCrm = (name: CrmCallName, request: CrmRequest) => Promise<CrmCall>;

export interface CrmProbeDoor {
  readonly crmUrl: string;
  readonly apiKey: string;
  /** Store whose orders and catalogue are looked at; null: the first one. */
  readonly site: string | null;
}

const TIMEOUT_MS = 60_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** The module's transport and pace for a process that has the account to itself. */
export function createCrmCaller(door: CrmProbeDoor, clock: Clock): CallCrm {
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX });
  const inTurn = createRequestPace({
    budget: createOwnBudget(),
    clock,
    requestsPerSecond: REQUESTS_PER_SECOND,
  });
  return async (name, { method = 'GET', path, id = '', parameters = [], apiKey = door.apiKey }) => {
    const fields = queryOf(parameters);
    const url = `${door.crmUrl}${path.replace('{id}', encodeURIComponent(id))}`;
    await inTurn(door.crmUrl);
    const startedAtMs = clock.nowMs();
    const content = method === 'GET' ? { query: fields } : { form: fields };
    const answered = await exchange({ method, url, headers: { 'X-API-KEY': apiKey }, ...content }).then(
      (answer) => ({ answer, read: readCrmAnswer(answer, [apiKey, door.apiKey]) }),
      (error: unknown) => ({ answer: null, read: readNoAnswer(error) }),
    );
    return {
      name,
      method,
      path,
      sent: [...new Set(fields.keys())],
      startedAtMs,
      endedAtMs: clock.nowMs(),
      ...answered,
    };
  };
}

function queryOf(pairs: readonly (readonly [string, string])[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of pairs) query.append(key, value);
  return query;
}

/** Reads an answer with the module's own eyes. */
export function readCrmAnswer(answer: HttpAnswer, secrets: readonly string[]): CrmRead {
  const json = parseObject(answer.text);
  if (json === null) return { kind: 'unreadable', facts: errorOfUnreadable(answer, secrets).facts };
  const isGood = answer.status >= 200 && answer.status < 300 && json['success'] !== false;
  return isGood
    ? { kind: 'data', json }
    : { kind: 'refused', json, facts: errorOfBody(answer, json, secrets).facts };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function readNoAnswer(error: unknown): CrmRead {
  if (!(error instanceof Error) || asRemoteError(error) || error.name !== 'NoAnswer') throw error;
  return { kind: 'no-answer', said: error.message };
}

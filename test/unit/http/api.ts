import { createSettingsApp } from '../../../functions/http/app';
import { describeAsJson } from '../../../functions/http/openapi';
import { accountRoutes } from '../../../functions/http/account-routes';
import { connectionRoutes } from '../../../functions/http/connection-routes';
import type { Route } from '../../../functions/http/route';
import * as schemas from '../../../functions/http/schemas';
import { syncRoutes } from '../../../functions/http/sync-routes';
import { createWorld, CRM_KEY, CRM_URL, typed, type World } from '../../support/settings-world';

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null when there is none. */
  readonly json: Json;
}

export interface CallOptions {
  readonly body?: unknown;
  /** Instead of `body`: the bytes as they are sent. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Api {
  readonly world: World;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Texts of all answers so far. */
  readonly answers: string[];
}

/** The settings API over memory ports, called as a web request. */
export function openApi(world: World = createWorld()): Api {
  const handle = createSettingsApp(world.ports, { describe: describeAsJson });
  const answers: string[] = [];
  return {
    world,
    answers,
    async call(method, path, { body, raw, headers } = {}) {
      const sent = raw ?? (body === undefined ? null : JSON.stringify(body));
      const request = new Request(`http://api.test${path}`, {
        method,
        headers: { ...(sent !== null && { 'content-type': 'application/json' }), ...headers },
        ...(sent !== null && { body: sent }),
      });
      const response = await handle(request);
      const text = await response.text();
      answers.push(text);
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: text === '' ? {} : (JSON.parse(text) as Json),
      };
    },
  };
}

/** Holds an answer against a schema. Fields that the schema does not name fail too. */
export function expectShape(
  schema: (typeof schemas)['problemOut'] | NonNullable<Route['answer']>,
  json: Json,
) {
  expect(schema.parse(json)).toEqual(json);
}

/** A problem as RFC 9457 wants it, in our shape. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.json['code'], answer.json['status']]).toEqual([status, code, status]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expectShape(schemas.problemOut, answer.json);
  expect(answer.json['type']).toBe('about:blank');
  for (const key of ['title', 'detail']) expect(String(answer.json[key])).toMatch(/\S.*[^\s{}]/);
}

/** `path: code` of every marked field. */
export function markedFields(answer: Answer): string[] {
  const errors = (answer.json['errors'] ?? []) as { path: string; code: string }[];
  return errors.map(({ path, code }) => `${path}: ${code}`);
}

/** Every route of the contract but `/healthz` and the description itself. */
export function apiRoutes(world: World): Route[] {
  return [...accountRoutes(world.ports), ...connectionRoutes(world.ports), ...syncRoutes(world.ports)];
}

export const accountBody = { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY };

export async function addAccount(api: Api): Promise<string> {
  const { json } = await api.call('POST', '/api/accounts', { body: accountBody });
  return String(json['accountId']);
}

export async function addConnection(api: Api, accountId: string, changes: Json = {}): Promise<string> {
  const body = { ...typed(), site: 'moscow', ...changes };
  const { json } = await api.call('POST', `/api/accounts/${accountId}/connections`, { body });
  return String(json['connectionId']);
}

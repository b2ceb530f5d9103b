import type { Context } from 'hono';
import type { Hono } from 'hono/tiny';
import type * as z from 'zod';
import type { AppEnvironment } from './caller';
import { languageOf, type Language } from './language';
import { HttpProblem, invalidRequest } from './problem';
import { readJson } from './read-json';

type Schema = z.ZodType;
type Parsed<Part> = Part extends Schema ? z.output<Part> : undefined;

interface Parts<Params, Query, Body> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
}

/** One operation of the contract: what it takes, what it answers, and the one use case it calls. */
export interface RouteSpec<Params, Query, Body> extends Parts<Params, Query, Body> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly status: 200 | 201 | 202 | 204;
  readonly answer?: Schema;
  readonly handle: (
    input: {
      readonly params: Parsed<Params>;
      readonly query: Parsed<Query>;
      readonly body: Parsed<Body>;
    },
    language: Language,
  ) => Promise<unknown>;
}

/** A route whose input types are settled; what the app mounts and the description lists. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly status: number;
  readonly answer?: Schema;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  mount(app: Hono<AppEnvironment>): void;
}

export function route<
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(spec: RouteSpec<Params, Query, Body>): Route {
  const { method, path, summary, status, answer, params, query, body } = spec;
  const respond = async (context: Context): Promise<Response> => {
    const request = context.req.raw;
    const input = {
      params: parseParams(params, context.req.param()),
      query: parse(query, context.req.query()),
      body: body === undefined ? undefined : parse(body, await readJson(request)),
    } as Parameters<typeof spec.handle>[0];
    const result = await spec.handle(input, languageOf(request.headers.get('accept-language')));
    if (status === 204) return new Response(null, { status });
    return new Response(JSON.stringify(result), {
      status,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    });
  };
  return {
    method,
    path,
    summary,
    status,
    ...(answer && { answer }),
    ...(params && { params }),
    ...(query && { query }),
    ...(body && { body }),
    mount: (app) => void app.on(method.toUpperCase(), honoPath(path), respond),
  };
}

/** `{name}` of the contract as `:name`. */
function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

function parse(schema: Schema | undefined, input: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw invalidRequest(parsed.error.issues);
  return parsed.data;
}

/** What cannot be an id names nothing: there is no field to correct. */
function parseParams(schema: Schema | undefined, input: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new HttpProblem({ status: 404, title: 'not-found', code: 'route-not-found' });
  return parsed.data;
}

import type * as z from 'zod';
import type { CallObserver } from '../ports/call-observer';
import type { CrmDoor } from '../ports/crm-system';
import type { Clock } from '../ports/clock';
import { NoAnswer, type Exchange, type HttpAnswer } from '../remote/http-exchange';
import { repeating } from '../remote/repeat';
import { UNLIMITED, type TimeLimit } from '../remote/time-limit';
import { crmError, errorOfBody, errorOfUnreadable } from './errors';
import type { InTurn } from './request-pace';

export interface CrmApiOptions {
  readonly exchange: Exchange;
  readonly inTurn: InTurn;
  readonly clock: Clock;
  readonly limit?: TimeLimit;
}

/** HTTP methods of one account's API: paced, authorised by header, form-encoded, parsed by the given schema. */
export interface CrmApi {
  get<Answer>(
    path: string,
    query: readonly (readonly [string, string])[],
    schema: z.ZodType<Answer>,
  ): Promise<Answer>;
  /** `parts` are form fields; nested structures are JSON texts, as RetailCRM wants them. */
  post<Answer>(
    path: string,
    parts: Readonly<Record<string, string>>,
    schema: z.ZodType<Answer>,
  ): Promise<Answer>;
  /** As `post`, for a method whose refusal (HTTP 460) still carries a result. */
  postBatch<Answer>(
    path: string,
    parts: Readonly<Record<string, string>>,
    schema: z.ZodType<Answer>,
  ): Promise<Answer>;
}

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
}

/** Batch answers: some or all of it was not stored. */
const PARTLY_STORED = 460;

export function createCrmApi(options: CrmApiOptions, door: CrmDoor, observer?: CallObserver): CrmApi {
  const secrets = [door.apiKey];
  const { limit = UNLIMITED } = options;

  async function exchangeInTurn(request: Request): Promise<HttpAnswer> {
    await options.inTurn(door.crmUrl, observer);
    observer?.called();
    const { path, ...rest } = request;
    const headers = { 'X-API-KEY': door.apiKey };
    const timeoutMs = limit.leftMs();
    const sent = options.exchange({ ...rest, url: `${door.crmUrl}${path}`, headers, timeoutMs });
    return sent.catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      throw crmError({ kind: 'unavailable', detail: error.message, effectUnknown: error.effectUnknown });
    });
  }

  function send<Answer>(request: Request, schema: z.ZodType<Answer>, accepts460: boolean): Promise<Answer> {
    const writes = request.method === 'POST';
    return repeating(
      async () => {
        const answer = await exchangeInTurn(request);
        const body = parseBody(answer, secrets);
        const stored = answer.status >= 200 && answer.status < 300 && isSuccess(body);
        if (!stored && !(accepts460 && answer.status === PARTLY_STORED)) {
          throw errorOfBody(answer, body, secrets);
        }
        return readAs(schema, body, writes);
      },
      { writes, clock: options.clock, limit },
    );
  }

  return {
    get: (path, query, schema) => send({ method: 'GET', path, query: queryOf(query) }, schema, false),
    post: (path, parts, schema) =>
      send({ method: 'POST', path, form: new URLSearchParams(parts) }, schema, false),
    postBatch: (path, parts, schema) =>
      send({ method: 'POST', path, form: new URLSearchParams(parts) }, schema, true),
  };
}

function queryOf(pairs: readonly (readonly [string, string])[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of pairs) query.append(key, value);
  return query;
}

function parseBody(answer: HttpAnswer, secrets: readonly string[]): unknown {
  try {
    const body: unknown = JSON.parse(answer.text);
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // Falls through: whatever is no JSON object is told apart by its status and its first character.
  }
  throw errorOfUnreadable(answer, secrets);
}

function isSuccess(body: unknown): boolean {
  return (body as { success?: unknown }).success !== false;
}

function readAs<Answer>(schema: z.ZodType<Answer>, body: unknown, writes: boolean): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '?';
  throw crmError({ kind: 'unexpected-body', detail: `field ${field}`, effectUnknown: writes });
}

import * as z from 'zod';
import { asRemoteError, RemoteError, type RemoteErrorFacts } from '../domain/remote-error';
import { safeDetail } from '../remote/detail';
import type { HttpAnswer } from '../remote/http-exchange';

type Classified = Pick<RemoteErrorFacts, 'kind'> & Partial<RemoteErrorFacts>;

const errorBody = z.object({
  success: z.boolean().optional(),
  errorMsg: z.unknown().optional(),
  errors: z.unknown().optional(),
});

/** Constants of `errorMsg` that official clients recognise; `errors` texts depend on the account's language. */
const WRONG_KEY = /"?apiKey"? (is missing|value)/i;
const ACCESS_DENIED = /^Access denied/i;
const NO_ACCOUNT = /^Account does not exist/i;
/** Details of `not-found` that say nothing about the thing asked for: RetailCRM, or this method, is not there. */
const NOT_ABOUT_THE_ENTITY = [NO_ACCOUNT, /^API method not found/i, /^no such account/, /^HTTP \d/];

/** An answer that is not RetailCRM's JSON object; `page` tells an HTML one. */
export function errorOfUnreadable(answer: HttpAnswer, secrets: readonly string[]): RemoteError {
  const page = answer.text.trimStart().startsWith('<');
  const words = page ? 'an HTML page instead of data' : 'not JSON';
  return crmError({
    detail: safeDetail(`HTTP ${answer.status}: ${words}`, secrets),
    httpStatus: answer.status,
    effectUnknown: true,
    ...classifyUnreadable(answer, page),
  });
}

function classifyUnreadable(answer: HttpAnswer, page: boolean): Classified {
  // A POST to a sub-domain without an account is answered by the web server itself.
  if (answer.status === 405 && page)
    return { kind: 'not-found', detail: 'no such account', effectUnknown: false };
  // RetailCRM refuses a key in JSON: a page says that something stands before it, and the key may be good.
  if (answer.status === 401 || answer.status === 403) return { kind: 'unexpected-body' };
  return classifyStatus(answer) ?? { kind: 'unexpected-body' };
}

/** RetailCRM's own refusal. */
export function errorOfBody(answer: HttpAnswer, body: unknown, secrets: readonly string[]): RemoteError {
  const parsed = errorBody.safeParse(body);
  const errorMsg = parsed.success && typeof parsed.data.errorMsg === 'string' ? parsed.data.errorMsg : '';
  const fields = fieldsOf(parsed.success ? parsed.data.errors : undefined, secrets);
  const complaints = Object.entries(fields).map(([path, text]) =>
    /^\d+$/.test(path) ? text : `${path}: ${text}`,
  );
  const detail = [errorMsg, ...complaints].filter((text) => text !== '').join('; ');
  const classified = classifyMessage(errorMsg) ?? classifyStatus(answer) ?? { kind: 'invalid' };
  return crmError({
    detail: safeDetail(detail === '' ? `HTTP ${answer.status}` : detail, secrets),
    httpStatus: answer.status,
    effectUnknown: false,
    fields,
    ...classified,
  });
}

function classifyMessage(errorMsg: string): Classified | null {
  if (WRONG_KEY.test(errorMsg)) return { kind: 'auth', credential: 'apiKey' };
  if (ACCESS_DENIED.test(errorMsg)) return { kind: 'auth', credential: 'scope' };
  if (NO_ACCOUNT.test(errorMsg)) return { kind: 'not-found' };
  return null;
}

function classifyStatus(answer: HttpAnswer): Classified | null {
  const { status, retryAfterMs } = answer;
  if (status === 503 || status === 429) {
    return {
      kind: 'rate-limited',
      effectUnknown: false,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  }
  if (status >= 500) return { kind: 'unavailable', effectUnknown: true };
  if (status === 401 || status === 403) return { kind: 'auth' };
  if (status === 404) return { kind: 'not-found' };
  return null;
}

/** `errors` is a map of field paths or a list of texts, which may begin with a path. */
function fieldsOf(errors: unknown, secrets: readonly string[]): Record<string, string> {
  if (typeof errors !== 'object' || errors === null) return {};
  const entries = Object.entries(errors).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const prefixed = /^\d+$/.test(key) ? /^([A-Za-z][\w.[\]]*): (.+)$/s.exec(text) : null;
    const [path, words] = prefixed ? [prefixed[1] ?? key, prefixed[2] ?? text] : [key, text];
    return [path, safeDetail(words, secrets)] as const;
  });
  return Object.fromEntries(entries);
}

/** RetailCRM answered that the entity does not exist, e.g. because it was deleted. */
export function saysEntityIsGone(error: unknown): boolean {
  const facts = asRemoteError(error)?.facts;
  return facts?.kind === 'not-found' && !NOT_ABOUT_THE_ENTITY.some((words) => words.test(facts.detail));
}

export function crmError(facts: Omit<RemoteErrorFacts, 'remote'>): RemoteError {
  return new RemoteError({ remote: 'retailcrm', ...facts });
}

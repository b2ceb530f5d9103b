import { RemoteError, type RemoteErrorFacts } from '../domain/remote-error';
import type { HttpAnswer } from '../remote/http-exchange';
import { safeDetail } from '../remote/detail';
import {
  ACCESS_WORDS,
  BLOCKED_PAUSE_MS,
  CAPTCHA_WORDS,
  CREDENTIAL_WORDS,
  ORDER_NOT_FOUND_WORDS,
  RATE_LIMIT_TEXT,
} from './assumptions';

type Classified = Pick<RemoteErrorFacts, 'kind'> & Partial<RemoteErrorFacts>;

/** ZZap tells errors as text only: this is the one place that reads it. */
export function errorOfText(text: string, secrets: readonly string[]): RemoteError {
  return zzapError({ ...classifyText(text), detail: safeDetail(text, secrets), effectUnknown: false });
}

function classifyText(text: string): Classified {
  if (RATE_LIMIT_TEXT.test(text)) return { kind: 'rate-limited' };
  if (ORDER_NOT_FOUND_WORDS.test(text)) return { kind: 'not-found' };
  const named = (['login', 'password', 'apiKey'] as const).filter((name) =>
    CREDENTIAL_WORDS[name].test(text),
  );
  const [only] = named;
  if (named.length === 1 && only !== undefined) return { kind: 'auth', credential: only };
  if (named.length > 1 || ACCESS_WORDS.test(text)) return { kind: 'auth' };
  return { kind: 'invalid' };
}

/** An answer that is not the service's JSON; null when it may be. */
export function errorOfAnswer(answer: HttpAnswer, secrets: readonly string[]): RemoteError | null {
  const html = looksLikePage(answer.text);
  const facts = classifyAnswer(answer, html);
  if (!facts) return null;
  const words = html ? 'an HTML page instead of data' : answer.text;
  return zzapError({
    detail: safeDetail(`HTTP ${answer.status}: ${words}`, secrets),
    httpStatus: answer.status,
    ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
    effectUnknown: false,
    ...facts,
  });
}

/** ASP.NET answers 500 in plain text to a request it cannot read: repeating it would not help. */
const REQUEST_UNREADABLE =
  /Missing parameter|Cannot convert|method name is not valid|format is unrecognized|Invalid web service call/;

function classifyAnswer(answer: HttpAnswer, html: boolean): Classified | null {
  const { status } = answer;
  if (status === 429 || (html && isBlockingPage(answer))) {
    return { kind: 'rate-limited', retryAfterMs: answer.retryAfterMs ?? BLOCKED_PAUSE_MS };
  }
  if (status === 401 || status === 403) return { kind: 'auth' };
  if (status >= 500) return classifyFailure(answer.text);
  if (status !== 200) return { kind: 'unexpected-body' };
  return html ? { kind: 'unexpected-body', effectUnknown: true } : null;
}

/** ZZap refuses credentials in words: a page with 403 is a proxy's and is about how we ask. */
function isBlockingPage({ status, text }: HttpAnswer): boolean {
  return status === 403 || CAPTCHA_WORDS.test(text);
}

function classifyFailure(text: string): Classified {
  return REQUEST_UNREADABLE.test(text) ? { kind: 'invalid' } : { kind: 'unavailable', effectUnknown: true };
}

function looksLikePage(text: string): boolean {
  return /^\s*(<!doctype html|<html|<head|<body)/i.test(text.slice(0, 2_000));
}

export function unexpectedBody(problem: string, effectUnknown: boolean): RemoteError {
  return zzapError({ kind: 'unexpected-body', detail: problem, effectUnknown });
}

export function zzapError(facts: Omit<RemoteErrorFacts, 'remote'>): RemoteError {
  return new RemoteError({ remote: 'zzap', ...facts });
}

import { asRemoteError, type RemoteErrorFacts } from '../domain/remote-error';
import type { HttpAnswer } from '../remote/http-exchange';
import { errorOfAnswer, errorOfText } from '../zzap/errors';
import { UnreadableBody, unwrap } from '../zzap/unwrap';
import { answerHead } from '../zzap/wire-schemas';

/** The three ways a body is known to be wrapped. */
export type Wrapper = 'xml' | 'd' | 'bare';

export type ZzapRead =
  | { readonly kind: 'data'; readonly wrapper: Wrapper; readonly json: unknown }
  /** The service refused in words. `facts` is what the module makes of them. */
  | {
      readonly kind: 'complaint';
      readonly wrapper: Wrapper;
      readonly json: unknown;
      /** The number in square brackets before the words, if there is one. */
      readonly code: string | null;
      readonly facts: RemoteErrorFacts;
    }
  | { readonly kind: 'blocked'; readonly facts: RemoteErrorFacts }
  /** The service does not know the method, the form or a parameter; or the answer is not the service's at all. */
  | { readonly kind: 'not-the-service'; readonly httpStatus: number }
  /** Refused by an HTTP status instead of words. */
  | { readonly kind: 'denied'; readonly httpStatus: number }
  /** The service is there and has failed. */
  | { readonly kind: 'failed'; readonly httpStatus: number }
  /** HTTP 200 with a body that the module cannot unwrap or that has not the fields of an answer. */
  | { readonly kind: 'unreadable'; readonly json?: unknown }
  | { readonly kind: 'no-answer'; readonly said: string };

/** Reads an answer with the module's own eyes. `wants` tells whether a good answer is a list. */
export function readZzapAnswer(
  answer: HttpAnswer,
  secrets: readonly string[],
  wants: 'list' | 'head',
): ZzapRead {
  const refused = errorOfAnswer(answer, secrets)?.facts;
  if (refused) return readRefusal(refused, answer.status);
  try {
    return readJson(unwrap(answer.text), wrapperOf(answer.text), secrets, wants);
  } catch (error) {
    if (error instanceof UnreadableBody) return { kind: 'unreadable' };
    throw error;
  }
}

function readJson(
  json: unknown,
  wrapper: Wrapper,
  secrets: readonly string[],
  wants: 'list' | 'head',
): ZzapRead {
  const head = answerHead.safeParse(json);
  // The module takes an absent error for none: here it has to be there.
  if (!head.success || typeof head.data.error !== 'string') return { kind: 'unreadable', json };
  const words = head.data.error.trim();
  if (words !== '') {
    const code = /^\[(\d{1,6})\]/.exec(words)?.[1] ?? null;
    return { kind: 'complaint', wrapper, json, code, facts: errorOfText(words, secrets).facts };
  }
  const isList = Array.isArray((json as { table?: unknown }).table);
  return wants === 'list' && !isList ? { kind: 'unreadable', json } : { kind: 'data', wrapper, json };
}

function readRefusal(facts: RemoteErrorFacts, httpStatus: number): ZzapRead {
  if (facts.kind === 'rate-limited') return { kind: 'blocked', facts };
  if (httpStatus === 200) return { kind: 'unreadable' };
  if (facts.kind === 'auth') return { kind: 'denied', httpStatus };
  if (facts.kind === 'unavailable') return { kind: 'failed', httpStatus };
  return { kind: 'not-the-service', httpStatus };
}

/** Rows of a list; none of any other answer. */
export function rowsOf(read: ZzapRead | undefined): readonly unknown[] {
  return read?.kind === 'data' ? ((read.json as { table?: unknown[] }).table ?? []) : [];
}

function wrapperOf(text: string): Wrapper {
  const body = text.replace(/^\ufeff/, '').trimStart();
  if (body.startsWith('<')) return 'xml';
  const outer: unknown = JSON.parse(body);
  const keys = typeof outer === 'object' && outer !== null ? Object.keys(outer) : [];
  return keys.length === 1 && keys[0] === 'd' ? 'd' : 'bare';
}

/** A request of the probe that failed without an answer, as a reading. */
export function readNoAnswer(error: unknown): ZzapRead {
  const said = error instanceof Error && error.name === 'NoAnswer' ? error.message : null;
  const facts = asRemoteError(error)?.facts;
  if (said === null && !facts) throw error;
  return { kind: 'no-answer', said: said ?? 'the key is blocked' };
}

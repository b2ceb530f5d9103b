import { languageOf } from '../http/language';
import { problemResponse } from '../http/problem';
import type { HandleRequest } from '../http/app';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * In the local run every request is the operator's, so no foreign page may make one: neither through its own
 * origin nor through a name of its own that points to this machine.
 */
export function guardLoopback(handle: HandleRequest, publicUrl: string | null): HandleRequest {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host;
  return async (request) => {
    if (isOwn(request, publicHost)) return handle(request);
    const facts = { status: 403, title: 'request-refused', code: 'foreign-origin' };
    return problemResponse(facts, languageOf(request.headers.get('accept-language')));
  };
}

function isOwn(request: Request, publicHost: string | null): boolean {
  const host = request.headers.get('host') ?? '';
  const name = host.replace(/:\d+$/, '');
  if (!LOOPBACK.has(name) && host !== publicHost) return false;
  const origin = request.headers.get('origin');
  if (origin !== null && !isOwnOrigin(origin, host)) return false;
  const site = request.headers.get('sec-fetch-site');
  return site === null || site === 'same-origin' || site === 'none';
}

function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}

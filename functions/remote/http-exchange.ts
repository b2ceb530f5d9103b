import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { isAxiosError } from 'axios';
import { USER_AGENT } from '../version';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly query?: URLSearchParams;
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Less than the exchange allows, when somebody waits. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterMs?: number;
  readonly text: string;
}

/** No usable answer came. Carries no URL and no body: both may hold secrets. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** The request may have reached the remote. */
  readonly effectUnknown: boolean;

  constructor(reason: string, effectUnknown: boolean) {
    super(reason);
    this.effectUnknown = effectUnknown;
  }
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** The connection was never made, so nothing can have taken effect. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * One axios instance per remote system: no redirects, no proxy taken from the environment, a deadline for the
 * whole exchange (a dripping answer included) and a limit on the decompressed body.
 */
export function createExchange(limits: {
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
}): Exchange {
  const instance = axios.create({
    maxContentLength: limits.bodyBytesMax,
    maxBodyLength: limits.bodyBytesMax,
    maxRedirects: 0,
    proxy: false,
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    headers: { 'User-Agent': USER_AGENT, Accept: '*/*' },
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 50 }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 50 }),
  });
  return async (request) => {
    const timeoutMs = Math.min(limits.timeoutMs, request.timeoutMs ?? Infinity);
    try {
      const response = await instance.request<unknown>({
        method: request.method,
        url: request.url,
        ...(request.query && { params: request.query }),
        ...(request.form && { data: request.form.toString() }),
        headers: {
          ...(request.form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...request.headers,
        },
        timeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
      });
      return toAnswer(response.status, response.headers, response.data);
    } catch (error) {
      throw toNoAnswer(error, timeoutMs);
    }
  };
}

function toAnswer(status: number, headers: Record<string, unknown>, data: unknown): HttpAnswer {
  const retryAfterMs = parseRetryAfter(headers['retry-after']);
  const contentType = headers['content-type'];
  return {
    status,
    contentType: typeof contentType === 'string' ? contentType : '',
    text: typeof data === 'string' ? data : '',
    ...(retryAfterMs !== null && { retryAfterMs }),
  };
}

/** Seconds only: neither remote is known to send a date. */
function parseRetryAfter(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) * 1000 : null;
}

function toNoAnswer(error: unknown, timeoutMs: number): NoAnswer {
  if (!isAxiosError(error)) return new NoAnswer('no answer', true);
  const code = error.code ?? '';
  if (NEVER_SENT.has(code)) return new NoAnswer(`no connection (${code})`, false);
  if (code === 'ERR_CANCELED' || code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
    return new NoAnswer(`no answer within ${Math.round(timeoutMs / 10) / 100} s`, true);
  }
  if (error.message.startsWith('maxContentLength')) return new NoAnswer('the answer is too large', true);
  return new NoAnswer(`the connection broke (${code === '' ? 'unknown' : code})`, true);
}

import { ASSUMED_MESSAGE } from './assumptions';
import type { Settings } from './settings';

const WINDOW_MS = 1000;

/** Counts the requests of each key over the last second, whatever becomes of them; refused ones are not counted. */
export interface Pace {
  /** false = above the limit. */
  admit(keyName: string, nowMs: number, requestsPerSecond: number): boolean;
  violations(): Readonly<Record<string, number>>;
}

export function createPace(): Pace {
  const admitted = new Map<string, number[]>();
  const violations: Record<string, number> = {};
  return {
    admit(keyName, nowMs, requestsPerSecond) {
      if (requestsPerSecond === 0) return true;
      const recent = (admitted.get(keyName) ?? []).filter((atMs) => atMs > nowMs - WINDOW_MS);
      admitted.set(keyName, recent);
      if (recent.length < requestsPerSecond) {
        recent.push(nowMs);
        return true;
      }
      violations[keyName] = (violations[keyName] ?? 0) + 1;
      return false;
    },
    violations: () => ({ ...violations }),
  };
}

/** Thrown for a request above the limit; rendered apart from other refusals because its body may be anything. */
export class TooManyRequests extends Error {
  constructor() {
    super(ASSUMED_MESSAGE.rateLimit);
    this.name = 'TooManyRequests';
  }
}

export interface RateLimitAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function rateLimitAnswer({ rateLimitBody, retryAfter }: Settings): RateLimitAnswer {
  const bodies = {
    json: ['application/json', JSON.stringify({ success: false, errorMsg: ASSUMED_MESSAGE.rateLimit })],
    html: [
      'text/html',
      '<html><head><title>503 Service Temporarily Unavailable</title></head><body>nginx</body></html>',
    ],
    empty: ['text/plain', ''],
  } as const;
  const [contentType, body] = bodies[rateLimitBody];
  return {
    status: 503,
    contentType,
    body,
    headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  };
}

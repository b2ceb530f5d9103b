/** One request to the web service, as it was answered. Holds no password and no key. */
export interface LoggedCall {
  id: number;
  method: string;
  keyTag: string;
  startedAtMs: number;
  /** null while the answer is on its way. */
  endedAtMs: number | null;
  /** See PacedCall. */
  gapMs: number | null;
  violation: boolean;
  /** ok, error, rate-limited, refused (HTTP 500 of the dispatcher) or fault:<kind>. */
  answer: string;
  /** Whether the method was executed, which a fault may hide from the caller. */
  executed: boolean;
  /** Text of `error`, or of the refusal. */
  error?: string;
  rows?: number;
  params: Record<string, string>;
}

export interface CallLog {
  /** The returned object is the logged one: the web service completes it. */
  add(call: Omit<LoggedCall, 'id'>): LoggedCall;
  /** Oldest first. */
  list(filter: { sinceMs: number; limit: number }): LoggedCall[];
  clear(): void;
}

const CALLS_KEPT = 20_000;
const SECRETS = new Set(['password', 'api_key']);

export const withoutSecrets = (params: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !SECRETS.has(name)));

export function createCallLog(): CallLog {
  let calls: LoggedCall[] = [];
  let lastId = 0;
  return {
    add(call) {
      lastId += 1;
      const logged = { id: lastId, ...call };
      calls.push(logged);
      if (calls.length > 2 * CALLS_KEPT) calls = calls.slice(-CALLS_KEPT);
      return logged;
    },
    list: ({ sinceMs, limit }) => calls.filter((call) => call.startedAtMs >= sinceMs).slice(-limit),
    clear() {
      calls = [];
    },
  };
}

/** One API call as received. The path has no query: keys may travel there. */
export interface LoggedCall {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** null = the call got no answer. */
  readonly status: number | null;
  /** How many orders the call carried. */
  readonly orders: number;
  readonly fault: string | null;
  /** Beginning of the answer. */
  readonly answer: string;
}

const CALLS_MAX = 20_000;
const ANSWER_MAX = 300;

export interface CallLog {
  add(call: Omit<LoggedCall, 'id'>): void;
  /** Calls started at this instant or later, oldest first. */
  since(startedAtMs: number): readonly LoggedCall[];
  newest(count: number): readonly LoggedCall[];
}

export function createCallLog(): CallLog {
  let calls: LoggedCall[] = [];
  let nextId = 1;
  return {
    add(call) {
      calls.push({ ...call, answer: call.answer.slice(0, ANSWER_MAX), id: nextId++ });
      if (calls.length > CALLS_MAX * 1.1) calls = calls.slice(-CALLS_MAX);
    },
    since: (startedAtMs) => calls.filter((call) => call.startedAtMs >= startedAtMs),
    newest: (count) => calls.slice(-count).reverse(),
  };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { keyTag } from './accounts';
import { ERROR_TEXT } from './assumptions';
import { withoutSecrets, type CallLog, type LoggedCall } from './calls';
import { deliver, type Delivery, type HttpAnswer } from './delivery';
import type { FaultScript } from './faults';
import { deliveryOf } from './faulty-delivery';
import { methodNamed, type Method } from './methods';
import type { Pace, PacedCall } from './pace';
import { readParameters, refusalOf, type Parameters, type Refusal } from './parameters';
import type { SandboxState } from './state';
import { wrap, type RequestForm } from './wrappers';

export const WEB_SERVICE_PATH = '/webservice/datasharing.asmx/';

export interface WebServiceParts {
  state: SandboxState;
  pace: Pace;
  calls: CallLog;
  faults: FaultScript;
  nowMs: () => number;
}

interface Call {
  name: string;
  method: Method;
  form: RequestForm;
  params: Parameters;
}

/** Plays datasharing.asmx: dispatcher first, then the pace, then scripted faults, then the method itself. */
export function createWebService(parts: WebServiceParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAtMs = parts.nowMs();
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const name = decodeURIComponent(url.pathname.slice(WEB_SERVICE_PATH.length));
    const input = await readParameters(request, url.searchParams);
    const logged = parts.calls.add(unanswered(name, input?.params ?? {}, startedAtMs));

    const dispatched = dispatch(name, input, parts.state.settings().optionalMayBeAbsent);
    if ('refusal' in dispatched) {
      endOnClose(parts, response, logged);
      logged.error = dispatched.refusal.text;
      deliver(response, { way: 'whole', answer: dispatched.refusal });
      return;
    }
    const paced = beginPaced(parts, dispatched, logged);
    endOnClose(parts, response, logged, paced);
    deliver(
      response,
      paced.violation ? tooSoon(parts, dispatched, logged) : answer(parts, dispatched, logged),
    );
  };
}

const unanswered = (method: string, params: Parameters, startedAtMs: number): Omit<LoggedCall, 'id'> => ({
  method,
  keyTag: keyTag(params['api_key'] ?? ''),
  startedAtMs,
  endedAtMs: null,
  gapMs: null,
  violation: false,
  answer: 'refused',
  executed: false,
  params: withoutSecrets(params),
});

const plain500 = (text: string): HttpAnswer => ({
  status: 500,
  contentType: 'text/plain; charset=utf-8',
  text,
});

/** What the framework refuses before the method, its pace or its faults come into play. */
function dispatch(
  name: string,
  input: { form: RequestForm; params: Parameters } | undefined,
  optionalMayBeAbsent: boolean,
): Call | { refusal: HttpAnswer } {
  if (input === undefined)
    return { refusal: plain500(`Request format is unrecognized for URL unexpectedly ending in '/${name}'.`) };
  const method = methodNamed(name);
  if (method === undefined) return { refusal: plain500(`${name} Web Service method name is not valid.`) };
  const refusal = refusalOf(method.declared, input.params, optionalMayBeAbsent);
  if (refusal === undefined) return { name, method, ...input };
  return { refusal: input.form === 'json' ? json500(refusal) : plain500(refusalText(refusal)) };
}

const refusalText = (refusal: Refusal): string =>
  'text' in refusal ? refusal.text : `Missing parameter: ${refusal.missing}.`;

function json500(refusal: Refusal): HttpAnswer {
  const Message =
    'text' in refusal
      ? refusal.text
      : `Invalid web service call, missing value for parameter: '${refusal.missing}'.`;
  return {
    status: 500,
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify({ Message, StackTrace: '', ExceptionType: 'System.InvalidOperationException' }),
  };
}

function beginPaced({ pace, state }: WebServiceParts, { params }: Call, logged: LoggedCall): PacedCall {
  const paced = pace.begin(params['api_key'] ?? '', logged.startedAtMs, state.settings().minIntervalMs);
  logged.gapMs = paced.gapMs;
  logged.violation = paced.violation;
  return paced;
}

/** An answer ends when its last byte went to the operating system, or when the connection is gone. */
function endOnClose(
  parts: WebServiceParts,
  response: ServerResponse,
  logged: LoggedCall,
  paced?: PacedCall,
): void {
  const end = (): void => {
    logged.endedAtMs = parts.nowMs();
    paced?.end(logged.endedAtMs);
  };
  if (response.socket === null || response.socket.destroyed) end();
  else response.once('close', end);
}

const wrapped =
  ({ state }: WebServiceParts, { form }: Call) =>
  (json: string): HttpAnswer => ({ status: 200, ...wrap(json, form, state.settings().wrapping) });

function tooSoon(parts: WebServiceParts, call: Call, logged: LoggedCall): Delivery {
  logged.answer = 'rate-limited';
  logged.error = ERROR_TEXT.rateLimited;
  const failure = JSON.stringify(call.method.fail(ERROR_TEXT.rateLimited));
  return { way: 'whole', answer: wrapped(parts, call)(failure) };
}

function answer(parts: WebServiceParts, call: Call, logged: LoggedCall): Delivery {
  const execute = (): string => {
    const result = call.method.run({ state: parts.state, nowMs: parts.nowMs() }, call.params);
    logged.executed = true;
    logged.answer = result.error === '' ? 'ok' : 'error';
    if (result.error !== '') logged.error = result.error;
    if (result.row_count !== undefined) logged.rows = result.row_count;
    return JSON.stringify(result);
  };
  const fault = parts.faults.take(call.name, call.params);
  if (fault === undefined) return { way: 'whole', answer: wrapped(parts, call)(execute()) };
  const failure = (error: string): string => JSON.stringify(call.method.fail(error));
  const delivery = deliveryOf({ fault, form: call.form, execute, failure, wrapped: wrapped(parts, call) });
  logged.answer = `fault:${fault.kind}`;
  return delivery;
}

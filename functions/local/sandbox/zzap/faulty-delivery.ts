import { ERROR_TEXT, HTML_PAGE } from './assumptions';
import type { Delivery, HttpAnswer } from './delivery';
import type { Fault, FaultKind } from './faults';
import { wrapInWrongRoot, type RequestForm } from './wrappers';

export interface FaultyCall {
  fault: Fault;
  form: RequestForm;
  /** Executes the method (once) and gives the JSON text it answers. */
  execute: () => string;
  /** Wraps a JSON text as an untroubled call would. */
  wrapped: (json: string) => HttpAnswer;
  /** The JSON text of a failed call. */
  failure: (error: string) => string;
}

const html = (status: number, text: string): HttpAnswer => ({
  status,
  contentType: 'text/html; charset=utf-8',
  text,
});

/** Instead of the method, or after it when the fault says so. */
const instead =
  (answer: (call: FaultyCall) => HttpAnswer) =>
  (call: FaultyCall): Delivery => {
    if (call.fault.afterEffect) call.execute();
    return { way: 'whole', answer: answer(call) };
  };

const executed =
  (delivery: (call: FaultyCall, json: string) => Delivery) =>
  (call: FaultyCall): Delivery =>
    delivery(call, call.execute());

const shortened = (text: string): string => text.slice(0, Math.floor(text.length * 0.6));

const DELIVERIES: Readonly<Record<FaultKind, (call: FaultyCall) => Delivery>> = {
  'timeout-before': () => ({ way: 'never' }),
  'timeout-after': executed(() => ({ way: 'never' })),
  'drop-before': () => ({ way: 'reset' }),
  'drop-after': executed(() => ({ way: 'reset' })),
  'http-500': instead(() => html(500, HTML_PAGE.serverError)),
  'http-522': instead(() => html(522, HTML_PAGE.timedOut)),
  'http-429': instead(() => html(429, '<html><body>Too Many Requests</body></html>')),
  'rate-limited': instead(({ wrapped, failure }) => wrapped(failure(ERROR_TEXT.rateLimited))),
  'captcha-html': instead(() => html(200, HTML_PAGE.captcha)),
  'error-text': instead(({ wrapped, failure, fault }) => wrapped(failure(fault.text))),
  'malformed-json': executed(({ wrapped }, json) => ({ way: 'whole', answer: wrapped(shortened(json)) })),
  'truncated-body': executed(({ wrapped }, json) => ({ way: 'cut', answer: wrapped(json) })),
  'unclosed-xml': executed(({ wrapped }, json) => {
    const answer = wrapped(json);
    return { way: 'whole', answer: { ...answer, text: shortened(answer.text) } };
  }),
  'wrong-root': executed(({ form }, json) => ({
    way: 'whole',
    answer: { status: 200, ...wrapInWrongRoot(json, form) },
  })),
  slow: executed(({ wrapped, fault }, json) => ({
    way: 'late',
    answer: wrapped(json),
    delayMs: fault.delayMs,
  })),
  drip: executed(({ wrapped, fault }, json) => ({
    way: 'drip',
    answer: wrapped(json),
    delayMs: fault.delayMs,
  })),
};

export const deliveryOf = (call: FaultyCall): Delivery => DELIVERIES[call.fault.kind](call);

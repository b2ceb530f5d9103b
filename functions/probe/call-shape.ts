import type { HttpAnswer } from '../remote/http-exchange';
import { unwrap } from '../zzap/unwrap';
import type { CrmCall } from './crm-call';
import { formatOf, shapeOf, type Shape } from './shape';
import type { ZzapCall } from './zzap-call';

/** One call without values: enough to build a twin of the answer, nothing to learn about a shop or a buyer. */
export interface CallShape {
  readonly call: string;
  readonly method: string;
  readonly sent: readonly string[];
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly contentType: string | null;
  readonly bodyLength: number | null;
  readonly hasRetryAfter: boolean;
  /** How the answer was read: data, complaint, blocked, unreadable … */
  readonly read: string;
  readonly wrapper?: string;
  /** Number in square brackets of an error text. */
  readonly errorCode?: string | null;
  /** What the module takes the refusal for. */
  readonly errorKind?: string;
  readonly body?: Shape;
  /** Values that belong to the remote system and to no shop. */
  readonly vocabulary?: Readonly<Record<string, unknown>>;
}

const CONTENT_TYPE = /^[\w.+-]{1,40}\/[\w.+-]{1,60}(; ?charset=[\w-]{1,20})?$/i;

function base(call: ZzapCall | CrmCall, method: string) {
  const { read } = call;
  return {
    call: call.name,
    method,
    sent: call.sent,
    durationMs: call.endedAtMs - call.startedAtMs,
    ...envelopeOf(call.answer),
    read: read.kind,
    ...('facts' in read && { errorKind: read.facts.kind }),
  };
}

function envelopeOf(answer: HttpAnswer | null) {
  if (answer === null) return { httpStatus: null, contentType: null, bodyLength: null, hasRetryAfter: false };
  return {
    httpStatus: answer.status,
    contentType: CONTENT_TYPE.test(answer.contentType) ? answer.contentType : 'none or odd',
    bodyLength: answer.text.length,
    hasRetryAfter: answer.retryAfterMs !== undefined,
  };
}

export function shapeOfZzapCall(call: ZzapCall): CallShape {
  const { read } = call;
  const json = 'json' in read ? read.json : unwrapped(call.answer?.text);
  return {
    ...base(call, call.method),
    ...('wrapper' in read && { wrapper: read.wrapper }),
    ...(read.kind === 'complaint' && { errorCode: read.code }),
    ...(json !== undefined && { body: shapeOf(json) }),
    ...(call.name === 'dictionary' && read.kind === 'data' && { vocabulary: dictionaryOf(json) }),
  };
}

function unwrapped(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : unwrap(text);
  } catch {
    return undefined;
  }
}

const STATUS_NAME_MAX = 60;

/** ZZap's statuses are the same for every seller. A text that looks like a contact is none of them. */
function dictionaryOf(json: unknown): Readonly<Record<string, unknown>> {
  const table = (json as { table: unknown[] }).table;
  return {
    statuses: table.flatMap((row) => {
      const entries = typeof row === 'object' && row !== null ? Object.entries(row) : [];
      const safe = entries.filter(
        ([name, value]) => /^(code|class)_\w{1,30}$/.test(name) && isStatusValue(value),
      );
      return safe.length === 0 ? [] : [Object.fromEntries(safe)];
    }),
  };
}

function isStatusValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value);
  return (
    typeof value === 'string' &&
    value.length <= STATUS_NAME_MAX &&
    ['text', 'digits'].includes(formatOf(value))
  );
}

export function shapeOfCrmCall(call: CrmCall): CallShape {
  const { read } = call;
  return {
    ...base(call, `${call.method} ${call.path}`),
    ...('json' in read && { body: shapeOf(read.json) }),
    ...(read.kind === 'data' && vocabularyOf(call, read.json)),
  };
}

const IDENTIFIER = /^[a-z][a-z_.]{0,40}$/;

/** Names that RetailCRM gives: rights, history sources and history fields. A shop's own fields are left out. */
function vocabularyOf(
  call: CrmCall,
  json: Readonly<Record<string, unknown>>,
): Pick<CallShape, 'vocabulary'> | undefined {
  if (call.name === 'credentials') return { vocabulary: { scopes: namesIn(json['scopes']) } };
  if (call.name !== 'history-since-date' && call.name !== 'history-since-id') return undefined;
  const records = Array.isArray(json['history']) ? (json['history'] as unknown[]) : [];
  const valuesOf = (name: string) =>
    records.map((record) => (record as Record<string, unknown> | null)?.[name]);
  return { vocabulary: { sources: namesIn(valuesOf('source')), fields: namesIn(valuesOf('field')) } };
}

function namesIn(values: unknown): string[] {
  const texts = (Array.isArray(values) ? (values as unknown[]) : []).filter(
    (value) => typeof value === 'string',
  );
  return [...new Set(texts)].filter((text) => IDENTIFIER.test(text) && !text.startsWith('custom_')).sort();
}

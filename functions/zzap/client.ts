import { createHash } from 'node:crypto';
import type { ZzapCredentials } from '../domain/connection';
import type { RemoteError } from '../domain/remote-error';
import type { CallObserver } from '../ports/call-observer';
import type { OpenZzapCabinet, ZzapCabinet } from '../ports/zzap-cabinet';
import type { Clock } from '../ports/clock';
import type { ZzapGate } from '../ports/zzap-gate';
import { createExchange, NoAnswer, type Exchange } from '../remote/http-exchange';
import { repeating } from '../remote/repeat';
import { createTimeLimit, type TimeLimit } from '../remote/time-limit';
import { ROW_COUNT_MAX, SERVICE_PATH, OPEN_WINDOW_AHEAD_MS } from './assumptions';
import { errorOfAnswer, errorOfText, unexpectedBody, zzapError } from './errors';
import { toMoscow } from './moscow-time';
import { createPace, type Pace } from './pace';
import { toListedRow, toStatus } from './to-domain';
import { unwrap } from './unwrap';
import { answerHead, dictionaryAnswer, ordersAnswer } from './wire-schemas';
import type * as z from 'zod';

export interface ZzapOptions {
  /** Origin of the web service, e.g. `https://api.zzap.pro`. */
  readonly baseUrl: string;
  /** Pause between two requests with one key, from the end of an answer to the next start. */
  readonly minIntervalMs: number;
  readonly gate: ZzapGate;
  readonly clock: Clock;
  readonly newHolder: () => string;
  /** Longest that everything asked of an opened cabinet may take together; absent: as long as it takes. */
  readonly patienceMs?: number;
}

/** Longer than the slowest answer seen in client code; a gate lease is built on it. */
const TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** The seller's part of ZZap's old web service («API5 Для продавцов»), as form posts: no secret in a URL. */
export function createZzap(options: ZzapOptions): OpenZzapCabinet {
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX });
  return (credentials, observer) => openCabinet(options, exchange, credentials, observer);
}

function openCabinet(
  options: ZzapOptions,
  exchange: Exchange,
  credentials: ZzapCredentials,
  observer?: CallObserver,
): ZzapCabinet {
  const { clock } = options;
  const limit = createTimeLimit(clock, options.patienceMs);
  const pace = createPace({
    gate: options.gate,
    clock,
    keyTag: keyTagOf(credentials.apiKey),
    holder: options.newHolder(),
    minIntervalMs: options.minIntervalMs,
    leaseMs: TIMEOUT_MS + options.minIntervalMs,
    limit,
    ...(observer && { onWaiting: (untilMs: number | null) => observer.waiting(untilMs) }),
  });
  const call = <Answer>(
    method: string,
    parameters: Record<string, string>,
    schema: z.ZodType<Answer>,
    writes = false,
  ): Promise<{ answer: Answer; askedAtMs: number }> =>
    repeating(
      () =>
        pace.inTurn(async () => {
          const askedAtMs = clock.nowMs();
          observer?.called();
          const answer = await ask(
            { exchange, options, credentials, limit },
            method,
            parameters,
            schema,
            writes,
          );
          return { answer, askedAtMs };
        }),
      { writes, clock, limit },
    );
  return cabinetOver(call, pace);
}

type Call = <Answer>(
  method: string,
  parameters: Record<string, string>,
  schema: z.ZodType<Answer>,
  writes?: boolean,
) => Promise<{ answer: Answer; askedAtMs: number }>;

function cabinetOver(call: Call, pace: Pace): ZzapCabinet {
  return {
    async listChangedOrders(window) {
      const { answer, askedAtMs } = await call(
        'GetSellerOrdersV3',
        {
          row_count: String(ROW_COUNT_MAX),
          call_data: '',
          codes_track: '',
          date_from: toMoscow(window.fromMs),
          date_to: toMoscow(window.open ? window.toMs + OPEN_WINDOW_AHEAD_MS : window.toMs),
        },
        ordersAnswer,
      );
      const rows = answer.table.map((row) => toListedRow(row, answer.class_template));
      return { rows, full: rows.length >= ROW_COUNT_MAX, askedAtMs };
    },
    readRow: (raw) => toListedRow(JSON.parse(raw), undefined),
    async listStatuses() {
      const { answer } = await call('GetCodesTrack', {}, dictionaryAnswer);
      return answer.table.map(toStatus).filter((status) => status !== null);
    },
    async setStatus(code, statusCode, response) {
      await call(
        'SetOrderStatusV3',
        { code_order: code, code_track: String(statusCode), response, call_data: '' },
        answerHead,
        true,
      );
    },
    takeSlot: () => pace.takeSlot(),
  };
}

interface Wire {
  readonly exchange: Exchange;
  readonly options: ZzapOptions;
  readonly credentials: ZzapCredentials;
  readonly limit: TimeLimit;
}

async function ask<Answer>(
  wire: Wire,
  method: string,
  parameters: Record<string, string>,
  schema: z.ZodType<Answer>,
  writes: boolean,
): Promise<Answer> {
  const { login, password, apiKey } = wire.credentials;
  const secrets = [apiKey, password, login];
  const form = new URLSearchParams({ login, password, api_key: apiKey, ...parameters });
  const answer = await wire
    .exchange({
      method: 'POST',
      url: `${wire.options.baseUrl}${SERVICE_PATH}/${method}`,
      form,
      timeoutMs: wire.limit.leftMs(),
    })
    .catch((error: unknown) => {
      throw error instanceof NoAnswer ? unanswered(error) : error;
    });
  const refused = errorOfAnswer(answer, secrets);
  if (refused) throw refused;
  return readAnswer(answer.text, schema, secrets, writes);
}

function readAnswer<Answer>(
  text: string,
  schema: z.ZodType<Answer>,
  secrets: readonly string[],
  writes: boolean,
): Answer {
  let json: unknown;
  try {
    json = unwrap(text);
  } catch (error) {
    throw unexpectedBody(error instanceof Error ? error.message : 'unreadable', writes);
  }
  // An answer that carries an error may lack the table: the error comes first.
  const head = answerHead.safeParse(json);
  const complaint = head.success ? (head.data.error ?? '').trim() : '';
  if (complaint !== '') throw errorOfText(complaint, secrets);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw unexpectedBody(`field ${parsed.error.issues[0]?.path.join('.') ?? '?'}`, writes);
  }
  return parsed.data;
}

function unanswered(error: NoAnswer): RemoteError {
  return zzapError({ kind: 'unavailable', detail: error.message, effectUnknown: error.effectUnknown });
}

/** Names a key at the gate without revealing it. */
function keyTagOf(apiKey: string): string {
  return createHash('sha256').update(`zzap-key:${apiKey}`).digest('hex').slice(0, 32);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account';
import { answerApi, refusalBody } from './api';
import { ASSUMED_MESSAGE } from './assumptions';
import type { CallLog } from './call-log';
import type { Fault, Faults } from './faults';
import { rateLimitAnswer, TooManyRequests, type Pace } from './pace';
import { Refusal } from './refusal';
import { jsonReply, statusOf, type Reply } from './reply';
import type { ReceivedRequest } from './request-fields';
import type { OrderSaves } from './order-saves';

export interface ApiTraffic {
  readonly account: Account;
  readonly saves: OrderSaves;
  readonly pace: Pace;
  readonly faults: Faults;
  readonly calls: CallLog;
}

interface Seen {
  key: string | null;
  orders: number;
}

const HTML =
  '<html><head><title>Технические работы</title></head><body><h1>Технические работы</h1></body></html>';

/** The reply that a fault gives instead of doing the work. */
function insteadOf(fault: Fault, traffic: ApiTraffic): Reply | undefined {
  switch (fault.kind) {
    case 'timeout-before':
      return { kind: 'never' };
    case 'drop-before':
      return { kind: 'dropped' };
    case 'http-500':
      return jsonReply(500, { success: false, errorMsg: ASSUMED_MESSAGE.internalError });
    case 'http-503':
      return { kind: 'answer', ...rateLimitAnswer(traffic.account.settings()) };
    case 'html':
      return { kind: 'answer', status: 200, contentType: 'text/html', body: HTML };
    case 'error': {
      const { status, errorMsg, errors } = fault;
      return jsonReply(status, { success: false, errorMsg, ...(errors === undefined ? {} : { errors }) });
    }
    default:
      return undefined;
  }
}

/** What a fault makes of the finished answer; the effect is stored by now. */
function spoiled(fault: Fault | undefined, reply: Reply): Reply {
  if (reply.kind !== 'answer') return reply;
  switch (fault?.kind) {
    case 'timeout-after':
      return { kind: 'never' };
    case 'drop-after':
      return { kind: 'dropped' };
    case 'http-500-after':
      return jsonReply(500, { success: false, errorMsg: ASSUMED_MESSAGE.internalError });
    case 'malformed-json':
      return { ...reply, body: `${reply.body.slice(0, -2)},,` };
    case 'truncated-body':
      return { kind: 'truncated', status: reply.status, body: reply.body };
    default:
      return reply;
  }
}

function work(traffic: ApiTraffic, request: ReceivedRequest, seen: Seen): Reply {
  const { account, saves, pace } = traffic;
  try {
    const answer = answerApi(
      {
        account,
        saves,
        onKey: (name) => (seen.key = name),
        pace: (key) => {
          if (!pace.admit(key.name, account.nowMs(), account.settings().requestsPerSecond))
            throw new TooManyRequests();
        },
      },
      request,
    );
    seen.orders = answer.orders ?? 0;
    return jsonReply(answer.status, answer.body);
  } catch (error) {
    if (error instanceof Refusal) return jsonReply(error.status, refusalBody(account, error));
    if (error instanceof TooManyRequests) return { kind: 'answer', ...rateLimitAnswer(account.settings()) };
    throw error;
  }
}

/** One call of the API with its pace, faults and log entry. Whatever it changed is in the journal when this returns. */
export async function handleApi(traffic: ApiTraffic, request: ReceivedRequest): Promise<Reply> {
  const { account, faults, calls } = traffic;
  const startedAtMs = account.nowMs();
  const seen: Seen = { key: null, orders: 0 };
  const fault = faults.take(request.path);
  if (fault?.kind === 'slow') await sleep(fault.delayMs);
  const refused = fault && insteadOf(fault, traffic);
  const worked = refused ?? work(traffic, request, seen);
  account.flush();
  const reply = refused ?? spoiled(fault, worked);
  calls.add({
    method: request.method,
    path: request.path,
    key: seen.key,
    startedAtMs,
    endedAtMs: account.nowMs(),
    status: statusOf(reply),
    orders: seen.orders,
    fault: fault?.kind ?? null,
    answer: 'body' in reply ? reply.body : '',
  });
  return reply;
}

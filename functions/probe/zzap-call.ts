import type { ZzapCredentials } from '../domain/connection';
import type { Clock } from '../ports/clock';
import { createExchange, type HttpAnswer } from '../remote/http-exchange';
import { SERVICE_PATH, ZZAP_MIN_INTERVAL_MS } from '../zzap/assumptions';
import { createPace } from '../zzap/pace';
import { openGate } from './single-caller';
import { readNoAnswer, readZzapAnswer, type ZzapRead } from './zzap-answer';

/** What each call of the probe is for. */
export const ZZAP_CALLS = [
  'dictionary',
  'recent',
  'recent-until-now',
  'older',
  'limited',
  'around-one',
  'around-one-as-utc',
  'around-one-with-z',
  'at-one',
  'wrong-password',
  'before-write',
  'write',
  'after-write',
] as const;
export type ZzapCallName = (typeof ZZAP_CALLS)[number];

export interface ZzapCall {
  readonly name: ZzapCallName;
  readonly method: string;
  /** Names of the parameters that were sent. */
  readonly sent: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Null: none came. */
  readonly answer: HttpAnswer | null;
  readonly read: ZzapRead;
}

/** Sends one request in the key's pace. Never repeats one. */
export type CallZzap = (
  name: ZzapCallName,
  method: string,
  parameters: Readonly<Record<string, string>>,
  password?: string,
) => Promise<ZzapCall>;

export interface ZzapDoor {
  readonly baseUrl: string;
  readonly credentials: ZzapCredentials;
}

/** Longer than the module waits: a slow answer is an answer. */
const TIMEOUT_MS = 60_000;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** The module's transport and pace for a process that has the key to itself. */
export function createZzapCaller({ baseUrl, credentials }: ZzapDoor, clock: Clock): CallZzap {
  const exchange = createExchange({ timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX });
  const pace = createPace({
    gate: openGate,
    clock,
    keyTag: 'probe',
    holder: 'probe',
    minIntervalMs: ZZAP_MIN_INTERVAL_MS,
    leaseMs: TIMEOUT_MS + ZZAP_MIN_INTERVAL_MS,
  });
  const { login, apiKey } = credentials;
  return async (name, method, parameters, password = credentials.password) => {
    const form = new URLSearchParams({ login, password, api_key: apiKey, ...parameters });
    let startedAtMs = clock.nowMs();
    const ask = () => {
      startedAtMs = clock.nowMs();
      return exchange({ method: 'POST', url: `${baseUrl}${SERVICE_PATH}/${method}`, form });
    };
    const answered = await pace.inTurn(ask).then(
      (answer) => {
        const wants = method === 'SetOrderStatusV3' ? 'head' : 'list';
        return { answer, read: readZzapAnswer(answer, [apiKey, password, login], wants) };
      },
      (error: unknown) => ({ answer: null, read: readNoAnswer(error) }),
    );
    return { name, method, sent: [...form.keys()], startedAtMs, endedAtMs: clock.nowMs(), ...answered };
  };
}

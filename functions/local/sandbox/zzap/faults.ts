import { z } from 'zod';
import { METHOD_NAMES } from './methods';

/**
 * before/after tell whether the method was executed. The HTTP and text faults come instead of the method unless
 * `afterEffect` is set; the ones that spoil a body (from malformed-json on) always execute it.
 */
export const FAULT_KINDS = [
  'timeout-before',
  'timeout-after',
  'drop-before',
  'drop-after',
  'http-500',
  'http-522',
  'http-429',
  'rate-limited',
  'captcha-html',
  'error-text',
  'malformed-json',
  'truncated-body',
  'unclosed-xml',
  'wrong-root',
  'slow',
  'drip',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultSchema = z.strictObject({
  method: z.enum([...METHOD_NAMES, '*']).default('*'),
  kind: z.enum(FAULT_KINDS),
  /** How many calls it hits before it is used up. */
  times: z.int().min(1).default(1),
  /** How many matching calls pass unharmed first. */
  afterCalls: z.int().min(0).default(0),
  /** Hits calls for this order only. */
  codeOrder: z.int().optional(),
  /** Hits calls of this cabinet only. */
  account: z.string().optional(),
  /** For `slow` (time until the answer starts) and `drip` (time the answer takes). */
  delayMs: z.number().min(0).default(2_000),
  /** For `error-text`. */
  text: z.string().default('[999]:Неизвестная ошибка'),
  afterEffect: z.boolean().default(false),
});
export type Fault = z.infer<typeof faultSchema>;

export interface FaultScript {
  add(fault: Fault): void;
  list(): Fault[];
  clear(): void;
  /** The fault that hits this call, counted as used. */
  take(method: string, params: Record<string, string>): Fault | undefined;
}

/** Scripted faults live in memory: a restart is fault-free. */
export function createFaultScript(): FaultScript {
  let faults: Fault[] = [];
  return {
    add: (fault) => void faults.push({ ...fault }),
    list: () => faults.map((fault) => ({ ...fault })),
    clear() {
      faults = [];
    },
    take(method, params) {
      const matching = faults.filter((fault) => hits(fault, method, params));
      const hit = matching.find((fault) => fault.afterCalls === 0);
      for (const fault of matching) if (fault.afterCalls > 0) fault.afterCalls -= 1;
      if (hit === undefined) return undefined;
      hit.times -= 1;
      faults = faults.filter((fault) => fault.times > 0);
      return hit;
    },
  };
}

const hits = (fault: Fault, method: string, params: Record<string, string>): boolean =>
  (fault.method === '*' || fault.method === method) &&
  (fault.codeOrder === undefined || String(fault.codeOrder) === params['code_order']?.trim()) &&
  (fault.account === undefined || fault.account === params['login']);

import type * as z from 'zod';
import type { Account } from './account';
import type { CallLog } from './call-log';
import type { Faults } from './faults';
import type { OrderSaves } from './order-saves';
import type { Pace } from './pace';
import { badEntity } from './refusal';
import type { TriggerSender } from './trigger';

/** Everything a control call may look at or change. */
export interface Sandbox {
  readonly account: Account;
  readonly saves: OrderSaves;
  readonly trigger: TriggerSender;
  readonly pace: Pace;
  readonly faults: Faults;
  readonly calls: CallLog;
}

export interface ControlCall {
  readonly sandbox: Sandbox;
  readonly query: URLSearchParams;
  readonly path: readonly string[];
  readonly body: unknown;
}

export interface ControlMethod {
  readonly verb: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `{}` stands for one variable part. */
  readonly path: string;
  readonly handle: (call: ControlCall) => unknown;
}

/** The body by its schema; unknown fields are refused, so that a mistyped switch is not taken for a working one. */
export function bodyOf<T>(call: ControlCall, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => [issue.path.join('.') || 'body', issue.message] as const,
  );
  throw badEntity(Object.fromEntries(problems));
}

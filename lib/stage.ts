import type { Node } from 'constructs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';

const RETENTIONS_DAYS: readonly unknown[] = Object.values(RetentionDays);
const isRetention = (days: number): days is RetentionDays => RETENTIONS_DAYS.includes(days);

/** What `-c key=value` hands over is text: «a.example, b.example» is a list. */
const hosts = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())])
  .transform((list) => list.map((host) => host.trim()).filter((host) => host !== ''));

/** An origin without a slash at its end: paths are appended to it. */
const origin = z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, ''));

const schema = z.strictObject({
  /** Where alarms go; without it they are raised and nobody hears of it. */
  alarmEmail: z.email().optional(),
  /** Of the account's whole bill; without it there is no budget. */
  monthlyBudgetUsd: z.coerce.number().positive().optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  logRetentionDays: z.coerce
    .number()
    .refine(isRetention, { error: 'CloudWatch knows 1, 3, 5, 7, 14, 30, 60, 90 … days' })
    .default(RetentionDays.ONE_MONTH),
  /** destroy: tables and keys go with the stack. Only for stages that may be thrown away. */
  removal: z.enum(['retain', 'destroy']).default('retain'),
  /** Connections synchronised at the same moment; the rest waits in the lane. */
  concurrentSyncsMax: z.coerce.number().int().min(2).max(1000).default(20),
  crmAllowedHosts: hosts.default([]),
  zzapBaseUrl: origin.default('https://api.zzap.pro'),
  zzapMinIntervalMs: z.coerce.number().int().min(0).max(600_000).default(3_000),
  crmRequestsPerSecond: z.coerce.number().min(0.1).max(9).default(9),
  /** The deployment's own domain in front of the API, if it has one. Only a text here: no certificate is made. */
  publicUrl: origin.optional(),
  /** Of the whole API; requests beyond are answered 429. */
  requestsPerSecondMax: z.coerce.number().int().min(1).max(10_000).default(50),
  requestsBurstMax: z.coerce.number().int().min(1).max(5_000).default(100),
});

const stageName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,15}$/, 'lower-case letters, digits and dashes, at most 16');

export interface Stage extends z.output<typeof schema> {
  readonly name: string;
  /** Begins the names of what belongs to this stage. */
  readonly prefix: string;
}

/**
 * Reads the settings of the stage to build: the defaults, then `stages.<name>` of cdk.json, then `-c key=value`.
 * `-c stage=<name>` chooses; without it, prod. Throws a text that names each wrong field.
 */
export function readStage(node: Node): Stage {
  const name = parsed(stageName, node.tryGetContext('stage') ?? 'prod', 'stage');
  const stages = parsed(
    z.record(z.string(), z.unknown()),
    node.tryGetContext('stages') ?? { prod: {} },
    'stages',
  );
  if (!Object.hasOwn(stages, name)) {
    throw wrong([`stage: "${name}" is none of ${Object.keys(stages).join(', ')} (cdk.json, stages)`]);
  }
  const given = Object.fromEntries(
    Object.keys(schema.shape)
      .map((key) => [key, node.tryGetContext(key) as unknown] as const)
      .filter(([, value]) => value !== undefined),
  );
  const inFile = parsed(z.record(z.string(), z.unknown()), stages[name], `stages.${name}`);
  return { ...parsed(schema, { ...inFile, ...given }), name, prefix: `zzap-retailcrm-${name}` };
}

function parsed<T>(part: z.ZodType<T>, value: unknown, field?: string): T {
  const result = part.safeParse(value);
  if (result.success) return result.data;
  throw wrong(
    result.error.issues.map(({ path, message }) => [...[field, ...path].filter(Boolean), message].join(': ')),
  );
}

function wrong(lines: readonly string[]): Error {
  return new Error(['Wrong stage settings:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

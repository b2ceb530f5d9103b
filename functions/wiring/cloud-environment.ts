import * as z from 'zod/mini';
import { TABLE_NAMES, type TableName } from '../storage/table-definitions';

/**
 * The variables of the functions in the cloud. The stack sets exactly these (a test compares both). Secrets are
 * never among them: the console shows variables in clear. The small zod: the webhook reads its variables, too.
 */
const text = z.string().check(z.minLength(1));
const url = z.pipe(
  z.string().check(z.refine((value) => /^https?:\/\//.test(value) && URL.canParse(value))),
  z.transform((value) => value.replace(/\/+$/, '')),
);
const arn = z.string().check(z.startsWith('arn:'));
const list = z.pipe(
  z._default(z.string(), ''),
  z.transform((value) =>
    value
      .split(',')
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== ''),
  ),
);

const logLevel = { LOG_LEVEL: z._default(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'info') };

const tableVariable = (name: TableName) => `TABLE_${name.toUpperCase()}` as `TABLE_${Uppercase<TableName>}`;
const tables = Object.fromEntries(TABLE_NAMES.map((name) => [tableVariable(name), text])) as Record<
  `TABLE_${Uppercase<TableName>}`,
  typeof text
>;

const lane = { LANE_QUEUE_URL: url };
const vault = { VAULT_KEY_ARN: arn };

const remotes = {
  /** Origin of ZZap's old service. */
  ZZAP_BASE_URL: url,
  /** From the end of an answer to the start of the next request of a key. */
  ZZAP_MIN_INTERVAL_MS: z.coerce.number().check(z.int(), z.minimum(0), z.maximum(600_000)),
  CRM_REQUESTS_PER_SECOND: z.coerce.number().check(z.minimum(0.1), z.maximum(9)),
  /** Hosts besides RetailCRM's own domains, comma-separated; usually empty. */
  CRM_ALLOWED_HOSTS: list,
};

const schedules = {
  SCHEDULE_GROUP: text,
  /** The role with which Scheduler sends a tick to the lane. */
  SCHEDULE_ROLE_ARN: arn,
  LANE_QUEUE_ARN: arn,
  /** Where a tick goes that could not be sent. */
  SCHEDULE_DEAD_LETTER_ARN: arn,
};

/** Base of hook and account URLs: the API's own address or the deployment's domain, without a slash at its end. */
const publicUrl = { PUBLIC_URL: url };

export const settingsVariables = z.object({
  ...logLevel,
  ...tables,
  ...lane,
  ...vault,
  ...remotes,
  ...schedules,
  ...publicUrl,
});
export const syncVariables = z.object({
  ...logLevel,
  ...tables,
  ...lane,
  ...vault,
  ...remotes,
  ...schedules,
});
export const webhookVariables = z.object({ ...logLevel, TABLE_CONNECTIONS: text, ...lane });
/** The caretaker mends schedules and looks for silence; it reads no secret and calls no remote. */
export const caretakerVariables = z.object({
  ...logLevel,
  TABLE_CONNECTIONS: text,
  TABLE_CURSORS: text,
  ...lane,
  ...schedules,
});

export type SettingsEnvironment = z.infer<typeof settingsVariables>;
export type SyncEnvironment = z.infer<typeof syncVariables>;
export type WebhookEnvironment = z.infer<typeof webhookVariables>;
export type CaretakerEnvironment = z.infer<typeof caretakerVariables>;

/**
 * The variables a function runs with; an empty one counts as absent. Throws one message that names every wrong one,
 * without its value. The only place that reads the process's variables in the cloud.
 */
export function readCloudEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  variables: NodeJS.ProcessEnv = process.env,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const problems = [...names].map(
    (name) => `${name} ${given[name] === undefined ? 'is missing' : 'is wrong'}`,
  );
  throw new Error(`Environment variables: ${problems.join(', ')}`);
}

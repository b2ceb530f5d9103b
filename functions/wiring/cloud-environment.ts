import * as z from 'zod';
import { TABLE_NAMES, type TableName } from '../storage/table-definitions';

/**
 * The variables of the functions in the cloud. The stack sets exactly these (a test compares both). Secrets are
 * never among them: the console shows variables in clear.
 */
const text = z.string().min(1);
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== ''),
  );

const logLevel = { LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') };

const tableVariable = (name: TableName) => `TABLE_${name.toUpperCase()}` as `TABLE_${Uppercase<TableName>}`;
const tables = Object.fromEntries(TABLE_NAMES.map((name) => [tableVariable(name), text])) as Record<
  `TABLE_${Uppercase<TableName>}`,
  typeof text
>;

const lane = { LANE_QUEUE_URL: text };
const vault = { VAULT_KEY_ARN: text };

const remotes = {
  /** Origin of ZZap's old service. */
  ZZAP_BASE_URL: text,
  /** From the end of an answer to the start of the next request of a key. */
  ZZAP_MIN_INTERVAL_MS: z.coerce.number().int().min(0).max(600_000),
  CRM_REQUESTS_PER_SECOND: z.coerce.number().min(0.1).max(9),
  /** Hosts besides RetailCRM's own domains, comma-separated; usually empty. */
  CRM_ALLOWED_HOSTS: list,
};

const schedules = {
  SCHEDULE_GROUP: text,
  /** The role with which Scheduler sends a tick to the lane. */
  SCHEDULE_ROLE_ARN: text,
  LANE_QUEUE_ARN: text,
  /** Where a tick goes that could not be sent. */
  SCHEDULE_DEAD_LETTER_ARN: text,
};

/** Base of hook and account URLs: the API's own address or the deployment's domain, without a slash at its end. */
const publicUrl = { PUBLIC_URL: text };

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

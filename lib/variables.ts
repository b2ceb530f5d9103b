import { TABLE_NAMES, type TableName } from '../functions/storage/table-definitions';
import type { Lane } from './constructs/lane';
import type { Schedules } from './constructs/schedules';
import type { DataStack } from './data-stack';
import type { Stage } from './stage';

export interface VariablesProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly lane: Lane;
  readonly schedules: Schedules;
  /** Without a slash at its end. */
  readonly publicUrl: string;
}

/** The environment of each function: exactly what functions/wiring/cloud-environment.ts reads, which a test compares. */
export function variablesOf({ stage, data, lane, schedules, publicUrl }: VariablesProps) {
  const common = { LOG_LEVEL: stage.logLevel, LANE_QUEUE_URL: lane.queue.queueUrl };
  const tables = Object.fromEntries(
    TABLE_NAMES.map((name) => [`TABLE_${name.toUpperCase()}`, data.tables.byName[name].tableName]),
  ) as Record<`TABLE_${Uppercase<TableName>}`, string>;
  const { TABLE_CONNECTIONS, TABLE_CURSORS } = tables;
  const remotes = {
    VAULT_KEY_ARN: data.vaultKey.key.keyArn,
    ZZAP_BASE_URL: stage.zzapBaseUrl,
    ZZAP_MIN_INTERVAL_MS: String(stage.zzapMinIntervalMs),
    CRM_REQUESTS_PER_SECOND: String(stage.crmRequestsPerSecond),
    CRM_ALLOWED_HOSTS: stage.crmAllowedHosts.join(','),
  };
  const ticks = {
    SCHEDULE_GROUP: schedules.groupName,
    SCHEDULE_ROLE_ARN: schedules.role.roleArn,
    LANE_QUEUE_ARN: lane.queue.queueArn,
    SCHEDULE_DEAD_LETTER_ARN: schedules.deadLetters.queueArn,
  };
  const sync = { ...common, ...tables, ...remotes, ...ticks };
  return {
    sync,
    settings: { ...sync, PUBLIC_URL: publicUrl },
    webhook: { ...common, TABLE_CONNECTIONS },
    caretaker: { ...common, TABLE_CONNECTIONS, TABLE_CURSORS, ...ticks },
  };
}

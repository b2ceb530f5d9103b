import { openKms, openScheduler, openSqs } from '../aws/clients';
import { createSqsLane } from '../aws/lane';
import { createEventBridgeSchedules } from '../aws/schedules';
import { createKmsVault } from '../aws/vault';
import type { CaretakerPorts } from '../settings/caretaker-ports';
import { createAccountStore } from '../storage/account-store';
import { createConnectionStore } from '../storage/connection-store';
import { createCursorStore } from '../storage/cursor-store';
import { openDatabase, type TableNames } from '../storage/database';
import type { CaretakerEnvironment, SyncEnvironment } from './cloud-environment';
import { compose, type Composition } from './compose';
import { createJsonLog } from './json-log';
import { randomIds, systemClock } from './system';

/** Everything as it is in the cloud; `form` where people wait for answers. Nothing is asked of the network until something is needed. */
export function composeInCloud(
  environment: SyncEnvironment,
  form: { readonly publicUrl: string; readonly patienceMs: number } | null,
): Composition {
  return compose({
    db: openDatabase({ tableNames: tableNamesOf(environment) }),
    vault: createKmsVault({ client: openKms(), keyArn: environment.VAULT_KEY_ARN, clock: systemClock }),
    lane: createSqsLane({ client: openSqs(), queueUrl: environment.LANE_QUEUE_URL }),
    schedules: schedulesOf(environment),
    clock: systemClock,
    ids: randomIds,
    log: createJsonLog(environment.LOG_LEVEL),
    zzapBaseUrl: environment.ZZAP_BASE_URL,
    zzapMinIntervalMs: environment.ZZAP_MIN_INTERVAL_MS,
    crmRequestsPerSecond: environment.CRM_REQUESTS_PER_SECOND,
    crmAllowedHosts: environment.CRM_ALLOWED_HOSTS,
    publicUrl: () => {
      if (form === null) throw new Error('This function shows no addresses.');
      return form.publicUrl;
    },
    ...(form && { patienceMs: form.patienceMs }),
  });
}

/** What the caretaker needs: of the tables it may read two only. */
export function composeCaretaker(environment: CaretakerEnvironment): CaretakerPorts {
  const none = '';
  const db = openDatabase({
    tableNames: {
      connections: environment.TABLE_CONNECTIONS,
      cursors: environment.TABLE_CURSORS,
      mappings: none,
      orders: none,
      runs: none,
    },
  });
  return {
    accounts: createAccountStore(db),
    connections: createConnectionStore(db),
    cursors: createCursorStore(db),
    lane: createSqsLane({ client: openSqs(), queueUrl: environment.LANE_QUEUE_URL }),
    schedules: schedulesOf(environment),
    clock: systemClock,
    log: createJsonLog(environment.LOG_LEVEL),
  };
}

function schedulesOf(environment: CaretakerEnvironment) {
  return createEventBridgeSchedules({
    client: openScheduler(),
    group: environment.SCHEDULE_GROUP,
    roleArn: environment.SCHEDULE_ROLE_ARN,
    queueArn: environment.LANE_QUEUE_ARN,
    deadLetterArn: environment.SCHEDULE_DEAD_LETTER_ARN,
    clock: systemClock,
  });
}

function tableNamesOf(environment: SyncEnvironment): TableNames {
  return {
    connections: environment.TABLE_CONNECTIONS,
    mappings: environment.TABLE_MAPPINGS,
    cursors: environment.TABLE_CURSORS,
    orders: environment.TABLE_ORDERS,
    runs: environment.TABLE_RUNS,
  };
}

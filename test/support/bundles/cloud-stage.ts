import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { startDatabase } from '../../../functions/local/database/start';
import { openDatabase, type TableNames } from '../../../functions/storage/database';
import { TABLE_NAMES, type TableName } from '../../../functions/storage/table-definitions';
import { createMissingTables } from '../../../functions/storage/tables';
import { startAwsEmulator, type AwsEmulator } from '../aws/emulator';
import { Api } from '../product-harness';
import { startRemotes, type CrmHand, type ZzapHand } from '../sandbox-hands';
import type { Bundles } from './built';
import { startFunction, type FunctionProcess } from './function-process';
import { startGateway } from './gateway';
import { drain, type PolledQueue } from './lane-poller';

/** What the functions need of AWS, whoever plays it. */
export interface CloudPlace {
  /** The variables with which the SDK in a process finds it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tableNames: TableNames;
  readonly lane: PolledQueue & { readonly url: string; readonly arn: string };
  readonly keyArn: string;
  readonly scheduleGroup: string;
  readonly scheduleRoleArn: string;
  readonly scheduleDeadLetterArn: string;
}

/** The real bundles, each in a process of its own, between a place for AWS and the sandbox of both remote systems. */
export interface BundleStage {
  readonly api: Api;
  readonly url: string;
  readonly zzap: ZzapHand;
  readonly crm: CrmHand;
  readonly settings: FunctionProcess;
  readonly webhook: FunctionProcess;
  readonly sync: FunctionProcess;
  readonly caretaker: FunctionProcess;
  /** Handles what is in the lane. */
  work(): Promise<void>;
  close(): Promise<void>;
}

/** The same in our own emulator, which can be looked into. */
export interface CloudStage extends BundleStage {
  readonly aws: AwsEmulator;
  /** Lets queues believe that time has passed. */
  skip(ms: number): void;
}

export interface CloudOptions {
  /** Instead of the sandbox. */
  readonly zzapBaseUrl?: string;
}

/** The tables under names that are not the module's own, as in the cloud. */
const tableNames = Object.fromEntries(TABLE_NAMES.map((name) => [name, `stage-${name}`])) as Record<
  TableName,
  string
>;

export async function setCloudStage(bundles: Bundles, options: CloudOptions = {}): Promise<CloudStage> {
  let skippedMs = 0;
  const aws = await startAwsEmulator({ nowMs: () => Date.now() + skippedMs });
  const database = await startDatabase({ ttlSweepMs: 0 });
  const db = openDatabase({ endpoint: database.endpoint, tableNames });
  await createMissingTables(db);
  const { lane, keyArn, scheduleGroup, scheduleRoleArn } = aws;
  const place = { lane, keyArn, scheduleGroup, scheduleRoleArn, tableNames };
  const stage = await setBundles(
    bundles,
    {
      ...place,
      environment: { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: database.endpoint },
      scheduleDeadLetterArn: aws.scheduleDeadLetters.arn,
    },
    options,
  );
  return {
    ...stage,
    aws,
    skip: (ms) => void (skippedMs += ms),
    async close() {
      await stage.close();
      db.client.destroy();
      await database.close();
      await aws.close();
    },
  };
}

/** Starts the functions in a place where tables, queues, key and schedule group are there already. */
export async function setBundles(
  { of }: Bundles,
  place: CloudPlace,
  options: CloudOptions = {},
): Promise<BundleStage> {
  const remotes = await startRemotes({});
  const gateway = await startGateway();
  const variables = variablesOf(place, {
    PUBLIC_URL: gateway.url,
    ZZAP_BASE_URL: options.zzapBaseUrl ?? remotes.zzap.url,
  });
  const start = (file: string, names: readonly string[]) =>
    startFunction(file, {
      ...place.environment,
      ...Object.fromEntries(names.map((name) => [name, variables[name] ?? ''])),
    });
  const [settings, webhook, sync, caretaker] = await Promise.all([
    start(of.settings.file, Object.keys(variables)),
    start(of.webhook.file, ['LOG_LEVEL', 'TABLE_CONNECTIONS', 'LANE_QUEUE_URL']),
    start(
      of.sync.file,
      Object.keys(variables).filter((name) => name !== 'PUBLIC_URL'),
    ),
    start(of.settings.file, [
      'LOG_LEVEL',
      'TABLE_CONNECTIONS',
      'TABLE_CURSORS',
      'LANE_QUEUE_URL',
      ...SCHEDULES,
    ]),
  ]);
  const answering = (one: FunctionProcess) => async (event: unknown) =>
    (await one.invoke('handler', event)).result as APIGatewayProxyStructuredResultV2;
  gateway.connect({ settings: answering(settings), webhook: answering(webhook) });
  return {
    ...{ api: new Api(() => gateway.url), url: gateway.url, zzap: remotes.zzap, crm: remotes.crm },
    ...{ settings, webhook, sync, caretaker },
    work: () => drain(place.lane, sync),
    async close() {
      await Promise.all([settings, webhook, sync, caretaker].map((one) => one.stop()));
      await gateway.close();
      await remotes.close();
    },
  };
}

const SCHEDULES = ['SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN', 'LANE_QUEUE_ARN', 'SCHEDULE_DEAD_LETTER_ARN'];

function variablesOf(place: CloudPlace, more: Record<string, string>): Record<string, string> {
  return {
    LOG_LEVEL: 'debug',
    ...Object.fromEntries(TABLE_NAMES.map((name) => [`TABLE_${name.toUpperCase()}`, place.tableNames[name]])),
    LANE_QUEUE_URL: place.lane.url,
    VAULT_KEY_ARN: place.keyArn,
    ZZAP_MIN_INTERVAL_MS: '60',
    CRM_REQUESTS_PER_SECOND: '9',
    CRM_ALLOWED_HOSTS: '127.0.0.1',
    SCHEDULE_GROUP: place.scheduleGroup,
    SCHEDULE_ROLE_ARN: place.scheduleRoleArn,
    LANE_QUEUE_ARN: place.lane.arn,
    SCHEDULE_DEAD_LETTER_ARN: place.scheduleDeadLetterArn,
    ...more,
  };
}

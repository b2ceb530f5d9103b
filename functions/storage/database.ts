import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableName } from './table-definitions';

export type TableNames = Readonly<Record<TableName, string>>;

/** The document client and what the five tables are called in this deployment. */
export interface Database {
  readonly client: DynamoDBDocumentClient;
  readonly tables: TableNames;
}

export interface DatabaseOptions {
  readonly tableNames: TableNames;
  /** Absent in the cloud: the SDK's variables decide (`AWS_REGION`, `AWS_ENDPOINT_URL` and the credentials). */
  readonly endpoint?: string;
}

/** Local engines take any credentials, but the SDK signs nothing without some. */
const LOCAL_ACCESS = {
  region: 'local',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;

/** Credentials as Lambda sets them: other sources would only make the bundle bigger. */
const CLOUD_ACCESS = {
  credentials: fromEnv(),
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    /** Without it the SDK only warns and goes on waiting. */
    throwOnRequestTimeout: true,
  },
} as const;

/** The client without documents, for whoever reads a few attributes: credentials and endpoint as in the cloud. */
export function openPlainClient(): DynamoDBClient {
  return new DynamoDBClient(CLOUD_ACCESS);
}

export function openDatabase(options: DatabaseOptions): Database {
  const client =
    options.endpoint === undefined
      ? openPlainClient()
      : new DynamoDBClient({ endpoint: options.endpoint, ...LOCAL_ACCESS });
  return {
    client: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    tables: options.tableNames,
  };
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openPlainClient } from './plain-client';
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

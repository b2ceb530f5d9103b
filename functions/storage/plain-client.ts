import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fromEnv } from '@aws-sdk/credential-provider-env';

/** DynamoDB as it is reached in the cloud. Credentials as Lambda sets them: other sources would only add weight. */
export function openPlainClient(): DynamoDBClient {
  return new DynamoDBClient({
    credentials: fromEnv(),
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      /** Without it the SDK only warns and goes on waiting. */
      throwOnRequestTimeout: true,
    },
  });
}

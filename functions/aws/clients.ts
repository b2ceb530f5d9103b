import { KMSClient } from '@aws-sdk/client-kms';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * What all clients share. Region and endpoints come from the SDK's own variables (`AWS_REGION`, `AWS_ENDPOINT_URL`
 * and `AWS_ENDPOINT_URL_…`), credentials from those that Lambda sets: other sources would only make the bundle
 * bigger. An answer that hangs costs three seconds and leaves the shortest function, which has ten, time for another
 * attempt; the others have time for all four.
 */
const ACCESS = {
  credentials: fromEnv(),
  retryMode: 'standard',
  maxAttempts: 4,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    /** Without it the SDK only warns and goes on waiting. */
    throwOnRequestTimeout: true,
  },
} as const;

export function openSqs(): SQSClient {
  return new SQSClient(ACCESS);
}

export function openKms(): KMSClient {
  return new KMSClient(ACCESS);
}

export function openScheduler(): SchedulerClient {
  return new SchedulerClient(ACCESS);
}

import { openSqs } from './aws/clients';
import { createSqsLane } from './aws/lane';
import { createHooksApp } from './http/hooks-app';
import { answerHttpEvents } from './lambda/http-event';
import { openPlainClient } from './storage/plain-client';
import { createHookedConnections } from './storage/hooked-connections';
import { readCloudEnvironment, webhookVariables } from './wiring/cloud-environment';
import { createJsonLog } from './wiring/json-log';
import { randomSecrets, systemClock } from './wiring/system';

const environment = readCloudEnvironment(webhookVariables);

/** Takes hints, of any method and content, behind the HTTP API. Wired by hand: it carries nothing it does not use. */
export const handler = answerHttpEvents(
  createHooksApp({
    hooked: createHookedConnections({ client: openPlainClient(), table: environment.TABLE_CONNECTIONS }),
    lane: createSqsLane({ client: openSqs(), queueUrl: environment.LANE_QUEUE_URL }),
    clock: systemClock,
    secrets: randomSecrets,
    log: createJsonLog(environment.LOG_LEVEL),
  }),
);

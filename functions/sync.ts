import { openSqs } from './aws/clients';
import { createSqsDelay } from './aws/lane-delay';
import { readLaneMessage } from './aws/lane-message';
import { createSyncHandler } from './lambda/run-sync';
import { syncConnection } from './sync/sync-connection';
import { composeInCloud } from './wiring/cloud';
import { readCloudEnvironment, syncVariables } from './wiring/cloud-environment';

const environment = readCloudEnvironment(syncVariables);
const ports = composeInCloud(environment, null);

/** Runs what the lane's queue delivers. */
export const handler = createSyncHandler({
  readMessage: readLaneMessage,
  run: (message, deadlineMs) => syncConnection(ports, message, deadlineMs),
  postpone: createSqsDelay({ client: openSqs(), queueUrl: environment.LANE_QUEUE_URL }),
  clock: ports.clock,
  log: ports.log,
});

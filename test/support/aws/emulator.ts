import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ACCOUNT, REGION, type Json } from './account';
import { createFaults, type Fault } from './faults';
import { createKmsService } from './kms';
import type { Queue } from './queue';
import { createSchedulerService, type EmulatedSchedule, type SchedulerRequest } from './scheduler';
import { ServiceError } from './service-error';
import { checkSignature } from './signature';
import { arnOf, createSqsService } from './sqs';

export interface EmulatedQueue extends Queue {
  readonly url: string;
  readonly arn: string;
}

export interface AwsEmulator {
  readonly url: string;
  /** The variables with which the SDK in any process finds the emulator and signs its requests. */
  readonly environment: Readonly<Record<string, string>>;
  /** FIFO, deduplicating by content within the message group; 5 receives, hidden for 15 minutes. */
  readonly lane: EmulatedQueue;
  /** FIFO: what was received five times. */
  readonly laneDeadLetters: EmulatedQueue;
  /** Plain: ticks that Scheduler could not send. */
  readonly scheduleDeadLetters: EmulatedQueue;
  readonly keyArn: string;
  readonly scheduleGroup: string;
  readonly scheduleRoleArn: string;
  /** The schedules of the group, by name. */
  schedules(): readonly EmulatedSchedule[];
  /** Scheduler's part: sends the tick of a schedule that was due then to its queue. */
  fire(scheduleName: string, dueAtMs: number): void;
  /** Adds a fault; the oldest one that fits meets a request. */
  fault(fault: Fault): void;
  /** The operations that were asked for, oldest first, refused and repeated ones too. */
  operations(): readonly string[];
  close(): Promise<void>;
}

const DELIVERIES = 5;
const VISIBILITY_S = 900;
const SCHEDULE_GROUP = 'ticks';
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * SQS, KMS and EventBridge Scheduler at one address on 127.0.0.1, in memory, as far as this product uses them. Give
 * `environment` to a process, or to this one, and the SDK finds them; whatever is not emulated is refused. Requests
 * are told apart by `x-amz-target` (SQS, KMS) and by path (Scheduler) and must be signed for their service; the
 * signature itself is not computed again.
 *
 * A queue, its dead letters, a key and a schedule group are there from the start; more are made over the wire.
 * Nothing happens by itself: who plays Lambda calls `lane.receive()` and `lane.delete()`, who plays Scheduler calls
 * `fire()`. Visibility and deduplication follow `nowMs`.
 */
export async function startAwsEmulator(options: { readonly nowMs: () => number }): Promise<AwsEmulator> {
  let url = '';
  const faults = createFaults();
  const asked: string[] = [];
  const sqs = createSqsService(options.nowMs, () => url);
  const kms = createKmsService();
  const scheduler = createSchedulerService(options.nowMs);

  /** What a request asks for, and how to do it. */
  function dispatch(message: IncomingMessage, body: string): { operation: string; run: () => Json } {
    const input = (body === '' ? {} : JSON.parse(body)) as Json;
    const [prefix, operation = ''] = String(message.headers['x-amz-target'] ?? '').split('.');
    if (prefix === 'AmazonSQS') {
      checkSignature(message, 'sqs');
      return { operation, run: () => sqs.handle(operation, input) };
    }
    if (prefix === 'TrentService') {
      checkSignature(message, 'kms');
      return { operation, run: () => kms.handle(operation, input) };
    }
    checkSignature(message, 'scheduler');
    const { pathname, searchParams } = new URL(message.url ?? '', url);
    const path = pathname.split('/').slice(1).map(decodeURIComponent);
    const request: SchedulerRequest = {
      method: message.method ?? '',
      path,
      query: searchParams,
      body: input,
    };
    const meant = scheduler.operationOf(request);
    return { operation: meant, run: () => scheduler.handle(meant, request) };
  }

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(message);
    try {
      const { operation, run } = dispatch(message, body);
      asked.push(operation);
      const fault = faults.next(operation);
      if (fault?.kind === 'refused') {
        throw new ServiceError(
          fault.code ?? 'InternalFailure',
          'a fault that was asked for',
          fault.status ?? 500,
        );
      }
      const result = run();
      if (fault) response.destroy();
      else writeJson(response, 200, result);
    } catch (error) {
      const { code, status, message: words } = toServiceError(error);
      response.setHeader('x-amzn-errortype', code);
      writeJson(response, status, { __type: code, message: words, Message: words });
    }
  }

  const server = createServer((message, response) => void answer(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const named = (queue: Queue): EmulatedQueue => ({ ...queue, url: sqs.urlOf(queue), arn: arnOf(queue) });
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true', DeduplicationScope: 'messageGroup' };
  const laneDeadLetters = named(sqs.create('lane-dead.fifo', fifo));
  const redrive = { deadLetterTargetArn: laneDeadLetters.arn, maxReceiveCount: DELIVERIES };
  const lane = sqs.create('lane.fifo', {
    ...fifo,
    VisibilityTimeout: String(VISIBILITY_S),
    RedrivePolicy: JSON.stringify(redrive),
  });
  scheduler.createGroup(SCHEDULE_GROUP);

  return {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'emulated',
      AWS_SECRET_ACCESS_KEY: 'emulated',
    },
    lane: named(lane),
    laneDeadLetters,
    scheduleDeadLetters: named(sqs.create('ticks-dead', {})),
    keyArn: kms.createKey(),
    scheduleGroup: SCHEDULE_GROUP,
    scheduleRoleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
    schedules: () => scheduler.schedules(SCHEDULE_GROUP),
    fire(scheduleName, dueAtMs) {
      const schedule = scheduler.schedules(SCHEDULE_GROUP).find(({ Name }) => Name === scheduleName);
      if (!schedule) throw new Error(`there is no schedule ${scheduleName}`);
      const { Arn, Input = '', SqsParameters } = schedule.Target;
      const body = Input.replaceAll(SCHEDULED_TIME, new Date(dueAtMs).toISOString().replace(/\.\d{3}/, ''));
      sqs.byArn(Arn).send({ body, groupId: SqsParameters?.MessageGroupId });
      if (schedule.ActionAfterCompletion === 'DELETE') scheduler.remove(SCHEDULE_GROUP, scheduleName);
    },
    fault: (fault) => faults.add(fault),
    operations: () => [...asked],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toServiceError(error: unknown): ServiceError {
  return error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500);
}

function writeJson(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}

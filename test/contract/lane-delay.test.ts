import { SQSClient } from '@aws-sdk/client-sqs';
import { createSqsDelay } from '../../functions/aws/lane-delay';
import { startAwsEmulator, type AwsEmulator } from '../support/aws/emulator';

const NOON_MS = Date.UTC(2026, 10, 23, 12);

let nowMs: number;
let aws: AwsEmulator;
let client: SQSClient;
beforeEach(async () => {
  nowMs = NOON_MS;
  aws = await startAwsEmulator({ nowMs: () => nowMs });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SQSClient({ endpoint: aws.url, region: 'eu-central-1', credentials });
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

const postpone = (receipts: readonly string[], afterMs: number) =>
  createSqsDelay({ client, queueUrl: aws.lane.url })(receipts, afterMs);
const send = (body: string) => aws.lane.send({ body, groupId: 'c-1' });
const receive = () => aws.lane.receive(10);
const bodies = () => receive().map(({ body }) => body);

it.each([
  [60_000, 60],
  [1, 1],
  [0, 0],
  [-5, 0],
  // What SQS takes at most, less the time of the longest run.
  [7 * 24 * 3_600_000, 42_300],
])('messages put back for %i ms come again after %i s', async (afterMs, seconds) => {
  send('one');
  const [message] = receive();

  await postpone([message!.receiptHandle], afterMs);

  expect(aws.lane.messages()[0]?.hiddenUntilMs).toBe(NOON_MS + seconds * 1_000);
});

it('they come again in their order', async () => {
  for (const body of ['one', 'two', 'three']) send(body);

  await postpone(
    receive().map(({ receiptHandle }) => receiptHandle),
    60_000,
  );

  nowMs += 59_999;
  expect(bodies()).toEqual([]);
  nowMs += 1;
  expect(bodies()).toEqual(['one', 'two', 'three']);
});

it('it is told when the queue refuses', async () => {
  send('one');
  const [message] = receive();
  aws.lane.delete(message!.receiptHandle);

  await expect(postpone([message!.receiptHandle], 60_000)).rejects.toThrow('not under way');
});

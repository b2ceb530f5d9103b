import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { openSqs } from '../../functions/aws/clients';
import { createSqsLane } from '../../functions/aws/lane';
import { readLaneMessage } from '../../functions/aws/lane-message';
import { tickInput } from '../../functions/aws/lane-texts';
import { startAwsEmulator, type AwsEmulator } from '../support/aws/emulator';
import { describeLaneMemory, message } from './ports/lane.suite';

const START_MS = 1_727_103_600_000;

let emulator: AwsEmulator;
let nowMs: number;
beforeEach(async () => {
  nowMs = START_MS;
  emulator = await startAwsEmulator({ nowMs: () => nowMs });
  Object.assign(process.env, emulator.environment);
});
afterEach(() => emulator.close());

const open = () => createSqsLane({ client: openSqs(), queueUrl: emulator.lane.url });
const stored = () => emulator.lane.messages().map(({ body }) => readLaneMessage(body)!);

describeLaneMemory('emulated', () =>
  Promise.resolve({
    lane: open(),
    pass: (ms) => void (nowMs += ms),
    stored: () => Promise.resolve(stored()),
  }),
);

describe('the lane over SQS', () => {
  it('sends the text of the message to the group of its connection under the id that was given', async () => {
    await open().send(message('c-1', 5, { trigger: 'manual', runId: 'r-1' }), 'c-1:manual:5');

    expect(emulator.lane.messages()).toEqual([
      expect.objectContaining({
        body: '{"accountId":"a-1","connectionId":"c-1","trigger":"manual","atMs":5,"runId":"r-1"}',
        groupId: 'c-1',
        deduplicationId: 'c-1:manual:5',
      }),
    ]);
  });

  it('stores a message once although the first answer was lost', async () => {
    emulator.fault({ operation: 'SendMessage', kind: 'lost-answer' });

    await open().send(message('c-1', 5));

    expect(emulator.operations()).toEqual(['SendMessage', 'SendMessage']);
    expect(stored()).toEqual([message('c-1', 5)]);
  });

  it('tries four times and then says what is wrong', async () => {
    emulator.fault({ kind: 'refused', status: 503, code: 'ServiceUnavailable', times: 10 });

    await expect(open().send(message('c-1'))).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(emulator.operations()).toHaveLength(4);
  });

  it('takes a tick of Scheduler, twice delivered, for one', () => {
    const send = (scheduledAt: string) =>
      emulator.lane.send({
        body: tickInput('a-1', 'c-1').replace('<aws.scheduler.scheduled-time>', scheduledAt),
        groupId: 'c-1',
      });

    for (const at of ['2024-09-23T15:00:00Z', '2024-09-23T15:00:00Z', '2024-09-23T15:01:00Z']) send(at);

    expect(stored()).toEqual([message('c-1', START_MS), message('c-1', START_MS + 60_000)]);
  });
});

describe('a lane message', () => {
  const whole = { accountId: 'a-1', connectionId: 'c-1', trigger: 'tick', atMs: 7 };

  it.each([
    ['as it was sent', whole, { ...whole }],
    ['with a run', { ...whole, runId: 'r-1' }, { ...whole, runId: 'r-1' }],
    ['with what a newer version adds', { ...whole, colour: 'red' }, { ...whole }],
    ['with both times', { ...whole, scheduledAt: '2024-09-23T15:00:00Z' }, { ...whole }],
    [
      'with the time as Scheduler writes it',
      { ...whole, atMs: undefined, scheduledAt: '2024-09-23T15:00:00Z' },
      { ...whole, atMs: START_MS },
    ],
    [
      'with an offset',
      { ...whole, atMs: undefined, scheduledAt: '2024-09-23T18:00:00.000+03:00' },
      { ...whole, atMs: START_MS },
    ],
  ])('is read %s', (_, written, read) => {
    expect(readLaneMessage(JSON.stringify(written))).toEqual(read);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['no connection', JSON.stringify({ ...whole, connectionId: undefined })],
    ['an empty account', JSON.stringify({ ...whole, accountId: '' })],
    ['an unknown trigger', JSON.stringify({ ...whole, trigger: 'whim' })],
    ['no time', JSON.stringify({ ...whole, atMs: undefined })],
    ['a time as text', JSON.stringify({ ...whole, atMs: '7' })],
    ['the placeholder itself', tickInput('a-1', 'c-1')],
    [
      'a time without a zone',
      JSON.stringify({ ...whole, atMs: undefined, scheduledAt: '2024-09-23T15:00:00' }),
    ],
    ['a run that is no text', JSON.stringify({ ...whole, runId: 5 })],
  ])('is not %s', (_, body) => {
    expect(readLaneMessage(body)).toBeNull();
  });
});

describe('the emulated queue', () => {
  const send = (groupId: string, id: string) =>
    openSqs().send(
      new SendMessageCommand({
        QueueUrl: emulator.lane.url,
        MessageBody: id,
        MessageGroupId: groupId,
        MessageDeduplicationId: id,
      }),
    );
  const bodies = () => emulator.lane.receive(10).map(({ body }) => body);

  it('gives none of a group of which one is under way', async () => {
    for (const [group, id] of [
      ['c-1', 'a'],
      ['c-1', 'b'],
      ['c-2', 'c'],
    ] as const)
      await send(group, id);

    const [first] = emulator.lane.receive(1);
    expect(bodies()).toEqual(['c']);
    emulator.lane.delete(first!.receiptHandle);
    expect(bodies()).toEqual(['b']);
  });

  it('gives a message again when its time is over or it is given back, and up after five', async () => {
    await send('c-1', 'a');
    const [first] = emulator.lane.receive(1);
    nowMs += 899_999;
    expect(bodies()).toEqual([]);
    emulator.lane.changeVisibility(first!.receiptHandle, 0);

    for (let delivery = 2; delivery <= 5; delivery += 1) {
      expect(bodies()).toEqual(['a']);
      nowMs += 900_000;
    }

    expect(bodies()).toEqual([]);
    expect(emulator.lane.messages()).toEqual([]);
    expect(emulator.laneDeadLetters.messages()).toMatchObject([{ body: 'a', groupId: 'c-1' }]);
  });

  it('speaks the wire: receives and deletes through the SDK', async () => {
    await send('c-1', 'a');
    const QueueUrl = emulator.lane.url;

    const { Messages = [] } = await openSqs().send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toMatchObject([{ Body: 'a', Attributes: { ApproximateReceiveCount: '1' } }]);
    await openSqs().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]!.ReceiptHandle }));

    expect(emulator.lane.messages()).toEqual([]);
  });

  it('refuses what SQS refuses: an id with a space, no group, an unknown queue', async () => {
    const command = (facts: object) =>
      openSqs().send(
        new SendMessageCommand({
          QueueUrl: emulator.lane.url,
          MessageBody: 'x',
          MessageGroupId: 'c-1',
          ...facts,
        }),
      );

    await expect(command({ MessageDeduplicationId: 'a b' })).rejects.toThrow(/allowed characters/);
    await expect(command({ MessageGroupId: undefined })).rejects.toThrow(/MessageGroupId is missing/);
    await expect(command({ QueueUrl: `${emulator.url}/1/none.fifo` })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it.each([
    ['nothing', {}, 'MissingAuthenticationTokenException'],
    ['something else', { authorization: 'Bearer x' }, 'InvalidSignatureException'],
  ])('refuses a request signed with %s', async (_, headers, code) => {
    const target = { 'x-amz-target': 'AmazonSQS.SendMessage', ...headers };

    const response = await fetch(emulator.url, { method: 'POST', headers: target, body: '{}' });

    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([403, code]);
  });
});

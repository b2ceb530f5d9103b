import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import type { APIGatewayProxyStructuredResultV2, SQSBatchResponse } from 'aws-lambda';
import reconcile from '../fixtures/aws/caretaker-reconcile.json';
import watch from '../fixtures/aws/caretaker-watch.json';
import { buildBundles, type Bundles } from '../support/bundles/built';
import { setCloudStage, type CloudStage } from '../support/bundles/cloud-stage';
import { httpEvent } from '../support/bundles/http-event';
import { deliver, sqsRecord } from '../support/bundles/lane-poller';
import type { Connection } from '../support/product-harness';

const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
];
const MINUTE_MS = 60_000;

let bundles: Bundles;
let stage: CloudStage;
let accountId: string;
let connection: Connection;
let id: string;
let code: string;

// One story in several chapters: each begins where the one before it ended.
beforeAll(async () => {
  bundles = buildBundles();
  stage = await setCloudStage(bundles);
  const settings = { method: 'PUT', headers: { 'content-type': 'application/json' } };
  await fetch(`${stage.zzap.url}/sandbox/settings`, { ...settings, body: '{"replicaLagMs":0}' });
  code = await stage.zzap.addOrder({ status: 10 });
}, 60_000);

afterAll(async () => {
  await stage.close();
  bundles.remove();
});

const lane = () => stage.aws.lane.messages().map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const logged = (printed: string, event: string) =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['event'] === event);

async function zzapStatus(): Promise<number> {
  const answer = await fetch(`${stage.zzap.url}/sandbox/orders/${code}`);
  return ((await answer.json()) as { status: number }).status;
}

describe('the bundles together', () => {
  it('save an account and a connection: it has a schedule and its first message', async () => {
    ({ accountId } = await stage.api.addAccount(stage.crm));
    connection = await stage.api.startConnection(accountId, { intervalMinutes: 15 });
    id = connection.connectionId;

    expect(stage.aws.schedules()).toMatchObject([{ Name: id, ScheduleExpression: 'rate(15 minutes)' }]);
    expect(lane()).toMatchObject([{ accountId, connectionId: id, trigger: 'activated' }]);
    expect(connection.hooks.retailcrm).toMatch(new RegExp(`^${stage.url}/hooks/retailcrm/${id}/[\\w-]{43}$`));
  });

  it('bring the order into RetailCRM and empty the lane', async () => {
    await stage.work();

    expect((await stage.crm.orders()).map(({ externalId }) => externalId)).toEqual([`zzap-${code}`]);
    expect(lane()).toEqual([]);
    expect((await stage.api.order(id, code)).state).toBe('linked');
  });

  it('send a status from RetailCRM to ZZap after a hint', async () => {
    await stage.api.saveMapping(id, PAIRS);
    connection = await stage.api.change(id, { statusDirection: 'crmToZzap' });
    await stage.work();
    await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { as: 'user', status: 'assembling' });

    const answer = await fetch(connection.hooks.retailcrm, {
      method: 'POST',
      body: new URLSearchParams({ externalId: `zzap-${code}` }),
    });

    expect([answer.status, await answer.json()]).toEqual([202, { accepted: true }]);
    expect(lane()).toMatchObject([{ connectionId: id, trigger: 'crm-hint' }]);
    await stage.work();
    expect(await zzapStatus()).toBe(20);
    expect(logged(stage.webhook.printed(), 'hook.accepted')).toMatchObject([{ externalId: `zzap-${code}` }]);
  });

  it('send a status from ZZap to RetailCRM after a hint', async () => {
    connection = await stage.api.change(id, { statusDirection: 'zzapToCrm' });
    await stage.work();
    await stage.zzap.change(code, { status: 50 });

    expect((await fetch(`${connection.hooks.zzap}?code_order=${code}`)).status).toBe(202);
    await stage.work();

    expect((await stage.crm.order(code)).status).toBe('delivering');
  });

  it('answer a hint with a wrong secret as if there were no connection', async () => {
    const url = connection.hooks.zzap.replace(/[\w-]{43}$/, 'A'.repeat(43));

    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
    expect(lane()).toEqual([]);
  });

  it('take a tick of Scheduler once, whatever it sends', async () => {
    const dueMs = Date.now() + MINUTE_MS;
    stage.aws.fire(id, dueMs);
    stage.aws.fire(id, dueMs);
    expect(lane()).toHaveLength(1);
    const before = (await stage.zzap.calls('GetSellerOrdersV3')).length;

    await stage.work();

    expect((await stage.zzap.calls('GetSellerOrdersV3')).length).toBe(before + 1);
    expect(lane()).toEqual([]);
  });

  it('mend a schedule that somebody took away, and tell what they watch', async () => {
    const scheduler = new SchedulerClient({
      endpoint: stage.aws.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await scheduler.send(new DeleteScheduleCommand({ Name: id, GroupName: stage.aws.scheduleGroup }));
    scheduler.destroy();
    expect(stage.aws.schedules()).toEqual([]);

    await stage.caretaker.invoke('caretaker', reconcile);
    await stage.caretaker.invoke('caretaker', watch);

    expect(stage.aws.schedules()).toMatchObject([{ Name: id }]);
    const printed = stage.caretaker.printed();
    expect(logged(printed, 'schedules.reconciled')).toMatchObject([{ mended: 1, removed: 0 }]);
    expect(logged(printed, 'watch.finished')).toMatchObject([{ connections: 1, active: 1, silent: 0 }]);
  });

  it('refuse a task that the caretaker does not know', async () => {
    await expect(stage.caretaker.invoke('caretaker', { task: 'cook' })).rejects.toThrow('{"task": "watch"}');
  });

  it('take a body as it is and as base64, with cookies, stage and all', async () => {
    const body = JSON.stringify({ name: 'Склад №2' });
    const path = `/api/accounts/${accountId}`;
    const json = { 'content-type': 'application/json' };
    const patch = async (parts: object) => {
      const event = httpEvent({ method: 'PATCH', path, headers: json, cookies: ['session=one'], ...parts });
      const { result } = await stage.settings.invoke('handler', event);
      return result as APIGatewayProxyStructuredResultV2;
    };

    const plain = await patch({ body });
    const encoded = await patch({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true });
    const staged = await patch({ body, path: `/prod${path}`, stage: 'prod' });

    for (const answer of [plain, encoded, staged]) {
      expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ accountId, name: 'Склад №2' });
    }
  });

  it('put back a message that cannot be read, with the later ones of its connection, and handle the others', async () => {
    const message = (trigger: string, connectionId = id) =>
      JSON.stringify({ accountId, connectionId, trigger, atMs: Date.now() + MINUTE_MS });
    stage.aws.lane.send({ body: '{"odd":', groupId: id, deduplicationId: 'poison' });
    stage.aws.lane.send({ body: message('tick'), groupId: id });
    stage.aws.lane.send({ body: message('tick', 'c-gone'), groupId: 'c-gone' });

    expect(await deliver(stage.aws.lane, stage.sync, 10)).toEqual({ handled: 3, failed: 2 });

    expect(stage.aws.lane.messages().map(({ groupId }) => groupId)).toEqual([id, id]);
    const hidden = stage.aws.lane.messages().map(({ hiddenUntilMs }) => hiddenUntilMs - Date.now());
    for (const ms of hidden) expect(ms / 1_000).toBeCloseTo(60, -1);
    expect(logged(stage.sync.printed(), 'lane.message-unreadable')).toMatchObject([
      { level: 'error', connectionId: id, deliveries: 1 },
    ]);
  });

  it('lose no such message: after five deliveries it is among the dead letters, and the connection goes on', async () => {
    const before = (await stage.zzap.calls('GetSellerOrdersV3')).length;
    for (let delivery = 2; delivery <= 6; delivery += 1) {
      stage.skip(61_000);
      await deliver(stage.aws.lane, stage.sync);
    }

    expect(stage.aws.laneDeadLetters.messages().map(({ body }) => body)).toContain('{"odd":');
    stage.skip(61_000);
    await stage.work();
    expect(lane()).toEqual([]);
    expect((await stage.zzap.calls('GetSellerOrdersV3')).length).toBeGreaterThan(before);
  });

  it('begin nothing when the time of the function is nearly over', async () => {
    const before = (await stage.zzap.calls()).length;

    const { result } = await stage.sync.invoke('handler', { Records: [sqsRecord()] }, 44_000);

    expect((result as SQSBatchResponse).batchItemFailures).toEqual([
      { itemIdentifier: sqsRecord().messageId },
    ]);
    expect((await stage.zzap.calls()).length).toBe(before);
  });

  it('have written no secret', () => {
    const printed = [stage.settings, stage.webhook, stage.sync, stage.caretaker].map((one) => one.printed());
    const secret = connection.hooks.zzap.split('/').at(-1) ?? '';

    expect(secret).toHaveLength(43);
    for (const text of printed) expect(text).not.toContain(secret);
  });
});

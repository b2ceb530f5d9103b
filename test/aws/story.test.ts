import { DeleteScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import type { TestDatabases } from '../contract/stores/database';
import reconcile from '../fixtures/aws/caretaker-reconcile.json';
import { makeAwsResources, type AwsResources } from '../support/aws/resources';
import { buildBundles, type Bundles } from '../support/bundles/built';
import { setBundles, type BundleStage } from '../support/bundles/cloud-stage';
import type { Connection } from '../support/product-harness';
import { startEndpointDatabases } from './databases';
import { openLaneAtEndpoint, type LaneAtEndpoint } from './polled-queue';

let bundles: Bundles;
let aws: AwsResources;
let databases: TestDatabases;
let lane: LaneAtEndpoint;
let stage: BundleStage;
let accountId: string;
let connection: Connection;
let id: string;
let code: string;

// One story in several chapters, as in test/bundles: each begins where the one before it ended.
beforeAll(async () => {
  bundles = buildBundles();
  aws = await makeAwsResources();
  databases = await startEndpointDatabases();
  lane = openLaneAtEndpoint(aws);
  const { keyArn, scheduleGroup, scheduleRoleArn, scheduleDeadLetterArn } = aws;
  const { tables: tableNames } = await databases.empty();
  const environment = sdkVariables();
  const schedules = { scheduleGroup, scheduleRoleArn, scheduleDeadLetterArn };
  stage = await setBundles(bundles, { environment, tableNames, lane, keyArn, ...schedules });
  const settings = { method: 'PUT', headers: { 'content-type': 'application/json' } };
  await fetch(`${stage.zzap.url}/sandbox/settings`, { ...settings, body: '{"replicaLagMs":0}' });
  code = await stage.zzap.addOrder({ status: 10 });
}, 120_000);

afterAll(async () => {
  await stage.close();
  await databases.close();
  await aws.remove();
  bundles.remove();
});

/** Where the SDK of this process finds AWS, so do the functions. */
function sdkVariables(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  return Object.fromEntries(own.map(([name, value = '']) => [name, value]));
}

const scheduleOf = (Name: string) =>
  aws.scheduler.send(new GetScheduleCommand({ Name, GroupName: aws.scheduleGroup }));
const received = () => lane.received.map((body) => JSON.parse(body) as Record<string, unknown>);

describe('the bundles at the endpoint', () => {
  it('save an account and a connection: it has a schedule that knocks on the lane, and its first message', async () => {
    ({ accountId } = await stage.api.addAccount(stage.crm));
    connection = await stage.api.startConnection(accountId, { intervalMinutes: 15 });
    id = connection.connectionId;

    const { ScheduleExpression, State, Target } = await scheduleOf(id);
    expect([ScheduleExpression, State, Target?.Arn]).toEqual(['rate(15 minutes)', 'ENABLED', lane.arn]);
    expect(await lane.waiting()).toBe(1);
  });

  it('bring the order into RetailCRM and empty the lane', async () => {
    await stage.work();

    expect(received()).toMatchObject([{ accountId, connectionId: id, trigger: 'activated' }]);
    expect((await stage.crm.orders()).map(({ externalId }) => externalId)).toEqual([`zzap-${code}`]);
    expect(await lane.waiting()).toBe(0);
    expect((await stage.api.order(id, code)).state).toBe('linked');
    expect((await stage.api.connection(id)).lastSyncAt).not.toBeNull();
  });

  it('take a hint only with its secret, and bring what it was about', async () => {
    const second = await stage.zzap.addOrder({ status: 10 });
    const wrong = connection.hooks.zzap.replace(/[\w-]{43}$/, 'A'.repeat(43));

    expect((await fetch(wrong, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${connection.hooks.zzap}?code_order=${second}`)).status).toBe(202);
    await stage.work();

    expect(received().map(({ trigger }) => trigger)).toEqual(['activated', 'zzap-hint']);
    const externalIds = (await stage.crm.orders()).map(({ externalId }) => externalId);
    expect(externalIds.sort()).toEqual([`zzap-${code}`, `zzap-${second}`].sort());
  });

  it('mend a schedule that somebody took away', async () => {
    await aws.scheduler.send(new DeleteScheduleCommand({ Name: id, GroupName: aws.scheduleGroup }));
    await expect(scheduleOf(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });

    await stage.caretaker.invoke('caretaker', reconcile);

    expect((await scheduleOf(id)).ScheduleExpression).toBe('rate(15 minutes)');
  });

  it('take the schedule away with the connection', async () => {
    expect((await stage.api.call('DELETE', `/api/connections/${id}`)).status).toBe(204);

    await expect(scheduleOf(id)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

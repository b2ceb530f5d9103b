import { listOf, orderOut } from '../../functions/http/schemas';
import { setProcessStage, type ProcessStage } from '../support/process-stage';
import { until, type Connection, type Order } from '../support/product-harness';
import type { ZzapCall } from '../support/sandbox-hands';

const COUNT = 300;
/** ZZap's three seconds in small, for the module and for the sandbox that watches it. */
const PACE_MS = 60;
const RUN_MS_MAX = 2_500;
const PAIRS = [
  { crmStatus: 'new', zzapStatus: 10 },
  { crmStatus: 'assembling', zzapStatus: 20 },
  { crmStatus: 'delivering', zzapStatus: 50 },
  { crmStatus: 'cancel-other', zzapStatus: 70 },
];

let stage: ProcessStage;
let connection: Connection;

beforeEach(async () => {
  stage = await setProcessStage({ zzapMinIntervalMs: PACE_MS, runMsMax: RUN_MS_MAX });
});
afterEach(() => stage.close());

/** Orders in both systems, linked and of status «new», with statuses on their way from RetailCRM to ZZap. */
async function linkedOrders(): Promise<string[]> {
  const codes = await stage.zzap.addOrders({ count: COUNT, spreadMinutes: 1 });
  const { accountId } = await stage.api.addAccount(stage.crm);
  connection = await stage.api.addConnection(accountId);
  await stage.api.saveMapping(connection.connectionId, PAIRS);
  await until('all orders', async () => ((await stage.crm.orderCount()) === COUNT ? true : undefined));
  connection = await stage.api.change(connection.connectionId, { statusDirection: 'crmToZzap' });
  await stage.api.sync(connection.connectionId);
  return codes;
}

const knock = () =>
  fetch(connection.hooks.retailcrm.replace(/^http:\/\/[^/]+/, stage.url()), { method: 'POST' });
const sets = () => stage.zzap.calls('SetOrderStatusV3');
const codeOf = ({ params }: ZzapCall) => params['code_order'] ?? '';
const pending = () => stage.api.orders(connection.connectionId, { state: 'pending' });

async function setInCrm(codes: readonly string[], status: string): Promise<void> {
  for (const code of codes) await stage.crm.patch(`/orders/zzap-${code}?by=externalId`, { status });
}

const sent = (count: number) =>
  until(`${count} pushes`, async () => ((await sets()).length >= count ? true : undefined), 60_000);

/** The first hundred of the queue as the API shows it, once most cancellations are among them. */
async function queueWithCancellations(): Promise<{ askedAtMs: number; queue: Order[] }> {
  const path = `/api/connections/${connection.connectionId}/orders?state=pending&limit=100`;
  return until('the cancellations in the queue', async () => {
    const askedAtMs = Date.now();
    const { text } = await stage.api.call('GET', path);
    const queue = listOf(orderOut).parse(JSON.parse(text)).items;
    const urgent = queue.filter(({ push }) => push?.urgent).length;
    return urgent >= 15 ? { askedAtMs, queue } : undefined;
  });
}

const aged = (at: string) => Date.now() - Date.parse(at);

/** Cancellations first, then who waits longest; each with its place and the earliest time it can be sent. */
function expectPlausible(queue: readonly Order[], askedAtMs: number): void {
  const pushes = queue.map(({ push }) => push!);
  expect(pushes.map(({ position }) => position)).toEqual(pushes.map((_, index) => index + 1));
  const urgent = pushes.map((push) => push.urgent);
  expect(urgent).toEqual([...urgent].sort((a, b) => Number(b) - Number(a)));
  const sinceOfOthers = pushes.filter((push) => !push.urgent).map(({ since }) => since);
  expect(sinceOfOthers).toEqual([...sinceOfOthers].sort());
  for (const { since, eta, position } of pushes) {
    expect(aged(since)).toBeGreaterThan(0);
    expect(aged(since)).toBeLessThan(60_000);
    const answeredAtMs = Date.parse(eta ?? '') - (position ?? 0) * PACE_MS;
    expect(answeredAtMs).toBeGreaterThanOrEqual(askedAtMs);
    expect(answeredAtMs - askedAtMs).toBeLessThan(2_000);
  }
}

/** What was first in the queue is sent in that order, each not before its time and soon after. */
function expectSentAsForetold(queue: readonly Order[], calls: readonly ZzapCall[]): void {
  const startOf = new Map(calls.map((call) => [codeOf(call), call.startedAtMs]));
  const starts = queue.map(({ zzapOrderCode }) => startOf.get(zzapOrderCode) ?? 0);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  for (const [index, { push }] of queue.entries()) {
    const lateMs = (starts[index] ?? 0) - Date.parse(push?.eta ?? '');
    // One may have been under way when the queue was read; writing each down takes time too.
    expect(lateMs).toBeGreaterThan(-2 * PACE_MS);
    expect(lateMs).toBeLessThan(5_000);
  }
}

/** From the end of an answer to the next request. */
function gapsBetween(calls: readonly ZzapCall[]): number[] {
  return calls.slice(1).map((call, index) => call.startedAtMs - (calls[index]?.endedAtMs ?? Infinity));
}

const valuesOf = (wishes: ReadonlyMap<string, string | undefined>, codes: readonly string[]) => [
  ...new Set(codes.map((code) => wishes.get(code))),
];

/** Both systems and the module say the same of every order, and nothing came back. */
async function expectAgreement(codes: readonly string[]): Promise<void> {
  const zzapStatusOf = new Map(PAIRS.map(({ crmStatus, zzapStatus }) => [crmStatus, zzapStatus]));
  const zzap = new Map((await stage.zzap.orders()).map(({ code, status }) => [String(code), status]));
  const links = new Map(
    (await stage.api.orders(connection.connectionId)).map((link) => [link.zzapOrderCode, link]),
  );
  const crm = await stage.crm.orders();
  expect(crm).toHaveLength(codes.length);
  for (const { externalId, status } of crm) {
    const code = externalId.replace('zzap-', '');
    const wanted = zzapStatusOf.get(status);
    expect([zzap.get(code), links.get(code)]).toEqual([
      wanted,
      expect.objectContaining({ zzapStatus: wanted, crmStatus: status, push: null, attention: null }),
    ]);
  }
  expect((await stage.crm.calls('/v5/orders/')).filter(({ path }) => path.endsWith('/edit'))).toEqual([]);
}

describe('300 statuses on their way to ZZap', () => {
  it('keep the pace, coalesce, put cancellations first, go on over several runs and survive a kill', async () => {
    const codes = await linkedOrders();
    const cancelled = codes.slice(270);
    const changedTwice = codes.slice(220, 270);
    const takenBack = codes.slice(210, 220);
    await setInCrm(codes.slice(0, 270), 'assembling');
    await knock();
    await sent(10);

    // All of these wait: the queue is sent in the order of the orders' numbers.
    await setInCrm(changedTwice, 'delivering');
    await setInCrm(takenBack, 'new');
    await setInCrm(cancelled, 'cancel-other');
    await knock();
    const { askedAtMs, queue } = await queueWithCancellations();
    expectPlausible(queue, askedAtMs);
    await sent(150);
    await stage.kill();
    expect((await sets()).length).toBeLessThan(250);
    await stage.start();
    await until('an empty queue', async () => ((await pending()).length === 0 ? true : undefined), 90_000);
    await stage.api.sync(connection.connectionId);

    const all = await sets();
    expect(all).toHaveLength(290);
    expect(all.map(codeOf).sort()).toEqual(codes.filter((code) => !takenBack.includes(code)).sort());
    const wishes = new Map(all.map((call) => [codeOf(call), call.params['code_track']]));
    expect(valuesOf(wishes, codes.slice(0, 210))).toEqual(['20']);
    expect(valuesOf(wishes, changedTwice)).toEqual(['50']);
    expect(valuesOf(wishes, cancelled)).toEqual(['70']);
    const firstCancelled = all.findIndex((call) => cancelled.includes(codeOf(call)));
    expect(firstCancelled).toBeLessThan(150);
    const inOneGo = all.slice(firstCancelled, firstCancelled + cancelled.length);
    expect(inOneGo.map(codeOf)).toEqual(cancelled);
    expectSentAsForetold(
      queue.filter(({ push }) => push?.urgent),
      all,
    );

    const calls = await stage.zzap.calls();
    expect(Math.min(...gapsBetween(calls))).toBeGreaterThanOrEqual(PACE_MS);
    expect(await stage.zzap.violations()).toBe(0);
    const runs = await stage.api.runs(connection.connectionId);
    expect(runs.filter(({ trigger, pushed }) => trigger === 'pushes' && pushed > 0).length).toBeGreaterThan(
      3,
    );
    expect(runs.filter(({ state }) => state !== 'done' && state !== 'continued')).toEqual([]);
    await expectAgreement(codes);
  }, 150_000);
});

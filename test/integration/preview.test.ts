import type * as z from 'zod';
import { previewOut } from '../../functions/http/preview-schema';
import { DAY_MS, setStage, type Run, type Stage } from '../support/product-harness';

let stage: Stage;
let accountId: string;

beforeAll(async () => {
  stage = await setStage();
  ({ accountId } = await stage.api.addAccount(stage.crm));
});

afterAll(async () => {
  await stage.close();
});

type Preview = z.output<typeof previewOut>;

async function previewOf(connectionId: string): Promise<Preview> {
  const { status, text } = await stage.api.call('GET', `/api/connections/${connectionId}/preview`);
  expect([status, text]).toEqual([200, text]);
  return previewOut.parse(JSON.parse(text));
}

/** A cabinet and a store of their own, connected but never run. */
async function draft(site: string, more: object = {}) {
  await stage.crm.put('/sites', { code: site, name: site });
  const cabinet = await stage.zzap.addCabinet(site);
  const settings = { ...cabinet, site, name: site, itemLink: 'article', ...more };
  const { connectionId } = await stage.api.addConnection(accountId, { ...settings, active: false });
  return { connectionId, cabinet, settings };
}

/** «Включить», up to the end of the first run. */
async function switchOn(connectionId: string): Promise<Run> {
  await stage.api.change(connectionId, { active: true });
  return stage.api.runIn(connectionId, 'done');
}

describe('a preview before the first run', () => {
  it('says in advance what that run then does, and writes nothing itself', async () => {
    const { connectionId, cabinet } = await draft('preview');
    const account = cabinet.login;
    const part = { class_man: 'ACME', partnumber: 'PR-1', class_cat: 'Деталь' };
    await stage.crm.put('/offers', {
      sites: ['preview'],
      manufacturer: 'ACME',
      article: 'PR-1',
      externalId: 'acme-pr1',
    });
    await stage.zzap.addOrders({ account, count: 3, ...part });
    await stage.zzap.addOrders({ account, count: 2, ...part, partnumber: 'PR-404' });
    const old = await stage.zzap.addOrder({ account, createdAtMs: Date.now() - 30 * DAY_MS });
    await stage.zzap.change(old, { status: 20 });
    const odd = await stage.zzap.addOrder({ account, qty_order: 'несколько' });
    const written = [await stage.crm.orderCount(), await stage.crm.lastHistoryId()];

    const preview = await previewOf(connectionId);

    expect(preview).toMatchObject({
      complete: true,
      found: 7,
      wouldCreate: 5,
      alreadyThere: 0,
      tooOld: 1,
      setAside: 0,
      unreadable: 1,
      unreadableRows: [{ zzapOrderCode: odd, field: 'qty_order' }],
      items: { articles: 2, lookedUp: 2, linked: 1, unlinked: 1, unasked: 0 },
    });
    expect(preview.statuses.map(({ count, crmStatus }) => [count, crmStatus])).toEqual([[5, null]]);
    expect(preview.orders).toHaveLength(5);
    expect([await stage.crm.orderCount(), await stage.crm.lastHistoryId()]).toEqual(written);
    expect(await stage.api.runs(connectionId)).toEqual([]);
    expect(await stage.api.orders(connectionId)).toEqual([]);

    const run = await switchOn(connectionId);

    expect(run).toMatchObject({
      found: preview.found,
      created: preview.wouldCreate,
      adopted: preview.alreadyThere,
      skipped: { 'before-import-start': preview.tooOld },
      failed: { 'unreadable-row': preview.unreadable },
    });
    const offers = (await stage.crm.orders())
      .filter(({ site }) => site === 'preview')
      .map(({ items }) => items[0]?.offer?.externalId ?? null);
    expect(offers.filter((offer) => offer === 'acme-pr1')).toHaveLength(3);
  });

  it('knows the orders that an earlier connection brought', async () => {
    const { connectionId, cabinet, settings } = await draft('again');
    await stage.zzap.addOrders({ account: cabinet.login, count: 55 });
    await switchOn(connectionId);
    await stage.zzap.addOrders({ account: cabinet.login, count: 2 });
    await stage.api.call('DELETE', `/api/connections/${connectionId}`);
    const next = await stage.api.addConnection(accountId, { ...settings, active: false });

    const preview = await previewOf(next.connectionId);
    const run = await switchOn(next.connectionId);

    expect(preview).toMatchObject({ found: 57, wouldCreate: 2, alreadyThere: 55, lookedForInCrm: 57 });
    expect(run).toMatchObject({ found: 57, created: 2, adopted: 55 });
  });

  it('spends one request at ZZap and keeps its pace', async () => {
    const { connectionId, cabinet } = await draft('one-request');
    await stage.zzap.addOrders({ account: cabinet.login, count: 3 });
    const asked = async () => (await stage.zzap.calls('GetSellerOrdersV3')).length;
    const before = await asked();

    await previewOf(connectionId);

    expect((await asked()) - before).toBe(1);
    expect(await stage.zzap.violations()).toBe(0);
    // The slot is free: the first run does not wait for a lease to end.
    expect(await switchOn(connectionId)).toMatchObject({ created: 3 });
    expect(await stage.zzap.violations()).toBe(0);
  });
});

describe('a preview of a connection that runs', () => {
  it('finds its orders there', async () => {
    const { connectionId, cabinet } = await draft('running', { itemLink: 'none' });
    await stage.zzap.addOrders({ account: cabinet.login, count: 4 });
    await switchOn(connectionId);
    await stage.zzap.addOrder({ account: cabinet.login });

    expect(await previewOf(connectionId)).toMatchObject({
      found: 5,
      wouldCreate: 1,
      alreadyThere: 4,
      lookedForInCrm: 1,
      items: null,
    });
  });
});

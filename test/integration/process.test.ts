import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api, until } from '../support/product-harness';
import { startProductProcess, type ProductProcess } from '../support/product-process';
import { startRemotes, type Remotes } from '../support/sandbox-hands';

const ORDERS = 1_000;

let remotes: Remotes;
let dataDir: string;
let running: ProductProcess[];

beforeEach(async () => {
  remotes = await startRemotes({});
  dataDir = mkdtempSync(join(tmpdir(), 'zzap-retailcrm-'));
  running = [];
});

afterEach(async () => {
  for (const one of running) one.signal('SIGKILL');
  await Promise.all(running.map((one) => one.exit()));
  await remotes.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function start(): ProductProcess {
  const started = startProductProcess({
    DATA_DIR: dataDir,
    ZZAP_BASE_URL: remotes.zzap.url,
    ZZAP_MIN_INTERVAL_MS: '60',
  });
  running.push(started);
  return started;
}

/** Moments of death, one early, one in the middle, one late, as numbers of orders that RetailCRM has by then. */
function momentsOfDeath(): number[] {
  const bands = [1, 300, 600];
  return bands.map((from) => from + Math.floor(Math.random() * 250));
}

describe('the product killed while it imports', () => {
  it('has every order in RetailCRM exactly once in the end', async () => {
    const codes = await remotes.zzap.addOrders({ count: ORDERS, spreadMinutes: 60 });
    let product = start();
    let url = await product.url();
    const api = new Api(() => url);
    const { accountId } = await api.addAccount(remotes.crm);
    const { connectionId: id } = await api.startConnection(accountId);
    const moments = momentsOfDeath();

    for (const moment of moments) {
      // Not before it has brought something itself: killed while it asks ZZap, it leaves ZZap's slot taken for
      // half a minute, which is right and would only take time here.
      const enough = Math.max(moment, (await remotes.crm.orderCount()) + 1);
      await until(`${enough} orders`, async () =>
        (await remotes.crm.orderCount()) >= enough ? true : undefined,
      );
      product.signal('SIGKILL');
      expect(await product.exit()).toBeNull();
      product = start();
      url = await product.url();
    }

    await until('the end of the import', async () => {
      const [run] = await api.runs(id);
      return run?.state === 'done' ? true : undefined;
    });
    const stored = (await remotes.crm.orders()).map(({ externalId }) => externalId);
    expect({ moments, stored: stored.length }).toEqual({ moments, stored: ORDERS });
    expect(stored.sort()).toEqual(codes.map((code) => `zzap-${code}`).sort());
    const links = await api.orders(id);
    expect(links).toHaveLength(ORDERS);
    expect(links.filter(({ state, crmOrderId }) => state !== 'linked' || crmOrderId === null)).toEqual([]);
    expect(await remotes.zzap.violations()).toBe(0);
    const states = (await api.runs(id)).map(({ state }) => state);
    expect(states).toContain('continued');
    expect(states).not.toContain('running');
  }, 90_000);
});

describe('the product as a process', () => {
  it('ends within seconds on Ctrl-C, in the middle of an import too, and goes on at the next start', async () => {
    await remotes.zzap.addOrders({ count: 400 });
    const first = start();
    let url = await first.url();
    const api = new Api(() => url);
    const { accountId } = await api.addAccount(remotes.crm);
    const { connectionId: id } = await api.startConnection(accountId);
    await until('some orders', async () => ((await remotes.crm.orderCount()) > 0 ? true : undefined));
    const askedAtMs = Date.now();

    first.signal('SIGINT');

    expect(await first.exit()).toBe(0);
    expect(Date.now() - askedAtMs).toBeLessThan(10_000);
    expect(first.printed()).not.toMatch(/Error|"level":"error"/);
    const next = start();
    url = await next.url();
    await until('all orders', async () => ((await api.orders(id)).length === 400 ? true : undefined));
    await until('the end', async () => {
      const [run] = await api.runs(id);
      return run?.state === 'done' ? true : undefined;
    });
    expect(await remotes.crm.orderCount()).toBe(400);
  }, 60_000);

  it('refuses to start twice on one folder, says why and does no harm', async () => {
    const first = start();
    const url = await first.url();
    const api = new Api(() => url);
    const { accountId } = await api.addAccount(remotes.crm);

    const second = start();

    expect(await second.exit()).toBe(1);
    expect(second.printed()).toMatch(/The data directory ".+" is in use by another running copy/);
    expect(second.printed()).not.toContain('    at ');
    const { connectionId: id } = await api.addConnection(accountId);
    await remotes.zzap.addOrder();
    expect(await api.sync(id)).toMatchObject({ state: 'done', created: 1 });
  }, 60_000);

  it('names every wrong variable instead of starting', async () => {
    const wrong = startProductProcess({ DATA_DIR: dataDir, PORT: 'many', ZZAP_BASE_URL: 'not an address' });
    running.push(wrong);

    expect(await wrong.exit()).toBe(1);
    expect(wrong.printed()).toMatch(/PORT: .+\n.*ZZAP_BASE_URL: /);
    expect(wrong.printed()).not.toContain('    at ');
  }, 30_000);
});

import { request, type IncomingHttpHeaders } from 'node:http';
import { letSandboxesKnock } from '../../functions/local/seed-demo';
import { setStage, until, type Connection, type Stage } from '../support/product-harness';

const BURST = 1_000;
/** A hint is answered "within milliseconds"; the bound leaves room for a busy machine. */
const ANSWER_MS_P50_MAX = 60;

let stage: Stage;
let accountId: string;
let connection: Connection;

beforeEach(async () => {
  stage = await setStage();
  ({ accountId } = await stage.api.addAccount(stage.crm));
  connection = await stage.api.addConnection(accountId);
  await ended(1);
});

afterEach(async () => {
  await stage.close();
});

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it stands on the wire: any method, host and path, nothing tidied up. */
function send(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Iterable<string> } = {},
): Promise<Raw> {
  const { port } = new URL(stage.url());
  const { method = 'POST', headers = {}, body = [] } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on('error', reject);
    for (const part of body) sent.write(part);
    sent.end();
  });
}

const knock = async (url: string) => (await fetch(url, { method: 'POST' })).status;
const pathOf = (url: string) => new URL(url).pathname;
const pulls = async () => (await stage.zzap.calls('GetSellerOrdersV3')).length;

/** Waits until so many runs have ended and none is under way. */
async function ended(count: number): Promise<void> {
  await until(`${count} ended runs`, async () => {
    const runs = await stage.api.runs(connection.connectionId);
    const done = runs.filter(({ state }) => state === 'done').length;
    return done >= count && !runs.some(({ state }) => state === 'running') ? true : undefined;
  });
}

const secretOf = (url: string) => url.split('/').at(-1) ?? '';

function eventsOf(name: string): Record<string, unknown>[] {
  const events = stage.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  return events.filter(({ event }) => event === name);
}

describe('a hint over HTTP', () => {
  it('brings a new order without waiting for the next tick', async () => {
    const code = await stage.zzap.addOrder();

    expect(await knock(connection.hooks.zzap)).toBe(202);

    const found = () =>
      stage.crm.orders().then((orders) => orders.find((o) => o.externalId === `zzap-${code}`));
    await until('the order', found, 5_000);
  });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PURGE'])(
    'is taken by any method: %s',
    async (method) => {
      const { status, text } = await send(pathOf(connection.hooks.retailcrm), { method });

      expect([status, text]).toEqual([202, method === 'HEAD' ? '' : '{"accepted":true}']);
    },
  );

  it('is taken through a tunnel and from a foreign page, while the API stays closed to them', async () => {
    const path = pathOf(connection.hooks.zzap);
    for (const headers of [
      { host: 'tunnel.example' },
      { host: 'tunnel.example:8443', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    ]) {
      expect((await send(path, { headers })).status).toBe(202);
      for (const api of [
        '/api/accounts',
        '/hooks/../api/accounts',
        '/hooks/%2e%2e/api/accounts',
        `${path}/../../../../api/accounts`,
        '//hooks/../api/accounts',
        '/api/accounts?/hooks/zzap',
      ]) {
        expect((await send(api, { method: 'GET', headers })).status).toBeGreaterThanOrEqual(403);
      }
    }
  });

  it('is refused beyond 64 KB, counted while it is read', async () => {
    function* chunks() {
      for (let part = 0; part < 80; part += 1) yield 'x'.repeat(1_024);
    }
    const path = pathOf(connection.hooks.retailcrm);

    expect((await send(path, { body: chunks() })).status).toBe(413);
    expect((await send(path, { body: ['id=42'] })).status).toBe(202);
  });

  it('is answered within milliseconds', async () => {
    const took: number[] = [];
    for (let hint = 0; hint < 60; hint += 1) {
      const startedAt = performance.now();
      await knock(connection.hooks.retailcrm);
      took.push(performance.now() - startedAt);
    }

    expect(took.sort((a, b) => a - b)[30]).toBeLessThan(ANSWER_MS_P50_MAX);
  });

  it('for a paused connection is taken and asks nobody', async () => {
    await stage.api.change(connection.connectionId, { active: false });
    const before = [await pulls(), (await stage.crm.calls()).length];

    for (const url of Object.values(connection.hooks)) expect(await knock(url)).toBe(202);
    await until('both hints', () => (eventsOf('hook.accepted').length === 2 ? true : undefined));

    expect(eventsOf('hook.accepted').map(({ woken }) => woken)).toEqual([false, false]);
    expect([await pulls(), (await stage.crm.calls()).length]).toEqual(before);
  });
});

describe('a burst of hints over HTTP', () => {
  it(`costs at most one ZZap call a second and one more: ${BURST} hints`, async () => {
    const before = await pulls();
    const startedAtMs = Date.now();
    const statuses = new Set<number>();
    const knocking = Array.from({ length: 20 }, async () => {
      for (let hint = 0; hint < BURST / 20; hint += 1) statuses.add(await knock(connection.hooks.zzap));
    });

    await Promise.all(knocking);
    const seconds = Math.ceil((Date.now() - startedAtMs) / 1_000);
    // Behind whatever the lane still holds.
    await stage.api.sync(connection.connectionId);

    expect(statuses).toEqual(new Set([202]));
    expect(eventsOf('hook.accepted')).toHaveLength(BURST);
    // The burst touches so many seconds and the one it began in; the sync at the end is one call more.
    expect((await pulls()) - before).toBeLessThanOrEqual(seconds + 2);
    expect(await stage.zzap.violations()).toBe(0);
  });
});

describe('hook URLs over HTTP', () => {
  it('change: the old ones answer like any other wrong address, at once', async () => {
    const rotated = await stage.api.call('POST', `/api/connections/${connection.connectionId}/hooks/rotate`);
    const { hooks } = JSON.parse(rotated.text) as Connection;

    const wrong = [
      pathOf(connection.hooks.retailcrm),
      pathOf(connection.hooks.zzap),
      `${pathOf(hooks.zzap)}x`,
      `/hooks/zzap/c-unknown/${secretOf(hooks.zzap)}`,
      '/hooks/zzap',
      '/hooks/',
    ];
    const answers = await Promise.all(wrong.map((path) => send(path)));

    expect(rotated.status).toBe(200);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
    for (const url of Object.values(hooks)) expect(await knock(url)).toBe(202);
  });

  it('stay the same over a restart, on the port the product has then', async () => {
    await stage.restart();

    const { hooks } = await stage.api.connection(connection.connectionId);

    expect(hooks.zzap).toBe(`${stage.url()}${pathOf(connection.hooks.zzap)}`);
    expect(await knock(hooks.zzap)).toBe(202);
  });

  it('stand in no log line and in no answer but the connection’s own', async () => {
    const secret = secretOf(connection.hooks.zzap);
    expect(secret).toMatch(/^[\w-]{43}$/);
    stage.api.answers.length = 0;
    const { connectionId } = connection;

    await send(pathOf(connection.hooks.zzap), { body: [`id=${secret}&externalId=${secret}`] });
    await send(`${pathOf(connection.hooks.retailcrm)}?code_order=${secret}`);
    const refused = [
      await send(`/hooks/retailcrm/${secret}/${connectionId}`),
      await send(`${pathOf(connection.hooks.zzap)}/`.replace(connectionId, 'c-unknown')),
      await send(pathOf(connection.hooks.zzap), { body: ['x'.repeat(70_000)] }),
    ];
    await stage.api.call('GET', `/api/${secret}`);
    await stage.api.sync(connectionId);

    expect(stage.log.length).toBeGreaterThan(3);
    expect([...stage.log, ...stage.api.answers, JSON.stringify(refused)].join('\n')).not.toContain(secret);
  });
});

describe('the sandboxes of the local run', () => {
  const trigger = async () => {
    const settings = await fetch(`${stage.crm.url}/sandbox/settings`).then((answer) => answer.json());
    return (settings as { trigger: Record<string, unknown> | null }).trigger;
  };

  const setUp = () => letSandboxesKnock(stage.url(), { zzapUrl: stage.zzap.url, crmUrl: stage.crm.url });

  it('knock by themselves when an order is new or its status changes', async () => {
    await setUp();

    const code = await stage.zzap.addOrder();
    const order = await until('the order', () => stage.crm.order(code).catch(() => undefined), 5_000);
    await stage.crm.patch(`/orders/${order.id}`, { as: 'user', status: 'complete' });
    await until('the hint of RetailCRM', () =>
      eventsOf('hook.accepted').some((e) => e['system'] === 'retailcrm') ? true : undefined,
    );

    expect(eventsOf('hook.accepted')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ system: 'zzap', woken: true, zzapOrderCode: code }),
        expect.objectContaining({
          system: 'retailcrm',
          woken: true,
          crmOrderId: String(order.id),
          externalId: order.externalId,
        }),
      ]),
    );
  });

  it('are pointed to the product’s new port at the next start', async () => {
    await setUp();
    await stage.restart();

    await setUp();

    expect(await trigger()).toMatchObject({
      url: `${stage.url()}${pathOf(connection.hooks.retailcrm)}`,
      excludeApi: true,
    });
  });

  it('keep a trigger that somebody made for another purpose', async () => {
    const other = { url: 'http://127.0.0.1:9/elsewhere' };
    await stage.crm.set({ trigger: other });

    await setUp();

    expect(await trigger()).toMatchObject(other);
  });

  it('are left alone when nobody connected the demo cabinet', async () => {
    await stage.api.call('DELETE', `/api/connections/${connection.connectionId}`);

    await setUp();

    expect(await trigger()).toBeNull();
  });
});

describe('hook URLs behind a public address', () => {
  it('begin with it, and the sandboxes knock at loopback all the same', async () => {
    await stage.close();
    stage = await setStage({ publicUrl: 'https://shop.example' });
    ({ accountId } = await stage.api.addAccount(stage.crm));
    connection = await stage.api.addConnection(accountId);

    await letSandboxesKnock(stage.url(), { zzapUrl: stage.zzap.url, crmUrl: stage.crm.url });

    expect(connection.hooks.retailcrm).toMatch(/^https:\/\/shop\.example\/hooks\/retailcrm\//);
    const code = await stage.zzap.addOrder();
    await until('the order', () => stage.crm.order(code).catch(() => undefined), 5_000);
  });
});

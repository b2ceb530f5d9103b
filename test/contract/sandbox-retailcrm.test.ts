import { mkdtempSync, readFileSync, appendFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEMO_API_KEY,
  startSandboxRetailCrm,
  WAREHOUSE_API_KEY,
  type SandboxRetailCrm,
  type SandboxRetailCrmOptions,
} from '../../functions/local/sandbox/retailcrm/start';

type Json = Record<string, unknown>;
interface Answer {
  status: number;
  body: Json;
}

let crm: SandboxRetailCrm;
const started: SandboxRetailCrm[] = [];

async function start(options: SandboxRetailCrmOptions = {}): Promise<SandboxRetailCrm> {
  const sandbox = await startSandboxRetailCrm({ requestsPerSecond: 0, ...options });
  started.push(sandbox);
  crm = sandbox;
  return sandbox;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.close()));
});

async function get(path: string, key = DEMO_API_KEY): Promise<Answer> {
  const response = await fetch(crm.url + path, { headers: { 'x-api-key': key } });
  return { status: response.status, body: (await response.json()) as Json };
}

async function post(path: string, fields: Record<string, unknown>, key = DEMO_API_KEY): Promise<Answer> {
  const form = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const init = { method: 'POST', headers: { 'x-api-key': key }, body: new URLSearchParams(form) };
  const response = await fetch(crm.url + path, init);
  return { status: response.status, body: (await response.json()) as Json };
}

async function control(method: string, path: string, body?: unknown): Promise<Json> {
  const init =
    body === undefined
      ? { method }
      : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${crm.url}/sandbox${path}`, init);
  const answer = (await response.json()) as Json;
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

const anOrder = (externalId: string, more: Json = {}): Json => ({
  externalId,
  firstName: 'Иван',
  phone: '89003005069',
  items: [{ offer: { externalId: 'offer-901' }, quantity: 2, initialPrice: 100.5 }],
  ...more,
});
const create = (externalId: string, more: Json = {}, key = DEMO_API_KEY): Promise<Answer> =>
  post('/api/v5/orders/create', { site: 'auto', order: anOrder(externalId, more) }, key);
const upload = (orders: Json[]): Promise<Answer> => post('/api/v5/orders/upload', { site: 'auto', orders });
const history = async (sinceId: number, key = DEMO_API_KEY): Promise<Json[]> =>
  (await get(`/api/v5/orders/history?filter[sinceId]=${sinceId}&limit=100`, key)).body['history'] as Json[];

describe('access', () => {
  it('takes the key from the header, the query or the form', async () => {
    await start();

    const byQuery = await fetch(`${crm.url}/api/credentials?apiKey=${DEMO_API_KEY}`);
    const byForm = await fetch(`${crm.url}/api/v5/orders/create`, {
      method: 'POST',
      body: new URLSearchParams({ apiKey: DEMO_API_KEY }),
    });

    expect((await get('/api/credentials')).body).toMatchObject({ success: true, siteAccess: 'access_full' });
    expect(byQuery.status).toBe(200);
    expect(await byForm.json()).toMatchObject({ errorMsg: "Parameter 'order' is missing" });
  });

  it('names a missing key, a wrong key and a missing right', async () => {
    await start({ keys: [{ key: 'r', name: 'reader', scopes: ['order_read'] }] });

    const without = await fetch(`${crm.url}/api/credentials`);

    expect(without.status).toBe(403);
    expect(await without.json()).toEqual({ success: false, errorMsg: '"apiKey" is missing.' });
    expect(await get('/api/credentials', 'nope')).toMatchObject({
      status: 403,
      body: { errorMsg: 'Wrong "apiKey" value.' },
    });
    expect(await create('1', {}, 'r')).toMatchObject({ status: 403, body: { errorMsg: 'Access denied.' } });
  });

  it('answers the account methods', async () => {
    await start({ timeZone: 'Asia/Novosibirsk' });

    expect((await get('/api/api-versions')).body['versions']).toContain('5.0');
    expect((await get('/api/v5/settings')).body['settings']).toMatchObject({
      timezone: { value: 'Asia/Novosibirsk' },
    });
    expect(await (await fetch(`${crm.url}/api/system-info`)).json()).toMatchObject({ publicUrl: crm.url });
    expect(await get('/api/v5/nothing')).toMatchObject({
      status: 404,
      body: { errorMsg: 'API method not found' },
    });
    expect((await post('/api/credentials', {})).status).toBe(405);
  });

  it('keeps a key to its stores', async () => {
    const scopes = ['order_read', 'order_write'];
    await start({
      keys: [
        { key: 'all', name: 'all', scopes },
        { key: 'moto', name: 'moto', scopes, sites: ['moto'] },
      ],
    });
    await create('1', {}, 'all');

    const withoutSite = await post('/api/v5/orders/create', { order: anOrder('2') }, 'moto');

    expect((await get('/api/credentials', 'moto')).body).toMatchObject({
      siteAccess: 'access_selective',
      sitesAvailable: ['moto'],
    });
    expect(withoutSite.body['order']).toMatchObject({ site: 'moto' });
    expect((await create('3', {}, 'moto')).status).toBe(403);
    expect((await get('/api/v5/orders/1?site=auto', 'moto')).status).toBe(403);
    expect((await get('/api/v5/orders', 'moto')).body['orders']).toHaveLength(1);
    expect(await post('/api/v5/orders/create', { order: anOrder('4') }, 'all')).toMatchObject({
      status: 400,
      body: { errorMsg: "Parameter 'site' is missing" },
    });
  });
});

describe('rate limit', () => {
  it('lets ten requests of a key through in any second and counts the others', async () => {
    let nowMs = 1_700_000_000_000;
    await start({ requestsPerSecond: 10, nowMs: () => nowMs });
    const burst = await Promise.all(Array.from({ length: 11 }, () => get('/api/credentials')));

    const other = await get('/api/credentials', WAREHOUSE_API_KEY);
    nowMs += 1000;
    const later = await get('/api/credentials');

    expect(burst.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(burst.find(({ status }) => status === 503)?.body).toEqual({
      success: false,
      errorMsg: 'Rate limit exceeded',
    });
    expect([other.status, later.status]).toEqual([200, 200]);
    expect(await control('GET', '/calls')).toMatchObject({ violations: 1, violationsByKey: { module: 1 } });
  });

  it('can say it in HTML or not at all, with Retry-After', async () => {
    await start({ requestsPerSecond: 1, nowMs: () => 1_700_000_000_000 });
    await control('PUT', '/settings', { rateLimitBody: 'html', retryAfter: 2 });
    await get('/api/credentials');

    const refused = await fetch(`${crm.url}/api/credentials`, { headers: { 'x-api-key': DEMO_API_KEY } });

    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('content-type')).toContain('text/html');
    expect(await refused.text()).toMatch(/^</);
  });
});

describe('reference books', () => {
  it('lists stores, statuses and methods as maps, with inactive and integer-like codes', async () => {
    await start();

    const statuses = (await get('/api/v5/reference/statuses')).body['statuses'] as Json;
    const groups = (await get('/api/v5/reference/status-groups')).body['statusGroups'] as Json;
    const methods = (await get('/api/v5/reference/order-methods')).body['orderMethods'] as Json;

    expect((await get('/api/v5/reference/sites')).body['sites']).toMatchObject({
      auto: { name: 'Автозапчасти' },
      moto: { name: 'Мотозапчасти' },
    });
    expect(statuses['delyvery-did-not-suit']).toMatchObject({ group: 'cancel', active: true });
    expect(statuses['waiting-for-call']).toMatchObject({ active: false });
    expect(Object.keys(statuses)[0]).toBe('3');
    expect(groups['assembling']).toMatchObject({
      statuses: ['3', 'send-to-assembling', 'assembling', 'assembling-complete'],
    });
    expect(methods['offline']).toMatchObject({ active: false });
    expect((await get('/api/v5/reference/price-types')).body['priceTypes']).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'base', default: true })]),
    );
  });

  it.each(['order-types', 'payment-types', 'payment-statuses', 'delivery-types', 'product-statuses'])(
    'has %s',
    async (book) => {
      await start();

      expect((await get(`/api/v5/reference/${book}`)).status).toBe(200);
    },
  );

  it('creates and updates an order method by its latin code', async () => {
    await start();
    const path = '/api/v5/reference/order-methods/zzap/edit';

    const created = await post(path, { orderMethod: { name: 'Заказ с ZZap' } });
    const updated = await post(path, { orderMethod: { active: false } });
    const cyrillic = await post('/api/v5/reference/order-methods/ззап/edit', { orderMethod: { name: 'x' } });

    expect([created.status, updated.status, cyrillic.status]).toEqual([201, 200, 400]);
    expect((await get('/api/v5/reference/order-methods')).body['orderMethods']).toMatchObject({
      zzap: { code: 'zzap', name: 'Заказ с ZZap', active: false, defaultForApi: false },
    });
  });
});

describe('catalogue', () => {
  const products = async (query: string): Promise<Json[]> =>
    (await get(`/api/v5/store/products?limit=100&${query}`)).body['products'] as Json[];

  it('finds a product by a part of its name or by the article of product or offer', async () => {
    await start();

    expect(await products('filter[name]=w 712/95')).toMatchObject([
      { manufacturer: 'MANN-FILTER', offers: [{ article: 'W 712/95' }] },
    ]);
    expect(await products('filter[name]=LX 1006')).toMatchObject([{ article: 'LX 1006/1D' }]);
    expect(await products('filter[name]=OP 526/1')).toMatchObject([{ offers: [{ article: 'OP 526/1' }] }]);
    expect((await products('filter[name]=OC 90')).map((row) => row['manufacturer'] as string).sort()).toEqual(
      ['FEBEST', 'KNECHT'],
    );
    expect(await products('filter[name]=GDB1330&filter[manufacturer]=trw&filter[active]=1')).toHaveLength(2);
    expect((await products('filter[name]=06A121132D'))[0]).not.toHaveProperty('manufacturer');
    expect(await products('filter[name]=35798 01&filter[active]=1')).toEqual([]);
  });

  it('finds offers by externalIds and walks the whole catalogue by sinceId', async () => {
    await start();
    const found = await get(
      '/api/v5/store/offers?filter[externalIds][]=offer-901&filter[externalIds][1]=offer-902',
    );
    const seen: number[] = [];

    for (let last = 0; ; last = seen.at(-1)!) {
      const page = await get(`/api/v5/store/offers?filter[sinceId]=${last}&limit=100`);
      seen.push(...(page.body['offers'] as Json[]).map((offer) => offer['id'] as number));
      if (Number((page.body['pagination'] as Json)['totalPageCount']) <= 1) break;
    }

    expect(found.body['offers']).toMatchObject([
      { externalId: 'offer-901', product: { manufacturer: 'MANN-FILTER' }, properties: [] },
      { externalId: 'offer-902' },
    ]);
    expect(seen.length).toBeGreaterThanOrEqual(200);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('refuses filters it does not have, other limits, and a page beside sinceId', async () => {
    await start();

    expect((await get('/api/v5/store/offers?filter[article]=1')).status).toBe(400);
    expect(await get('/api/v5/store/products?limit=30')).toMatchObject({
      status: 400,
      body: { errorMsg: 'Errors in the pagination parameters' },
    });
    expect((await get('/api/v5/store/products?filter[sinceId]=1&page=1')).status).toBe(400);
  });
});

describe('orders/create', () => {
  it('stores an order and returns it whole', async () => {
    await start({ nowMs: () => Date.parse('2026-03-05T10:00:00Z') });

    const { status, body } = await create('zzap-1', {
      createdAt: '2026-03-05 12:30:00',
      orderMethod: 'phone',
      delivery: { code: 'courier', cost: 300, address: { text: 'Москва' } },
      payments: [{ type: 'cash', amount: 501 }],
      items: [
        {
          offer: { id: 901 },
          quantity: 2,
          initialPrice: 100.25,
          externalIds: [{ code: 'zzap', value: '7' }],
        },
        {
          productName: 'Болт <M8>',
          quantity: 1,
          initialPrice: 0.5,
          properties: [{ code: 'brand', name: 'Бренд', value: 'X' }],
        },
      ],
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({ success: true, id: 7146 });
    expect(body['order']).toMatchObject({
      id: 7146,
      number: '7146A',
      externalId: 'zzap-1',
      site: 'auto',
      status: 'new',
      orderMethod: 'phone',
      orderType: 'eshop-individual',
      createdAt: '2026-03-05 12:30:00',
      statusUpdatedAt: '2026-03-05 13:00:00',
      summ: 201,
      totalSumm: 501,
      fromApi: true,
      customFields: [],
      contragent: [],
      customer: { phones: [{ number: '89003005069' }] },
      delivery: { code: 'courier', cost: 300, address: { text: 'Москва' } },
      payments: [{ type: 'cash', status: 'not-paid', amount: 501 }],
      items: [
        { quantity: 2, initialPrice: 100.25, offer: { id: 901, article: 'W 712/95' }, properties: [] },
        { productName: 'Болт <M8>', properties: { brand: { code: 'brand', name: 'Бренд', value: 'X' } } },
      ],
    });
    expect(((body['order'] as Json)['items'] as Json[])[1]).not.toHaveProperty('offer');
  });

  it('returns payments as a map on reading, empty ones as []', async () => {
    await start();
    await create('1', { payments: [{ type: 'cash', amount: 5 }] });
    await create('2');

    const paid = await get('/api/v5/orders/1?site=auto');
    const unpaid = await get('/api/v5/orders/2?site=auto');

    expect((paid.body['order'] as Json)['payments']).toEqual({
      4120: { id: 4120, type: 'cash', status: 'not-paid', amount: 5 },
    });
    expect((unpaid.body['order'] as Json)['payments']).toEqual([]);
  });

  it('accepts multipart and refuses JSON bodies', async () => {
    await start();
    const form = new FormData();
    form.set('site', 'auto');
    form.set('order', JSON.stringify(anOrder('1', { firstName: 'Иван\r\n--x' })));
    const headers = { 'x-api-key': DEMO_API_KEY };

    const multipart = await fetch(`${crm.url}/api/v5/orders/create`, { method: 'POST', headers, body: form });
    const json = await fetch(`${crm.url}/api/v5/orders/create`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ site: 'auto', order: anOrder('2') }),
    });

    expect(multipart.status).toBe(201);
    expect(((await multipart.json()) as Json)['order']).toMatchObject({ firstName: 'Иван\r\n--x' });
    expect(json.status).toBe(400);
  });

  it('refuses a second order with the same externalId in the store, not in another store', async () => {
    await start();
    await create('zzap-1');

    const again = await create('zzap-1');
    await control('PUT', '/settings', { duplicateTextPlace: 'errors' });
    const elsewhere = await create('zzap-1');
    const otherStore = await post('/api/v5/orders/create', { site: 'moto', order: anOrder('zzap-1') });

    expect(again).toMatchObject({
      status: 400,
      body: { success: false, errorMsg: 'Order with externalId=zzap-1 already exists.' },
    });
    expect(elsewhere.body).toMatchObject({
      errorMsg: 'Errors in the entity format',
      errors: { externalId: 'Order with externalId=zzap-1 already exists.' },
    });
    expect(otherStore.status).toBe(201);
  });

  it.each<[string, Json, string]>([
    ['an unknown status', { status: 'nope' }, 'status'],
    ['an unknown order method', { orderMethod: 'nope' }, 'orderMethod'],
    ['an order method named like a built-in', { orderMethod: 'constructor' }, 'orderMethod'],
    ['a bad e-mail', { email: 'nope' }, 'email'],
    ['a long name', { firstName: 'я'.repeat(256) }, 'firstName'],
    ['a long externalId', { externalId: 'x'.repeat(256) }, 'externalId'],
    ['an unknown custom field', { customFields: { nope: 1 } }, 'customFields.nope'],
    ['an unknown offer id', { items: [{ offer: { id: 123123 }, quantity: 1 }] }, 'items[0].offer.id'],
    [
      'an unknown offer externalId',
      { items: [{ offer: { externalId: 'x' }, quantity: 1 }] },
      'items[0].offer.externalId',
    ],
    ['a negative quantity', { items: [{ productName: 'x', quantity: -1 }] }, 'items[0].quantity'],
    ['a row without a name', { items: [{ quantity: 1 }] }, 'items[0].productName'],
    ['an unknown payment type', { payments: [{ type: 'nope' }] }, 'payments[0].type'],
    ['an unknown customer', { customer: { id: 5 } }, 'customer.id'],
    ['a bad date', { createdAt: '2026-13-01 00:00:00' }, 'createdAt'],
  ])('refuses %s by its path', async (_, more, path) => {
    await start();

    const refused = await create('1', more);
    await control('PUT', '/settings', { errorsShape: 'array' });
    const asArray = await create('1', more);

    expect(refused).toMatchObject({ status: 400, body: { errorMsg: 'Errors in the entity format' } });
    expect(Object.keys(refused.body['errors'] as Json)).toEqual([path]);
    expect((asArray.body['errors'] as string[])[0]).toMatch(
      new RegExp(`^${path.replace(/[[\]]/g, '\\$&')}: `),
    );
    expect((await get('/api/v5/orders')).body['orders']).toEqual([]);
  });

  it('refuses an unknown store and chosen orders', async () => {
    await start();
    await control('PUT', '/settings', {
      rejectOrders: [{ externalIdMatches: '^bad-', errors: { 'payments[0].type': 'Не подходит' } }],
    });

    expect((await post('/api/v5/orders/create', { site: 'nope', order: anOrder('1') })).body).toMatchObject({
      errors: { site: '"Site" with "code"="nope" does not exist.' },
    });
    expect((await create('bad-1')).body['errors']).toEqual({ 'payments[0].type': 'Не подходит' });
    expect((await create('good-1')).status).toBe(201);
  });

  it('recognises a customer of the store by phone digits, then by e-mail', async () => {
    await start();
    const customerOf = async (externalId: string, more: Json): Promise<number> =>
      Number((((await create(externalId, more)).body['order'] as Json)['customer'] as Json)['id']);
    const first = await customerOf('1', { phone: '8 (900) 300-50-69', email: 'a@example.com' });

    expect(await customerOf('2', { phone: '+79003005069' })).toBe(first);
    expect(await customerOf('3', { phone: null, email: 'A@example.com' })).toBe(first);
    expect(await customerOf('4', { phone: '+79000000000' })).not.toBe(first);
  });
});

describe('orders/upload', () => {
  it('stores fifty at once and refuses fifty-one', async () => {
    await start();
    const orders = Array.from({ length: 51 }, (_, index) => anOrder(`u-${index}`));

    const stored = await upload(orders.slice(0, 50));

    expect(stored.status).toBe(201);
    expect(stored.body).toMatchObject({ success: true, failedOrders: [] });
    expect(stored.body['uploadedOrders']).toHaveLength(50);
    expect((stored.body['uploadedOrders'] as Json[])[0]).toEqual({ id: 7146, externalId: 'u-0' });
    expect((await upload(orders)).status).toBe(400);
  });

  it('stores the good ones, names the others and answers 460', async () => {
    await start();
    await create('1');

    const mixed = await upload([anOrder('1'), anOrder('2'), anOrder('2'), anOrder('3', { status: 'nope' })]);

    expect(mixed.status).toBe(460);
    expect(mixed.body).toMatchObject({
      success: false,
      errorMsg: 'Orders are loaded with errors',
      uploadedOrders: [{ externalId: '2' }],
      failedOrders: [{ externalId: '1' }, { externalId: '2' }, { externalId: '3' }],
      errors: {
        '0': 'Order with externalId=1 already exists.',
        '2': 'Order with externalId=2 already exists.',
        '3': 'status: "OrderStatus" with "code"="nope" does not exist.',
      },
    });
  });

  it('has the two other ways of failing', async () => {
    await start();
    await create('1');

    await control('PUT', '/settings', { uploadFailureMode: 'http-460-nothing-stored', errorsShape: 'array' });
    const nothing = await upload([anOrder('1'), anOrder('2')]);
    await control('PUT', '/settings', { uploadFailureMode: 'success-true' });
    const success = await upload([anOrder('1'), anOrder('2')]);

    expect(nothing).toMatchObject({
      status: 460,
      body: { uploadedOrders: [], errors: ['Order with externalId=1 already exists.'] },
    });
    expect(success).toMatchObject({
      status: 201,
      body: { success: true, uploadedOrders: [{ externalId: '2' }], failedOrders: [{ externalId: '1' }] },
    });
    expect(success.body).not.toHaveProperty('errorMsg');
  });
});

describe('reading and editing orders', () => {
  it('finds by externalId unless by=id is said', async () => {
    await start();
    const { body } = await create('a/б 1');

    expect((await get(`/api/v5/orders/${encodeURIComponent('a/б 1')}?site=auto`)).status).toBe(200);
    expect((await get(`/api/v5/orders/${Number(body['id'])}?by=id`)).status).toBe(200);
    expect(await get(`/api/v5/orders/${Number(body['id'])}?site=auto`)).toMatchObject({
      status: 404,
      body: { errorMsg: 'Not found' },
    });
    expect((await get(`/api/v5/orders/${Number(body['id'])}?by=id&site=moto`)).status).toBe(404);
  });

  it('lists newest first with the filters of the method', async () => {
    await start();
    await upload(['1', '2', '3'].map((id) => anOrder(id)));
    await create('4', { status: 'assembling', createdAt: '2020-01-01 10:00:00' });
    const ids = async (query: string): Promise<string[]> =>
      ((await get(`/api/v5/orders?${query}`)).body['orders'] as Json[]).map(
        (order) => order['externalId'] as string,
      );

    expect(await ids('')).toEqual(['4', '3', '2', '1']);
    expect(
      await ids('filter[externalIds][]=1&filter[externalIds][]=3&filter[externalIds][]=99&limit=50'),
    ).toEqual(['3', '1']);
    expect(await ids('filter[extendedStatus][]=assembling')).toEqual(['4']);
    expect(await ids('filter[extendedStatus][0]=new&filter[ids][0]=7147')).toEqual(['2']);
    expect(await ids('filter[createdAtTo]=2020-01-01')).toEqual(['4']);
    expect(await ids('filter[sites][]=moto')).toEqual([]);
    expect((await get('/api/v5/orders?filter[status]=new')).status).toBe(400);
    expect((await get('/api/v5/orders?limit=20&page=1')).body['pagination']).toEqual({
      limit: 20,
      totalCount: 4,
      currentPage: 1,
      totalPageCount: 1,
    });
  });

  it('tells statuses of many orders, unknown ones left out', async () => {
    await start();
    const { body } = await create('1');

    const statuses = await get(
      `/api/v5/orders/statuses?ids[]=${Number(body['id'])}&ids[]=5&externalIds[]=1&externalIds[]=x`,
    );

    expect(statuses.body['orders']).toEqual([
      { id: body['id'], externalId: '1', status: 'new', group: 'new' },
    ]);
  });

  it('changes only the fields given', async () => {
    await start();
    await create('1', { managerComment: 'мой', customerComment: 'её' });

    const edited = await post('/api/v5/orders/1/edit', {
      by: 'externalId',
      site: 'auto',
      order: { status: 'assembling', customerComment: '' },
    });

    expect(edited).toMatchObject({
      status: 200,
      body: {
        success: true,
        order: { status: 'assembling', managerComment: 'мой', summ: 201, payments: [] },
      },
    });
    expect(edited.body['order']).not.toHaveProperty('customerComment');
    expect((await post('/api/v5/orders/9/edit', { site: 'auto', order: { status: 'new' } })).status).toBe(
      404,
    );
  });

  it('replaces the rows when rows are given', async () => {
    await start();
    const { body } = await create('1');
    const kept = ((body['order'] as Json)['items'] as Json[])[0]!['id'] as number;

    const edited = await post('/api/v5/orders/1/edit', {
      site: 'auto',
      order: {
        items: [
          { id: kept, quantity: 3 },
          { productName: 'Ещё', quantity: 1, initialPrice: 1 },
        ],
      },
    });
    const emptied = await post('/api/v5/orders/1/edit', { site: 'auto', order: { items: [] } });

    expect((edited.body['order'] as Json)['items']).toMatchObject([
      { id: kept, quantity: 3, initialPrice: 100.5, offer: { id: 901 } },
      { productName: 'Ещё' },
    ]);
    expect((emptied.body['order'] as Json)['items']).toEqual([]);
  });

  it('sets external ids afterwards', async () => {
    await start();
    const made = await control('POST', '/orders', { order: { firstName: 'А' } });

    await post('/api/v5/orders/fix-external-ids', { orders: [{ id: made['id'], externalId: 'late' }] });

    expect((await get('/api/v5/orders/late?site=auto')).status).toBe(200);
    expect((await history(0)).at(-1)).toMatchObject({
      field: 'external_id',
      newValue: 'late',
      source: 'api',
    });
  });
});

describe('orders/history', () => {
  it('tells a create as a full order followed by what the CRM assigned itself, all at one moment', async () => {
    await start();
    await create('1');

    const records = await history(0);

    expect(records.map(({ field, source }) => `${String(source)} ${String(field)}`)).toEqual([
      'api status',
      'code customer',
      'code manager',
    ]);
    expect(records[0]).toMatchObject({
      created: true,
      oldValue: null,
      newValue: { code: 'new' },
      apiKey: { current: true },
      order: { externalId: '1', payments: [], items: [{ quantity: 2 }] },
    });
    expect(records[1]!['order']).toEqual({
      id: 7146,
      externalId: '1',
      managerId: 19,
      site: 'auto',
      status: 'new',
    });
    expect(records[1]).not.toHaveProperty('apiKey');
    expect(new Set(records.map((record) => record['createdAt'] as string)).size).toBe(1);
  });

  it('says current to the key that reads, and who else made a change', async () => {
    await start();
    await create('1');
    const mark = (await history(0)).at(-1)!['id'] as number;

    await control('PATCH', '/orders/1?by=externalId', { as: 'user', status: 'assembling' });
    await control('PATCH', '/orders/1?by=externalId', { as: 'api', key: 'warehouse', status: 'delivering' });
    await control('PATCH', '/orders/1?by=externalId', { as: 'rule', status: 'delivered' });
    await post('/api/v5/orders/1/edit', { site: 'auto', order: { status: 'complete' } });
    const mine = (await history(mark)).filter(({ field }) => field === 'status');
    const theirs = (await history(mark, WAREHOUSE_API_KEY)).filter(({ field }) => field === 'status');

    expect(mine.map(({ source }) => source as string)).toEqual(['user', 'api', 'rule', 'api']);
    expect(mine.map(({ order }) => (order as Json)['status'] as string)).toEqual([
      'assembling',
      'delivering',
      'delivered',
      'complete',
    ]);
    expect(mine[0]).toMatchObject({
      user: { id: 19 },
      oldValue: { code: 'new' },
      newValue: { code: 'assembling' },
    });
    expect(mine[1]).toMatchObject({ apiKey: { current: false } });
    expect(mine[3]).toMatchObject({ apiKey: { current: true } });
    expect(theirs[1]).toMatchObject({ apiKey: { current: true } });
    expect(theirs[3]).toMatchObject({ apiKey: { current: false } });
  });

  it('makes several records of one save, none of a save that changes nothing, and lets rows follow the order', async () => {
    await start();
    await create('1');
    const mark = (await history(0)).at(-1)!['id'] as number;

    const order = { status: 'complete', managerComment: 'Готово' };
    await post('/api/v5/orders/1/edit', { site: 'auto', order });
    await post('/api/v5/orders/1/edit', { site: 'auto', order });

    const records = await history(mark);
    expect(records).toMatchObject([
      { field: 'status', source: 'api' },
      { field: 'manager_comment', oldValue: null, newValue: 'Готово', source: 'api' },
      {
        field: 'order_product.status',
        source: 'code',
        newValue: { code: 'sale' },
        item: { offer: { externalId: 'offer-901' } },
      },
    ]);
  });

  it('keeps the creation record as the order was, and tells a deletion', async () => {
    await start();
    await create('1');
    await control('PATCH', '/orders/1?by=externalId', {
      status: 'assembling',
      order: { managerComment: 'x' },
    });
    await control('DELETE', '/orders/1?by=externalId');

    const records = await history(0);

    expect(records[0]!['order']).toMatchObject({ status: 'new' });
    expect(records[0]!['order']).not.toHaveProperty('managerComment');
    expect(records.at(-1)).toMatchObject({
      deleted: true,
      field: 'id',
      oldValue: 7146,
      newValue: null,
      source: 'user',
    });
    expect((await get('/api/v5/orders/1?site=auto')).status).toBe(404);
    expect((await create('1')).status).toBe(201);
  });

  it('is walked by sinceId, starts by date, and refuses a page beside sinceId and deep pages', async () => {
    let nowMs = Date.parse('2026-03-05T10:00:00Z');
    await start({ nowMs: () => nowMs });
    await upload(Array.from({ length: 40 }, (_, index) => anOrder(`u-${index}`)));
    nowMs += 60_000;
    await create('late');

    const seen: number[] = [];
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await history(seen.at(-1) ?? 0);
      seen.push(...page.map(({ id }) => id as number));
      if (page.length < 100) break;
    }
    const since = await get('/api/v5/orders/history?filter[startDate]=2026-03-05%2013:01:00');

    expect(seen).toHaveLength(123);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(since.body['history']).toHaveLength(3);
    expect(since.body['generatedAt']).toBe('2026-03-05 13:01:00');
    expect(await get('/api/v5/orders/history?filter[sinceId]=1&page=1')).toMatchObject({
      status: 400,
      body: { errorMsg: 'Errors in the pagination parameters' },
    });
    expect((await get('/api/v5/orders/history?page=101&limit=100')).status).toBe(400);
    expect((await get('/api/v5/orders/history?page=2&limit=100')).status).toBe(200);
    expect((await get('/api/v5/orders/history?filter[orderExternalId]=late')).body['history']).toHaveLength(
      3,
    );
  });

  it('can lag behind', async () => {
    let nowMs = Date.parse('2026-03-05T10:00:00Z');
    await start({ nowMs: () => nowMs });
    await control('PUT', '/settings', { historyLagMs: 5000 });
    await create('1');

    const early = await history(0);
    nowMs += 5000;

    expect(early).toEqual([]);
    expect(await history(0)).toHaveLength(3);
  });
});

describe('time zone', () => {
  it.each([
    ['Asia/Krasnoyarsk', '2026-03-05 17:00:00'],
    ['Europe/Berlin', '2026-03-05 11:00:00'],
  ])('writes and compares times on the clock of %s', async (timeZone, local) => {
    await start({ timeZone, nowMs: () => Date.parse('2026-03-05T10:00:00Z') });
    const { body } = await create('1');

    expect((body['order'] as Json)['createdAt']).toBe(local);
    expect((await history(0))[0]!['createdAt']).toBe(local);
    expect(
      (await get(`/api/v5/orders?filter[createdAtFrom]=${encodeURIComponent(local)}`)).body['orders'],
    ).toHaveLength(1);
  });
});

describe('integration module', () => {
  it('is stored under a code that starts with its integrationCode', async () => {
    await start();
    const path = '/api/v5/integration-modules/zzap-1';
    const module = {
      code: 'zzap-1',
      integrationCode: 'zzap',
      active: true,
      clientId: 'c',
      baseUrl: 'https://m.example',
    };

    expect((await get(path)).status).toBe(404);
    expect(
      await post(`${path}/edit`, { integrationModule: { ...module, integrationCode: 'other' } }),
    ).toMatchObject({
      status: 400,
      body: { errors: { code: 'Code prefix must match integrationCode' } },
    });
    expect(await post(`${path}/edit`, { integrationModule: module })).toMatchObject({
      status: 201,
      body: { success: true, info: [] },
    });
    expect((await get(path)).body['integrationModule']).toMatchObject({ ...module, actions: [] });
  });
});

describe('trigger', () => {
  interface Hook {
    url: string;
    hits: { method: string; url: string; body: string; type: string }[];
    server: Server;
  }
  let hook: Hook;

  beforeEach(async () => {
    const hits: Hook['hits'] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        hits.push({
          method: request.method ?? '',
          url: request.url ?? '',
          body,
          type: request.headers['content-type'] ?? '',
        });
        response.writeHead(202).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hook = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, hits, server };
  });

  afterEach(async () => {
    hook.server.closeAllConnections();
    await new Promise((resolve) => hook.server.close(resolve));
  });

  async function results(count: number): Promise<Json[]> {
    for (let tries = 0; tries < 200; tries += 1) {
      const { triggerResults } = await control('GET', '/state?limit=0');
      if ((triggerResults as Json[]).length >= count) return triggerResults as Json[];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('the trigger did not fire');
  }

  it('sends the filled-in parameters when a status changes, whoever changed it', async () => {
    await start();
    await control('PUT', '/settings', {
      trigger: {
        url: hook.url,
        parameters: { id: '{{ order.id }}', '`st`': '{{order.status.code}}', all: '{{ order|json_encode }}' },
      },
    });
    await create('1');

    await control('PATCH', '/orders/1?by=externalId', { status: 'assembling' });
    await control('PATCH', '/orders/1?by=externalId', { order: { managerComment: 'no status' } });
    await post('/api/v5/orders/1/edit', { site: 'auto', order: { status: 'delivering' } });

    expect(await results(2)).toMatchObject([{ status: 202 }, { status: 202, orderId: 7146 }]);
    expect(hook.hits).toHaveLength(2);
    expect(hook.hits[0]).toMatchObject({ method: 'POST', type: 'application/x-www-form-urlencoded' });
    expect(Object.fromEntries(new URLSearchParams(hook.hits[0]!.body))).toEqual({
      id: '7146',
      '`st`': 'assembling',
      all: '{}',
    });
  });

  it('can leave API changes out, send JSON or a query, and deliver twice', async () => {
    await start();
    const parameters = { externalId: '{{ order.externalId }}', site: '{{ order.site.code }}' };
    const trigger = { url: hook.url, parameters, excludeApi: true };
    await create('1');

    await control('PUT', '/settings', { trigger: { ...trigger, format: 'json', copies: 2 } });
    await post('/api/v5/orders/1/edit', { site: 'auto', order: { status: 'assembling' } });
    await control('PATCH', '/orders/1?by=externalId', { status: 'delivering' });
    await results(2);
    await control('PUT', '/settings', { trigger: { ...trigger, format: 'query', method: 'GET' } });
    await control('PATCH', '/orders/1?by=externalId', { status: 'delivered' });
    await results(3);

    expect(hook.hits.map(({ body }) => body)).toEqual([
      '{"externalId":"1","site":"auto"}',
      '{"externalId":"1","site":"auto"}',
      '',
    ]);
    expect(hook.hits[2]).toMatchObject({ method: 'GET', url: '/hook?externalId=1&site=auto' });
  });
});

describe('faults', () => {
  const fault = (kind: string, more: Json = {}): Promise<Json> =>
    control('POST', '/faults', { path: '/api/v5/orders/create', kind, ...more });
  const count = async (): Promise<number> => (await control('GET', '/state?limit=0'))['orderCount'] as number;

  async function attempt(timeoutMs = 5000): Promise<string> {
    const body = new URLSearchParams({ site: 'auto', order: JSON.stringify(anOrder('1')) });
    const init = {
      method: 'POST',
      headers: { 'x-api-key': DEMO_API_KEY },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    };
    try {
      const response = await fetch(`${crm.url}/api/v5/orders/create`, init);
      const text = await response.text();
      JSON.parse(text);
      return `HTTP ${response.status}`;
    } catch (error) {
      return (error as Error).name;
    }
  }

  it.each([
    ['timeout-before', 'TimeoutError', 0],
    ['timeout-after', 'TimeoutError', 1],
    ['drop-before', 'TypeError', 0],
    ['drop-after', 'TypeError', 1],
    ['http-500', 'HTTP 500', 0],
    ['http-500-after', 'HTTP 500', 1],
    ['http-503', 'HTTP 503', 0],
    ['html', 'SyntaxError', 0],
    ['malformed-json', 'SyntaxError', 1],
    ['truncated-body', 'TypeError', 1],
    ['slow', 'HTTP 201', 1],
    ['error', 'HTTP 400', 0],
  ])('%s ends as %s with %i orders stored, once', async (kind, outcome, stored) => {
    await start();
    await fault(kind, { delayMs: 20 });

    const seen = await attempt(kind.startsWith('timeout') ? 150 : 5000);

    expect(seen).toBe(outcome);
    expect(await count()).toBe(stored);
    expect(await attempt()).toBe(stored === 1 ? 'HTTP 400' : 'HTTP 201');
    const { calls } = await control('GET', '/calls');
    expect(calls).toHaveLength(2);
    expect(calls).toMatchObject([{ fault: kind }, { fault: null }]);
  });

  it('waits for its turn, repeats, and can be cleared', async () => {
    await start();
    await fault('http-500', { path: '*', times: 2, afterCalls: 1 });

    const first = [await attempt(), await attempt()];
    await control('DELETE', '/faults');

    expect(first).toEqual(['HTTP 201', 'HTTP 500']);
    expect(await attempt()).toBe('HTTP 400');
  });
});

describe('control', () => {
  it('shows orders newest first, the log of calls, and names of keys without their values', async () => {
    let nowMs = 1_700_000_000_000;
    await start({ nowMs: () => nowMs });
    await upload([anOrder('1'), anOrder('2')]);
    nowMs += 10;
    await get('/api/v5/orders/2?site=auto');

    const state = await control('GET', '/state?limit=1');
    const { calls } = await control('GET', `/calls?since=${nowMs}`);

    expect(state).toMatchObject({
      orderCount: 2,
      orders: [{ externalId: '2', totalSumm: 201, history: [{}, {}, {}] }],
    });
    expect(JSON.stringify(state)).not.toContain(DEMO_API_KEY);
    expect(calls).toMatchObject([
      { method: 'GET', path: '/api/v5/orders/2', key: 'module', status: 200, orders: 1, startedAtMs: nowMs },
    ]);
    expect((await control('GET', '/calls'))['calls']).toMatchObject([{ orders: 2, status: 201 }, {}]);
  });

  it('makes an order of a manager', async () => {
    await start();

    const made = await control('POST', '/orders', {
      site: 'moto',
      order: { firstName: 'Анна', items: [{ offer: { id: 901 }, quantity: 1 }] },
    });

    expect(made).toMatchObject({ number: '7146C', site: 'moto', orderMethod: 'phone', fromApi: false });
    expect((await history(0))[0]).toMatchObject({ created: true, source: 'user', user: { id: 19 } });
  });

  it('changes dictionaries, catalogue and keys', async () => {
    await start();

    await control('POST', '/statuses/on-the-way', { name: 'В пути', group: 'delivery' });
    await control('PATCH', '/statuses/redirect', { active: false });
    await control('DELETE', '/statuses/no-call');
    await control('POST', '/order-methods', { code: 'fair', name: 'Ярмарка' });
    await control('POST', '/offers', { article: 'ZZ-1', manufacturer: 'NEW', externalId: 'zz1' });
    await control('POST', '/keys', { key: 'k', name: 'other', scopes: ['order_read'] });
    await control('PATCH', '/keys/warehouse', { revoked: true });

    const statuses = (await get('/api/v5/reference/statuses')).body['statuses'] as Json;
    expect(statuses).toMatchObject({ 'on-the-way': { active: true }, redirect: { active: false } });
    expect(statuses).not.toHaveProperty('no-call');
    expect(
      (await create('1', { orderMethod: 'fair', items: [{ offer: { externalId: 'zz1' } }] })).status,
    ).toBe(201);
    expect((await get('/api/v5/orders', 'k')).status).toBe(200);
    expect((await get('/api/v5/orders', WAREHOUSE_API_KEY)).status).toBe(403);
  });

  it('refuses mistyped switches and foreign pages', async () => {
    await start();
    const simple = {
      method: 'POST',
      body: '{"path":"*","kind":"html"}',
      headers: { 'content-type': 'text/plain' },
    };

    await expect(control('PUT', '/settings', { uploadFailuremode: 'x' })).rejects.toThrow(
      'uploadFailuremode',
    );
    expect((await fetch(`${crm.url}/sandbox/faults`, simple)).status).toBe(415);
  });

  it('serves a page of its own', async () => {
    await start();

    const page = await fetch(crm.url);

    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<title>RetailCRM (песочница)</title>');
  });
});

describe('journal', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-retailcrm-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('brings back everything acknowledged after a kill, and loses only a torn last line', async () => {
    const dataFile = join(folder, 'crm.jsonl');
    await start({ dataFile });
    await upload([anOrder('1'), anOrder('2')]);
    await control('PATCH', '/orders/1?by=externalId', { status: 'assembling' });
    await control('DELETE', '/orders/2?by=externalId');
    await control('POST', '/statuses/extra', { name: 'Ещё' });
    await control('PUT', '/settings', { errorsShape: 'array' });
    await control('POST', '/offers', { article: 'ZZ-1', externalId: 'zz1' });
    const before = await history(0);
    // The first server is still running: nothing was flushed by a clean stop.
    appendFileSync(dataFile, '{"v":1,"changes":[{"orde');

    await start({ dataFile });
    const after = await history(0);
    const created = await create('3', { status: 'extra', items: [{ offer: { externalId: 'zz1' } }] });

    expect(after).toEqual(before);
    expect(created.status).toBe(201);
    expect(created.body['id']).toBe(7148);
    expect((await get('/api/v5/orders')).body['orders']).toMatchObject([
      { externalId: '3' },
      { externalId: '1', status: 'assembling', customer: { id: 1614 } },
    ]);
    expect((await history(after.at(-1)!['id'] as number))[0]!['id']).toBe(
      (after.at(-1)!['id'] as number) + 1,
    );
  });

  it('is written before the answer', async () => {
    const dataFile = join(folder, 'crm.jsonl');
    await start({ dataFile });
    await control('POST', '/faults', { path: '*', kind: 'drop-after' });

    await create('1').catch(() => undefined);

    expect(readFileSync(dataFile, 'utf8')).toContain('"externalId":"1"');
  });

  it('takes starting values from the options until they are changed by hand', async () => {
    const dataFile = join(folder, 'crm.jsonl');
    await start({ dataFile, timeZone: 'Asia/Omsk' });
    await start({ dataFile, timeZone: 'Asia/Tokyo' });
    const fromOptions = await control('GET', '/settings');
    await control('PUT', '/settings', { timeZone: 'Asia/Tomsk' });

    await start({ dataFile, timeZone: 'Asia/Omsk' });

    expect(fromOptions['timeZone']).toBe('Asia/Tokyo');
    expect((await control('GET', '/settings'))['timeZone']).toBe('Asia/Tomsk');
  });
});

describe('size', () => {
  it('does not slow down as orders pile up', async () => {
    await start();
    const cpuMs: number[] = [];
    for (let batch = 0; batch < 60; batch += 1) {
      const orders = Array.from({ length: 50 }, (_, index) =>
        anOrder(`${batch}-${index}`, { phone: `+7900${batch}${index}` }),
      );
      const before = process.cpuUsage();
      await upload(orders);
      const { user, system } = process.cpuUsage(before);
      cpuMs.push((user + system) / 1000);
    }

    // Client included; the median of the last 20 batches, because a single one may meet the garbage collector.
    expect(cpuMs.slice(40).sort((a, b) => a - b)[10]).toBeLessThan(30);
    expect(await history(75_000)).toHaveLength(100);
  });
});

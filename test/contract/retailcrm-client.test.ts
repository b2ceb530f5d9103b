import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draftCrmOrder, type CrmOrderDraft } from '../../functions/domain/crm-order-draft';
import type { CrmChange } from '../../functions/domain/crm-change';
import { matchByArticle, type OfferMatch } from '../../functions/domain/offer-match';
import {
  DEMO_API_KEY,
  startSandboxRetailCrm,
  WAREHOUSE_API_KEY,
  type SandboxRetailCrmOptions,
} from '../../functions/local/sandbox/retailcrm/start';
import type { CrmDoor, CrmSystem, HistoryMark } from '../../functions/ports/crm-system';
import type { Clock } from '../../functions/ports/clock';
import { REQUESTS_PER_SECOND } from '../../functions/retailcrm/assumptions';
import { createRetailCrm } from '../../functions/retailcrm/client';
import { createRealClock, createSkippingClock } from '../support/clock';
import { createMemoryRequestBudget } from '../support/memory/request-budget';
import {
  startStubHttpServer,
  type StubAnswer,
  type StubHandler,
  type StubRequest,
} from '../support/stub-http-server';
import { anOrder } from '../unit/domain/builders';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** The real client. Its pauses are skipped unless a clock says otherwise. */
function openCrm(
  crmUrl: string,
  changes: Partial<CrmDoor> = {},
  clock: Clock = createSkippingClock(),
): CrmSystem {
  const open = createRetailCrm({ clock, budget: createMemoryRequestBudget(), requestsPerSecond: 10_000 });
  return open({ crmUrl, apiKey: DEMO_API_KEY, timeZone: 'Europe/Moscow', ...changes });
}

function aDraft(code: string, changes: Partial<CrmOrderDraft> = {}): CrmOrderDraft {
  const choices = { orderMethod: null, status: null, offerId: null };
  return { ...draftCrmOrder(anOrder({ code }), choices), ...changes };
}

const draftsOf = (count: number): CrmOrderDraft[] =>
  Array.from({ length: count }, (_, index) => aDraft(`${index + 1}`));

describe('against answers of the recorded shape', () => {
  const fixture = (name: string, status = 200): StubAnswer => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: readFileSync(join(__dirname, '../fixtures/retailcrm', `${name}.json`)),
  });
  const page = (status: number): StubAnswer => ({
    status,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>nginx</title></head></html>',
  });

  /** A client of a server that gives these answers, the last one again and again. */
  async function crmSaying(...answers: (StubAnswer | StubHandler)[]) {
    let at = 0;
    const server = await startStubHttpServer((request, response) => {
      const answer = answers[Math.min(at++, answers.length - 1)];
      return typeof answer === 'function' ? answer(request, response) : answer;
    });
    closers.push(() => server.close());
    const clock = createSkippingClock();
    return { crm: openCrm(server.url, {}, clock), requests: server.requests, slept: clock.slept };
  }

  const formOf = (request: StubRequest | undefined) => Object.fromEntries(new URLSearchParams(request?.body));
  const queryOf = (request: StubRequest | undefined) => [
    ...new URL(request?.url ?? '', 'http://crm.test').searchParams.entries(),
  ];
  const pathOf = (request: StubRequest | undefined) =>
    new URL(request?.url ?? '', 'http://crm.test').pathname;

  describe('the account', () => {
    it.each([
      [
        'credentials-full',
        {
          scopes: ['order_read', 'order_write', 'reference_read', 'reference_write', 'store_read'],
          sites: null,
        },
      ],
      ['credentials-selective', { scopes: ['order_read'], sites: ['auto', '3'] }],
      ['credentials-old', { scopes: [], sites: ['auto', 'moto'] }],
    ])('says what the key may: %s', async (name, access) => {
      const { crm, requests } = await crmSaying(fixture(name));

      expect(await crm.access.readAccess()).toEqual(access);
      expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/credentials']);
    });

    it.each([
      ['settings', 'Asia/Novosibirsk'],
      ['settings-empty', null],
    ])('says how it counts time, or does not: %s', async (name, zone) => {
      const { crm } = await crmSaying(fixture(name));

      expect(await crm.access.readTimeZone()).toBe(zone);
    });

    it('may name a zone that nobody knows', async () => {
      const settings = { timezone: { value: 'Mars/Olympus' } };
      const { crm } = await crmSaying({ body: JSON.stringify({ success: true, settings }) });

      expect(await crm.access.readTimeZone()).toBeNull();
    });
  });

  describe('the reference books', () => {
    it('list stores in the order of the CRM; one without a name shows its code', async () => {
      const { crm } = await crmSaying(fixture('sites'));

      expect(await crm.directories.listSites()).toEqual([
        { code: 'auto', name: 'auto' },
        { code: 'moto', name: 'Мотозапчасти' },
        { code: '12', name: 'Магазин № 12' },
      ]);
    });

    it('list statuses group by group, with inactive ones and codes like numbers', async () => {
      const { crm } = await crmSaying((request) =>
        fixture(pathOf(request).endsWith('/statuses') ? 'statuses' : 'status-groups'),
      );

      const statuses = await crm.directories.listStatuses();

      expect(statuses.map(({ code }) => code)).toEqual([
        'new',
        'assembling',
        '3',
        'assembling-complete',
        'cancel-other',
        'delyvery-did-not-suit',
      ]);
      expect(statuses[1]).toEqual({
        code: 'assembling',
        name: 'assembling',
        group: 'assembling',
        groupName: 'Комплектация',
        active: false,
      });
      expect(statuses[2]).toMatchObject({ name: 'Отложен <на складе>', active: true });
    });

    it('list order methods with inactive ones and the default of the API', async () => {
      const { crm } = await crmSaying(fixture('order-methods'));

      expect(await crm.directories.listOrderMethods()).toEqual([
        { code: '1', name: 'Заказ "1С" & Ко', active: true, defaultForApi: false },
        { code: 'phone', name: 'По телефону', active: true, defaultForApi: false },
        { code: 'shopping-cart', name: 'Через корзину', active: true, defaultForApi: true },
        { code: 'offline', name: 'Офлайн', active: false, defaultForApi: false },
      ]);
    });

    it('may be empty, as PHP writes it', async () => {
      const { crm } = await crmSaying({ body: '{"success":true,"orderMethods":[]}' });

      expect(await crm.directories.listOrderMethods()).toEqual([]);
    });
  });

  describe('orders', () => {
    const sent = [aDraft('512000101'), aDraft('512000102')];
    const first = {
      crmOrderId: 7146,
      externalId: 'zzap-512000101',
      number: '7146A',
      status: 'new',
      sumKopecks: 169_100,
    };

    it.each([
      [
        'upload',
        201,
        [
          first,
          { crmOrderId: 7147, externalId: 'zzap-512000102', number: null, status: null, sumKopecks: null },
        ],
      ],
      ['upload-partly', 460, [first]],
      ['upload-nothing', 460, []],
      ['upload-success-with-failed', 200, [{ ...first, number: null, status: null, sumKopecks: null }]],
    ])('uploaded at once are those that certainly are stored: %s', async (name, status, stored) => {
      const { crm, requests } = await crmSaying(fixture(name, status));

      expect(await crm.orders.upload('auto', sent)).toEqual(stored);
      expect(requests).toHaveLength(1);
    });

    it('go as form fields that carry JSON, with the store beside them', async () => {
      const { crm, requests } = await crmSaying(fixture('upload', 201), fixture('order-created', 201));

      await crm.orders.upload('auto', sent);
      await crm.orders.create('auto', aDraft('512000101', { customerComment: 'a&b=c+d %31 «ё» 🚗' }));

      const [upload, create] = requests;
      expect([upload, create].map((request) => `${request?.method} ${request?.url}`)).toEqual([
        'POST /api/v5/orders/upload',
        'POST /api/v5/orders/create',
      ]);
      expect(upload?.headers['content-type']).toBe('application/x-www-form-urlencoded');
      expect(Object.keys(formOf(upload))).toEqual(['site', 'orders']);
      expect(JSON.parse(formOf(upload)['orders'] ?? '')).toMatchObject([
        { externalId: 'zzap-512000101', createdAt: '2026-11-20 14:05:00' },
        { externalId: 'zzap-512000102' },
      ]);
      expect(formOf(create)['site']).toBe('auto');
      expect(JSON.parse(formOf(create)['order'] ?? '')).toMatchObject({
        customerComment: 'a&b=c+d %31 «ё» 🚗',
      });
    });

    it.each([
      ['order-created', first],
      ['order-created-bare', { ...first, number: null, status: null, sumKopecks: null }],
    ])('created alone are known by their id: %s', async (name, stored) => {
      const { crm } = await crmSaying(fixture(name, 201));

      expect(await crm.orders.create('auto', aDraft('512000101'))).toEqual(stored);
    });

    it.each([
      ['error-duplicate', 'Order with externalId=zzap-512000101 already exists.', {}],
      [
        'error-entity',
        'Errors in the entity format; items[0].offer.id: Offer with id 123123 not found.; email: Значение ***@*** недопустимо.',
        { 'items[0].offer.id': 'Offer with id 123123 not found.', email: 'Значение ***@*** недопустимо.' },
      ],
      [
        'error-entity-list',
        'Errors in the entity format; items[0].offer.id: Offer with id 123123 not found.; email: Значение ***@*** недопустимо.',
        { 'items[0].offer.id': 'Offer with id 123123 not found.', email: 'Значение ***@*** недопустимо.' },
      ],
    ])('that are refused say why: %s', async (name, detail, fields) => {
      const { crm, requests } = await crmSaying(fixture(name, 400));

      await expect(crm.orders.create('auto', aDraft('512000101'))).rejects.toMatchObject({
        facts: { kind: 'invalid', httpStatus: 400, detail, fields, effectUnknown: false },
      });
      expect(requests).toHaveLength(1);
    });

    it('are found by up to fifty external ids in one store', async () => {
      const { crm, requests } = await crmSaying(fixture('orders'));

      const found = await crm.orders.findByExternalIds('auto', ['zzap-512000101', 'zzap-512000102']);

      expect(found).toEqual([
        { ...first, crmOrderId: 7147, externalId: 'zzap-512000102', number: '9090' },
        first,
      ]);
      expect(pathOf(requests[0])).toBe('/api/v5/orders');
      expect(queryOf(requests[0])).toEqual([
        ['filter[externalIds][]', 'zzap-512000101'],
        ['filter[externalIds][]', 'zzap-512000102'],
        ['filter[sites][]', 'auto'],
        ['limit', '50'],
      ]);
    });

    it('are not looked for without ids: an empty filter would find all of them', async () => {
      const { crm, requests } = await crmSaying(fixture('orders'));

      const answers = [
        await crm.orders.findByExternalIds('auto', []),
        await crm.catalogue.findOffersByExternalIds('auto', []),
        [...(await crm.statuses.readMany([]))],
      ];

      expect(answers).toEqual([[], [], []]);
      expect(requests).toEqual([]);
    });
  });

  describe('the status of an order', () => {
    it('is read by the id of the CRM, not by the external one', async () => {
      const { crm, requests } = await crmSaying(fixture('order'));

      expect(await crm.statuses.read('auto', 7146)).toMatchObject({ crmOrderId: 7146, status: 'assembling' });
      expect(pathOf(requests[0])).toBe('/api/v5/orders/7146');
      expect(queryOf(requests[0])).toEqual([
        ['by', 'id'],
        ['site', 'auto'],
      ]);
    });

    it('is that of many in one request, without those that are gone', async () => {
      const { crm, requests } = await crmSaying(fixture('order-statuses'));

      expect(await crm.statuses.readMany([7146, 7147, 7148])).toEqual(
        new Map([
          [7146, 'assembling'],
          [7147, '3'],
        ]),
      );
      expect(queryOf(requests[0])).toEqual([
        ['ids[]', '7146'],
        ['ids[]', '7147'],
        ['ids[]', '7148'],
      ]);
    });

    it('is the only field that a change carries', async () => {
      const { crm, requests } = await crmSaying(fixture('order-created'));

      await crm.statuses.change('auto', 7146, 'complete');

      expect(`${requests[0]?.method} ${requests[0]?.url}`).toBe('POST /api/v5/orders/7146/edit');
      expect(formOf(requests[0])).toEqual({ by: 'id', site: 'auto', order: '{"status":"complete"}' });
    });

    it('is none when the order is gone', async () => {
      const { crm } = await crmSaying(fixture('error-not-found', 404));

      expect(await crm.statuses.read('auto', 7146)).toBeNull();
    });

    it.each([
      ['the account is gone', fixture('error-no-account', 404)],
      ['the account is gone, in a 400', fixture('error-no-account', 400)],
      ['a page says that nothing is there', page(404)],
    ])('is not said to be none when %s', async (_, answer) => {
      const { crm } = await crmSaying(answer);

      await expect(crm.statuses.read('auto', 7146)).rejects.toMatchObject({ facts: { kind: 'not-found' } });
    });
  });

  describe('the history', () => {
    it('tells changes of people, of the system, of our key and of other keys', async () => {
      const { crm, requests } = await crmSaying(fixture('history'));

      const { changes, more } = await crm.history.listChanges({ kind: 'since-id', id: 7041 });

      const line = (change: CrmChange) =>
        [change.historyId, change.source, change.ownKey ? 'own' : '', change.field, change.newCode].join('|');
      expect(changes.map(line)).toEqual([
        '7042|api|own|status|new',
        '7043|code||customer|',
        '7044|user||status|client-confirmed',
        '7045|api||status|3',
        '7046|user||custom_vin|',
        '7047|api|own|payments.status|paid',
        '7048|rule||status|complete',
        '7050|user||id|',
      ]);
      expect(changes.map(({ externalId }) => externalId)).toEqual([
        'zzap-14',
        'zzap-14',
        'zzap-14',
        null,
        ...Array.from({ length: 4 }, () => 'zzap-14'),
      ]);
      expect(changes[0]).toMatchObject({ created: true, crmOrderId: 2034, site: 'auto' });
      expect(changes.at(-1)).toMatchObject({ deleted: true, atMs: null });
      expect(more).toBe(true);
      expect(queryOf(requests[0])).toEqual([
        ['filter[sinceId]', '7041'],
        ['limit', '100'],
      ]);
    });

    it('is asked from an instant in the zone of the account, and may be empty', async () => {
      const { crm, requests } = await crmSaying(fixture('history-empty'));

      const answer = await crm.history.listChanges({
        kind: 'since-time',
        atMs: Date.parse('2026-11-20T21:30:05Z'),
      });

      expect(answer).toEqual({ changes: [], more: false });
      expect(queryOf(requests[0])).toEqual([
        ['filter[startDate]', '2026-11-21 00:30:05'],
        ['limit', '100'],
      ]);
    });
  });

  describe('the catalogue', () => {
    it('has articles on offers and on products, and products without offers', async () => {
      const { crm, requests } = await crmSaying(fixture('products'));

      expect(await crm.catalogue.searchOffers('auto', 'W 712/95')).toEqual([
        {
          offerId: 901,
          articles: ['W 712/95', 'W 712/95'],
          externalId: 'offer-901',
          manufacturer: 'MANN-FILTER',
          active: true,
        },
        {
          offerId: 902,
          articles: ['W712/95'],
          externalId: 'offer-902',
          manufacturer: 'KNECHT',
          active: true,
        },
        { offerId: 903, articles: ['712'], externalId: 'offer-903', manufacturer: null, active: true },
      ]);
      expect(pathOf(requests[0])).toBe('/api/v5/store/products');
      expect(queryOf(requests[0])).toEqual([
        ['filter[name]', 'W 712/95'],
        ['filter[active]', '1'],
        ['filter[sites][]', 'auto'],
        ['limit', '100'],
        ['page', '1'],
      ]);
    });

    it('is read page by page, and not for ever', async () => {
      const pageOf: StubHandler = (request) => {
        const number = Number(new URL(request.url, 'http://crm.test').searchParams.get('page'));
        const offers = [{ id: 900 + number, article: 'A' }];
        return {
          body: JSON.stringify({
            success: true,
            pagination: { totalPageCount: 1_000 },
            products: [{ offers }],
          }),
        };
      };
      const { crm, requests } = await crmSaying(pageOf);

      const found = await crm.catalogue.searchOffers('auto', 'A');

      expect(found.map(({ offerId }) => offerId)).toEqual([901, 902, 903, 904, 905]);
      expect(requests).toHaveLength(5);
    });

    it('finds offers by their external ids', async () => {
      const { crm, requests } = await crmSaying(fixture('offers'));

      expect(await crm.catalogue.findOffersByExternalIds('auto', ['offer-901', '77'])).toEqual([
        {
          offerId: 901,
          articles: ['W 712/95', 'W 712/95'],
          externalId: 'offer-901',
          manufacturer: 'MANN-FILTER',
          active: true,
        },
        { offerId: 902, articles: [], externalId: '77', manufacturer: null, active: true },
      ]);
      expect(queryOf(requests[0])).toEqual([
        ['filter[externalIds][]', 'offer-901'],
        ['filter[externalIds][]', '77'],
        ['filter[sites][]', 'auto'],
        ['limit', '100'],
      ]);
    });
  });

  describe('the key', () => {
    it('travels in its header alone', async () => {
      const { crm, requests } = await crmSaying(
        fixture('credentials-full'),
        fixture('upload', 201),
        fixture('order-created'),
        fixture('history-empty'),
        fixture('products'),
      );

      await crm.access.readAccess();
      await crm.orders.upload('auto', [aDraft('512000101')]);
      await crm.statuses.change('auto', 7146, 'new');
      await crm.history.listChanges({ kind: 'since-id', id: 1 });
      await crm.catalogue.searchOffers('auto', 'W 712/95');

      expect(requests.map(({ headers }) => headers['x-api-key'])).toEqual(
        Array.from({ length: 5 }, () => DEMO_API_KEY),
      );
      expect(JSON.stringify(requests.map(({ url, body }) => [url, body]))).not.toContain(DEMO_API_KEY);
      expect(JSON.stringify(requests)).not.toContain('apiKey');
    });

    it.each<[string, StubAnswer | StubHandler]>([
      [
        'a refusal that quotes it',
        {
          status: 403,
          body: JSON.stringify({ success: false, errorMsg: `Wrong "apiKey" value. ${DEMO_API_KEY}` }),
        },
      ],
      [
        'a complaint that quotes it',
        { status: 400, body: JSON.stringify({ success: false, errors: { key: [DEMO_API_KEY] } }) },
      ],
      ['a page that quotes it', { status: 200, body: `<html>${DEMO_API_KEY}</html>` }],
      ['an odd answer', { status: 200, body: JSON.stringify({ success: true, scopes: DEMO_API_KEY }) }],
      ['no answer', (_, response) => void response.destroy()],
    ])('is in no error: %s', async (_, answer) => {
      const { crm } = await crmSaying(answer);

      const error: unknown = await crm.access.readAccess().catch((thrown: unknown) => thrown);

      expect(error).toBeInstanceOf(Error);
      const { message, stack, facts, cause } = error as Error & { facts: unknown };
      expect(JSON.stringify([message, stack, facts, cause, error])).not.toContain(DEMO_API_KEY);
    });
  });

  describe('an answer that is none', () => {
    it.each<[string, StubAnswer, string, boolean]>([
      ['a page instead of data', page(200), 'unexpected-body', true],
      ['a page of a proxy', page(403), 'unexpected-body', true],
      ['no account', page(405), 'not-found', false],
      ['nothing', { status: 200 }, 'unexpected-body', true],
      ['an outage', page(502), 'unavailable', true],
      ['a redirect', { status: 302, headers: { location: '/api/v5/elsewhere' } }, 'unexpected-body', true],
    ])('to a write is %s: it is told and not repeated', async (_, answer, kind, effectUnknown) => {
      const { crm, requests } = await crmSaying(answer);

      await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
        facts: { kind, effectUnknown },
      });
      expect(requests).toHaveLength(1);
    });

    it('to a read is asked for again: an outage up to four times, a page twice', async () => {
      const outage = await crmSaying(page(502));
      const changed = await crmSaying(page(200));

      await expect(outage.crm.access.readAccess()).rejects.toMatchObject({ facts: { kind: 'unavailable' } });
      await expect(changed.crm.access.readAccess()).rejects.toMatchObject({
        facts: { kind: 'unexpected-body' },
      });

      expect([outage.requests.length, changed.requests.length]).toEqual([4, 2]);
    });

    it('by being too large is not read to its end', async () => {
      let written = 0;
      const endless: StubHandler = (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
        };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.on('drain', more);
        more();
        return undefined;
      };
      const { crm } = await crmSaying(endless);

      await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
        facts: { kind: 'unavailable', detail: 'the answer is too large', effectUnknown: true },
      });
      expect(written).toBeLessThan(32 * 1024 * 1024);
    });

    it('by being elsewhere is not followed, so that the key stays here', async () => {
      const elsewhere = await startStubHttpServer(() => fixture('credentials-full'));
      closers.push(() => elsewhere.close());
      const { crm } = await crmSaying(
        ...[301, 302, 303, 307, 308].map((status) => ({ status, headers: { location: elsewhere.url } })),
      );

      await expect(crm.access.readAccess()).rejects.toMatchObject({ facts: { kind: 'unexpected-body' } });
      await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
        facts: { kind: 'unexpected-body' },
      });

      expect(elsewhere.requests).toEqual([]);
    });

    it('from nobody is nothing to fear for a write: it never began', async () => {
      const server = await startStubHttpServer(() => ({}));
      await server.close();

      await expect(openCrm(server.url).orders.create('auto', aDraft('1'))).rejects.toMatchObject({
        facts: { kind: 'unavailable', effectUnknown: false, detail: 'no connection (ECONNREFUSED)' },
      });
    });
  });

  describe('too many requests', () => {
    const limited = (headers: Readonly<Record<string, string>> = {}): StubAnswer => ({
      ...fixture('error-rate-limit', 503),
      headers: { 'content-type': 'application/json', ...headers },
    });

    it.each<[string, StubAnswer, readonly number[]]>([
      ['in JSON', limited(), [3_000, 6_000]],
      ['in HTML', page(503), [3_000, 6_000]],
      ['without a body', { status: 503 }, [3_000, 6_000]],
      ['as 429', page(429), [3_000, 6_000]],
      ['with a time to wait', limited({ 'retry-after': '10' }), [10_000, 10_000]],
      [
        'with a time that is none',
        limited({ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }),
        [3_000, 6_000],
      ],
    ])('%s, are waited out, of a write too', async (_, answer, pauses) => {
      const { crm, requests, slept } = await crmSaying(answer, answer, fixture('order-created', 201));

      expect(await crm.orders.create('auto', aDraft('512000101'))).toMatchObject({ crmOrderId: 7146 });
      expect(requests).toHaveLength(3);
      expect(slept.filter((ms) => ms >= 1_000)).toEqual(pauses);
    });

    it('for long are left to a later run', async () => {
      const { crm, requests } = await crmSaying(limited({ 'retry-after': '600' }));

      await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
        facts: { kind: 'rate-limited', retryAfterMs: 600_000, effectUnknown: false },
      });
      expect(requests).toHaveLength(1);
    });
  });
});

describe('against the sandbox', () => {
  interface SandboxOrder {
    readonly id: number;
    readonly externalId: string;
    readonly site: string;
    readonly status: string;
    readonly createdAt: string;
    readonly items: readonly { readonly offer?: { readonly id: number } }[];
  }

  async function aSandbox(options: SandboxRetailCrmOptions = {}) {
    const sandbox = await startSandboxRetailCrm({ requestsPerSecond: 0, ...options });
    closers.push(() => sandbox.close());

    async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
      const init = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(`${sandbox.url}/sandbox${path}`, { method, ...init });
      const answer: unknown = await response.json();
      if (!response.ok) throw new Error(JSON.stringify(answer));
      return answer as Answer;
    }

    return {
      url: sandbox.url,
      crm: openCrm(sandbox.url),
      warehouse: openCrm(sandbox.url, { apiKey: WAREHOUSE_API_KEY }),
      set: (settings: object) => control('PUT', '/settings', settings),
      fault: (path: string, kind: string, more: object = {}) =>
        control('POST', '/faults', { path, kind, ...more }),
      orders: async () => (await control<{ orders: SandboxOrder[] }>('GET', '/state?limit=1000')).orders,
      calls: () =>
        control<{ violations: number; calls: { path: string; status: number | null }[] }>('GET', '/calls'),
      control,
    };
  }

  const externalIdsOf = (orders: readonly { readonly externalId: string }[]) =>
    orders.map(({ externalId }) => externalId).sort();

  describe('access', () => {
    it('of a key to some stores names them', async () => {
      const keys = [{ key: 'moto-key', name: 'moto', scopes: ['order_read'], sites: ['moto'] }];
      const { url } = await aSandbox({ keys });

      expect(await openCrm(url, { apiKey: 'moto-key' }).access.readAccess()).toEqual({
        scopes: ['order_read'],
        sites: ['moto'],
      });
    });

    it('with a wrong key, a revoked one and a missing right is told apart', async () => {
      const { url, crm, control } = await aSandbox();
      await control('PATCH', '/keys/module', { scopes: ['order_read'] });
      await control('PATCH', '/keys/warehouse', { revoked: true });
      const credentialOf = (read: Promise<unknown>) =>
        read.then(
          () => 'none',
          (error: unknown) => (error as { facts: { kind: string; credential: string } }).facts,
        );

      expect(await credentialOf(openCrm(url, { apiKey: 'wrong' }).access.readAccess())).toMatchObject({
        kind: 'auth',
        credential: 'apiKey',
      });
      expect(
        await credentialOf(openCrm(url, { apiKey: WAREHOUSE_API_KEY }).access.readAccess()),
      ).toMatchObject({
        kind: 'auth',
        credential: 'apiKey',
      });
      expect(await credentialOf(crm.directories.listSites())).toMatchObject({
        kind: 'auth',
        credential: 'scope',
      });
      expect(await credentialOf(crm.orders.create('auto', aDraft('1')))).toMatchObject({
        credential: 'scope',
      });
    });

    it('tells the zone of the account', async () => {
      const { crm } = await aSandbox({ timeZone: 'Asia/Novosibirsk' });

      expect(await crm.access.readTimeZone()).toBe('Asia/Novosibirsk');
    });
  });

  describe('an order method', () => {
    it('is created, renamed, and left alone by a repetition', async () => {
      const { crm } = await aSandbox();
      const mine = async () =>
        (await crm.directories.listOrderMethods()).filter(({ code }) => code === 'zzap');

      await crm.directories.ensureOrderMethod('zzap', 'Заказ с ZZap');
      await crm.directories.ensureOrderMethod('zzap', 'Заказ с ZZap');
      const created = await mine();
      await crm.directories.ensureOrderMethod('zzap', 'Заказ «ZZap» & Ко');

      expect(created).toEqual([{ code: 'zzap', name: 'Заказ с ZZap', active: true, defaultForApi: false }]);
      expect(await mine()).toMatchObject([{ name: 'Заказ «ZZap» & Ко' }]);
    });

    it('needs a right of its own', async () => {
      const { crm, control } = await aSandbox();
      await control('PATCH', '/keys/module', { scopes: ['reference_read'] });

      await expect(crm.directories.ensureOrderMethod('zzap', 'Заказ с ZZap')).rejects.toMatchObject({
        facts: { kind: 'auth', credential: 'scope' },
      });
      expect(await crm.directories.listOrderMethods()).toHaveLength(5);
    });
  });

  describe('an upload', () => {
    it.each([1, 50])('of %d stores all of them', async (count) => {
      const { crm, orders } = await aSandbox();

      const stored = await crm.orders.upload('auto', draftsOf(count));

      expect(externalIdsOf(stored)).toEqual(externalIdsOf(draftsOf(count)));
      expect(stored[0]).toMatchObject({ number: '7146A', status: 'new', sumKopecks: 169_100 });
      expect(await orders()).toHaveLength(count);
    });

    it.each([
      ['http-460', 3],
      ['http-460-nothing-stored', 0],
      ['success-true', 3],
    ])(
      'with failures among it (%s) tells those that are stored, and no other',
      async (uploadFailureMode, count) => {
        const { crm, orders, set } = await aSandbox();
        await set({
          uploadFailureMode,
          rejectOrders: [{ externalIdMatches: '-2$', errors: { items: 'Нет' } }],
        });

        const stored = await crm.orders.upload('auto', draftsOf(4));

        expect(stored).toHaveLength(count);
        expect(externalIdsOf(stored)).toEqual(externalIdsOf(await orders()));
      },
    );

    it('whose answer is lost is not repeated, and its orders can be found', async () => {
      const { crm, calls, fault } = await aSandbox();
      const ids = draftsOf(50).map(({ externalId }) => externalId);
      await fault('/api/v5/orders/upload', 'drop-after');

      await expect(crm.orders.upload('auto', draftsOf(50))).rejects.toMatchObject({
        facts: { kind: 'unavailable', effectUnknown: true },
      });

      expect(externalIdsOf(await crm.orders.findByExternalIds('auto', ids))).toEqual([...ids].sort());
      expect((await calls()).calls.filter(({ path }) => path.endsWith('/upload'))).toHaveLength(1);
    });
  });

  describe('a creation', () => {
    it('stores the time of the account, the item and its link', async () => {
      const { url, orders } = await aSandbox({ timeZone: 'Asia/Novosibirsk' });
      const crm = openCrm(url, { timeZone: 'Asia/Novosibirsk' });
      const draft = aDraft('1');

      await crm.orders.create('auto', { ...draft, item: { ...draft.item, offerId: 901 } });
      await crm.orders.create('moto', aDraft('2'));

      expect(await orders()).toMatchObject([
        { externalId: 'zzap-2', site: 'moto' },
        {
          externalId: 'zzap-1',
          site: 'auto',
          createdAt: '2026-11-20 18:05:00',
          firstName: 'Тест Покупатель',
          managerComment: 'Заказ ZZap № 1',
          items: [
            {
              offer: { id: 901 },
              initialPrice: 845.5,
              quantity: 2,
              externalIds: [{ code: 'zzap', value: '1' }],
            },
          ],
        },
      ]);
      expect((await orders())[0]?.items[0]).not.toHaveProperty('offer.id');
    });

    it.each(['drop-after', 'http-500-after', 'malformed-json', 'truncated-body'])(
      'that took effect although nothing said so (%s) is not repeated',
      async (kind) => {
        const { crm, orders, calls, fault } = await aSandbox();
        await fault('/api/v5/orders/create', kind);

        await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
          facts: { effectUnknown: true },
        });

        expect(await orders()).toHaveLength(1);
        expect((await calls()).calls).toHaveLength(1);
        expect(await crm.orders.findByExternalIds('auto', ['zzap-1'])).toMatchObject([{ number: '7146A' }]);
      },
    );

    it.each(['drop-before', 'http-500', 'html'])(
      'that did not take effect (%s) is not repeated either',
      async (kind) => {
        const { crm, orders, calls, fault } = await aSandbox();
        await fault('/api/v5/orders/create', kind);

        await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
          facts: { effectUnknown: true },
        });

        expect(await orders()).toEqual([]);
        expect((await calls()).calls).toHaveLength(1);
      },
    );

    it('that is asked too often is repeated until it is taken', async () => {
      const { crm, orders, fault } = await aSandbox();
      await fault('/api/v5/orders/create', 'http-503', { times: 3 });

      await crm.orders.create('auto', aDraft('1'));

      expect(await orders()).toHaveLength(1);
    });

    it.each(['errorMsg', 'errors'])(
      'of an order that is there is refused, said in %s',
      async (duplicateTextPlace) => {
        const { crm, orders, set } = await aSandbox();
        await set({ duplicateTextPlace });
        await crm.orders.create('auto', aDraft('1'));

        await expect(crm.orders.create('auto', aDraft('1'))).rejects.toMatchObject({
          facts: {
            kind: 'invalid',
            effectUnknown: false,
            detail: expect.stringContaining('already exists') as unknown,
          },
        });
        expect(await orders()).toHaveLength(1);
      },
    );

    it.each(['object', 'array'])(
      'with wrong fields is refused field by field, errors as %s',
      async (errorsShape) => {
        const { crm, set } = await aSandbox();
        await set({ errorsShape });
        const draft = aDraft('1');
        const wrong = {
          ...draft,
          status: 'nope',
          buyer: { ...draft.buyer, email: 'buyer1@example.test' },
          item: { ...draft.item, offerId: 123_123 },
        };

        await expect(crm.orders.create('auto', wrong)).rejects.toMatchObject({
          facts: {
            kind: 'invalid',
            fields: {
              status: '"OrderStatus" with "code"="nope" does not exist.',
              'items[0].offer.id': 'Offer with id 123123 not found.',
            },
          },
        });
      },
    );
  });

  it('a look-up finds those of fifty external ids that exist, in that store only', async () => {
    const { crm } = await aSandbox();
    await crm.orders.upload('auto', draftsOf(49));
    await crm.orders.create('moto', aDraft('50'));

    const found = await crm.orders.findByExternalIds(
      'auto',
      draftsOf(50).map(({ externalId }) => externalId),
    );

    expect(externalIdsOf(found)).toEqual(externalIdsOf(draftsOf(49)));
    expect(found[0]).toMatchObject({ status: 'new', sumKopecks: 169_100 });
  });

  describe('a status', () => {
    it('is changed without touching anything else, and read alone and with others', async () => {
      const { crm, orders } = await aSandbox();
      const stored = await crm.orders.upload('auto', draftsOf(3));
      const [first = 0, second = 0, third = 0] = stored.map(({ crmOrderId }) => crmOrderId);
      const untouched = (await orders()).find(({ id }) => id === second);

      await crm.statuses.change('auto', second, '3');
      await crm.statuses.change('auto', second, '3');

      const { status, ...rest } = (await orders()).find(({ id }) => id === second) ?? {};
      const fields = [
        'externalId',
        'createdAt',
        'firstName',
        'phone',
        'email',
        'managerComment',
        'summ',
      ] as const;
      expect(status).toBe('3');
      for (const field of fields) {
        expect(rest).toHaveProperty(field, (untouched as unknown as Record<string, unknown>)[field]);
      }
      expect(await crm.statuses.read('auto', second)).toMatchObject({ crmOrderId: second, status: '3' });
      expect(await crm.statuses.readMany([first, second, third, 999])).toEqual(
        new Map([
          [first, 'new'],
          [second, '3'],
          [third, 'new'],
        ]),
      );
    });

    it('of fifty orders is read in one request', async () => {
      const { crm, calls } = await aSandbox();
      const stored = await crm.orders.upload('auto', draftsOf(50));
      const before = (await calls()).calls.length;

      const statuses = await crm.statuses.readMany(stored.map(({ crmOrderId }) => crmOrderId));

      expect(statuses.size).toBe(50);
      expect((await calls()).calls.length - before).toBe(1);
    });

    it('of a deleted order is none; changing it says that it is gone', async () => {
      const { crm, control } = await aSandbox();
      const { crmOrderId } = await crm.orders.create('auto', aDraft('1'));
      await control('DELETE', `/orders/${crmOrderId}`);

      expect(await crm.statuses.read('auto', crmOrderId)).toBeNull();
      expect(await crm.statuses.readMany([crmOrderId])).toEqual(new Map());
      expect(await crm.statuses.change('auto', crmOrderId, 'complete')).toBe(false);
    });

    it('that the CRM does not have is refused', async () => {
      const { crm } = await aSandbox();
      const { crmOrderId } = await crm.orders.create('auto', aDraft('1'));

      await expect(crm.statuses.change('auto', crmOrderId, 'nope')).rejects.toMatchObject({
        facts: { kind: 'invalid', fields: { status: expect.any(String) as unknown } },
      });
    });
  });

  describe('the history', () => {
    async function walk(crm: CrmSystem, from: HistoryMark) {
      const changes: CrmChange[] = [];
      let pages = 0;
      for (let mark = from; ; pages += 1) {
        const answer = await crm.history.listChanges(mark);
        changes.push(...answer.changes);
        const last = answer.changes.at(-1);
        if (last) mark = { kind: 'since-id', id: last.historyId };
        if (!answer.more) return { changes, pages: pages + 1 };
      }
    }

    it('is walked over several pages: every record once, ids ascending', async () => {
      const { crm, control } = await aSandbox();
      for (let at = 0; at < 150; at += 50) await crm.orders.upload('auto', draftsOf(150).slice(at, at + 50));
      const { lastHistoryId } = await control<{ lastHistoryId: number }>('GET', '/state?limit=0');

      const { changes, pages } = await walk(crm, { kind: 'since-id', id: 0 });

      const ids = changes.map(({ historyId }) => historyId);
      expect(pages).toBeGreaterThan(2);
      expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
      expect(ids.at(-1)).toBe(lastHistoryId);
      expect(changes.filter(({ created }) => created)).toHaveLength(150);
      expect((await walk(crm, { kind: 'since-id', id: lastHistoryId })).changes).toEqual([]);
    });

    it('tells our key from another one, from people and from rules', async () => {
      const { crm, warehouse, control } = await aSandbox();
      const { crmOrderId } = await crm.orders.create('auto', aDraft('1'));
      await crm.statuses.change('auto', crmOrderId, 'prepayed');
      await warehouse.statuses.change('auto', crmOrderId, 'assembling');
      await control('PATCH', `/orders/${crmOrderId}`, { status: 'delivering' });
      await control('PATCH', `/orders/${crmOrderId}`, { as: 'rule', status: 'complete' });
      const statusesFor = async (reader: CrmSystem) =>
        (await walk(reader, { kind: 'since-id', id: 0 })).changes
          .filter(({ field }) => field === 'status')
          .map(({ newCode, source, ownKey }) => `${newCode} ${source}${ownKey ? ' own' : ''}`);

      expect(await statusesFor(crm)).toEqual([
        'new api own',
        'prepayed api own',
        'assembling api',
        'delivering user',
        'complete rule',
      ]);
      expect(await statusesFor(warehouse)).toEqual([
        'new api',
        'prepayed api',
        'assembling api own',
        'delivering user',
        'complete rule',
      ]);
    });

    it('begins at an instant, whatever the zone of the account', async () => {
      let nowMs = Date.parse('2026-11-20T21:00:00Z');
      const { url, control } = await aSandbox({ timeZone: 'Asia/Novosibirsk', nowMs: () => nowMs });
      const crm = openCrm(url, { timeZone: 'Asia/Novosibirsk' });
      const { crmOrderId } = await crm.orders.create('auto', aDraft('1'));
      nowMs += 60_000;
      const switchedOnMs = nowMs;
      await control('PATCH', `/orders/${crmOrderId}`, { status: 'prepayed' });
      nowMs += 60_000;
      await control('DELETE', `/orders/${crmOrderId}`);

      const { changes } = await crm.history.listChanges({ kind: 'since-time', atMs: switchedOnMs });

      expect(changes.filter(({ field }) => field === 'status' || field === 'id')).toMatchObject([
        { field: 'status', newCode: 'prepayed', atMs: switchedOnMs, externalId: 'zzap-1', deleted: false },
        { crmOrderId, atMs: switchedOnMs + 60_000, deleted: true },
      ]);
    });
  });

  describe('the catalogue', () => {
    const part = (number: string, brand: string) => ({ number, brand, name: '' });

    it.each<[string, string, string, string, OfferMatch['kind']]>([
      ['one offer has it', 'auto', 'W 712/95', 'MANN-FILTER', 'linked'],
      ['it stands on the product only', 'auto', 'LX 1006/1D', 'KNECHT', 'linked'],
      ['it stands on the offer only', 'auto', 'OP 526/1', 'FILTRON', 'linked'],
      ['the catalogue names no brand', 'auto', '06A121132D', 'VAG', 'linked'],
      ['the brand decides', 'auto', 'OC 90', 'KNECHT', 'linked'],
      ['another brand has it', 'auto', 'OC 90', 'BOSCH', 'none'],
      ['it is written in another case', 'auto', 'w 712/95', 'Mann-Filter', 'linked'],
      ['two offers have it', 'auto', 'GDB1330', 'TRW', 'several'],
      ['only a part of it is there', 'auto', 'W 712/9', 'MANN-FILTER', 'none'],
      ['it is switched off', 'auto', '35798 01', 'LEMFÖRDER', 'none'],
      ['another store sells it', 'auto', '520VX3-114', 'DID', 'none'],
      ['this store sells it', 'moto', '520VX3-114', 'DID', 'linked'],
      ['nobody has it', 'auto', 'no-such-article', 'TRW', 'none'],
      ['it means something in a URL', 'auto', 'a&b=c%20+d#', 'TRW', 'none'],
    ])('is searched by article, then compared: %s', async (_, site, number, brand, kind) => {
      const { crm } = await aSandbox();

      const match = matchByArticle(part(number, brand), await crm.catalogue.searchOffers(site, number));

      expect(match.kind).toBe(kind);
    });

    it('finds offers by external ids, fifty at once, and needs a right for it', async () => {
      const { crm, control } = await aSandbox();
      const ids = Array.from({ length: 50 }, (_, index) => `offer-${950 + index}`);

      const found = await crm.catalogue.findOffersByExternalIds('auto', ids);
      await control('PATCH', '/keys/module', { scopes: ['order_read'] });

      expect(found.map(({ externalId }) => externalId).sort()).toEqual(ids);
      await expect(crm.catalogue.findOffersByExternalIds('auto', ids)).rejects.toMatchObject({
        facts: { kind: 'auth', credential: 'scope' },
      });
    });
  });

  describe('the module', () => {
    const card = {
      code: 'zzap-a-1',
      integrationCode: 'zzap',
      name: 'ZZap',
      active: false,
      clientId: 'a-1.secret',
      baseUrl: 'https://module.example',
      activityPath: '/retailcrm/activity',
      accountUrl: 'https://module.example/retailcrm/account',
    };
    const modulesIn = async (control: (method: string, path: string) => Promise<unknown>) =>
      ((await control('GET', '/state')) as { modules: Record<string, unknown> }).modules;

    it('is installed as it describes itself, and changed by the same call', async () => {
      const { crm, control } = await aSandbox();

      await crm.modules.install(card);
      await crm.modules.install({ ...card, active: true });

      expect(await modulesIn(control)).toEqual({
        'zzap-a-1': {
          code: 'zzap-a-1',
          integrationCode: 'zzap',
          name: 'ZZap',
          active: true,
          freeze: false,
          native: false,
          clientId: 'a-1.secret',
          baseUrl: 'https://module.example',
          actions: { activity: '/retailcrm/activity' },
          accountUrl: 'https://module.example/retailcrm/account',
        },
      });
    });

    it('is not installed by a key without the right for it', async () => {
      const { crm, control } = await aSandbox();
      await control('PATCH', '/keys/module', { scopes: ['order_read', 'integration_read'] });

      await expect(crm.modules.install(card)).rejects.toMatchObject({
        facts: { kind: 'auth', credential: 'scope' },
      });
      expect(await modulesIn(control)).toEqual({});
    });
  });

  it('keeps the pace of RetailCRM with sixty requests at once, from two clients', async () => {
    const { url, calls } = await aSandbox({ requestsPerSecond: 10 });
    const open = createRetailCrm({
      clock: createRealClock(),
      budget: createMemoryRequestBudget(),
      requestsPerSecond: REQUESTS_PER_SECOND,
    });
    const door = { crmUrl: url, apiKey: DEMO_API_KEY, timeZone: 'UTC' };
    const clients = [open(door), open(door)];

    await Promise.all(clients.flatMap((crm) => Array.from({ length: 30 }, () => crm.access.readAccess())));

    const answered = await calls();
    expect(answered.violations).toBe(0);
    expect(answered.calls).toHaveLength(60);
  });
});

import { setStage, type Stage } from '../support/product-harness';

const KEY_WITHOUT_STORE = {
  key: 'key-that-may-not-read-the-catalogue',
  name: 'no-store',
  scopes: ['order_read', 'order_write', 'reference_read', 'reference_write'],
};

let stage: Stage;
let accountId: string;

beforeAll(async () => {
  stage = await setStage();
  ({ accountId } = await stage.api.addAccount(stage.crm));
});

afterAll(async () => {
  await stage.close();
});

/** A connection with a store and a cabinet of its own; `rows` are ordered and imported before this returns. */
async function imported(site: string, itemLink: string, rows: readonly object[]) {
  await stage.crm.put('/sites', { code: site, name: site });
  const cabinet = await stage.zzap.addCabinet(site);
  const codes: string[] = [];
  for (const row of rows) codes.push(await stage.zzap.addOrder({ account: cabinet.login, ...row }));
  const connection = await stage.api.addConnection(accountId, { ...cabinet, site, itemLink, name: site });
  return { id: connection.connectionId, cabinet, codes };
}

/** What RetailCRM has of the item, and what the trace says of its link. */
async function linkOf(connectionId: string, code: string) {
  const [order, trace] = [await stage.crm.order(code), await stage.api.order(connectionId, code, 'ru')];
  const unlinked = trace.trace.find(({ event }) => event === 'item-unlinked');
  return { offer: order.items[0]?.offer?.externalId ?? null, why: unlinked?.text ?? null };
}

const part = (class_man: string, partnumber: string) => ({ class_man, partnumber, class_cat: 'Деталь' });
const LINK = 'Товар не связан с каталогом: ';

describe('an item linked by article', () => {
  const cases = [
    { what: 'one offer of that article', row: part('ACME', 'A-1'), offer: 'acme-a1', why: null },
    { what: 'an article in other letters', row: part('acme', 'a-1'), offer: 'acme-a1', why: null },
    {
      what: 'no such article',
      row: part('ACME', 'A-404'),
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    },
    {
      what: 'several offers of that article and brand',
      row: part('ACME', 'A-2'),
      offer: null,
      why: `${LINK}в каталоге таких товаров несколько`,
    },
    {
      what: 'an article of another brand only',
      row: part('OTHER', 'A-1'),
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    },
    { what: 'an article that two brands share', row: part('BRAVO', 'A-3'), offer: 'bravo-a3', why: null },
    { what: 'an article on the offer only', row: part('ACME', 'A-4'), offer: 'acme-a4', why: null },
    { what: 'an article on the product only', row: part('ACME', 'A-5'), offer: 'acme-a5', why: null },
    { what: 'a catalogue that names no brand', row: part('ACME', 'A-6'), offer: 'nobody-a6', why: null },
    {
      what: 'a longer article that contains it',
      row: part('ACME', 'A-7'),
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    },
    {
      what: 'an offer of another store',
      row: part('ACME', 'A-8'),
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    },
    {
      what: 'no article at ZZap at all',
      row: part('ACME', ''),
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    },
  ];
  let made: Awaited<ReturnType<typeof imported>>;

  beforeAll(async () => {
    const offers = [
      { manufacturer: 'ACME', article: 'A-1', externalId: 'acme-a1' },
      { manufacturer: 'ACME', article: 'A-2', externalId: 'acme-a2' },
      { manufacturer: 'ACME', article: 'A-2', externalId: 'acme-a2-used' },
      { manufacturer: 'ACME', article: 'A-3', externalId: 'acme-a3' },
      { manufacturer: 'BRAVO', article: 'A-3', externalId: 'bravo-a3' },
      { manufacturer: 'ACME', article: 'A-4', productArticle: null, externalId: 'acme-a4' },
      { manufacturer: 'ACME', article: null, productArticle: 'A-5', externalId: 'acme-a5' },
      { article: 'A-6', externalId: 'nobody-a6' },
      { manufacturer: 'ACME', article: 'A-77', externalId: 'acme-a77' },
    ];
    for (const offer of offers) await stage.crm.put('/offers', { sites: ['by-article'], ...offer });
    await stage.crm.put('/offers', { manufacturer: 'ACME', article: 'A-8', sites: ['moto'] });
    made = await imported(
      'by-article',
      'article',
      cases.map(({ row }) => row),
    );
  });

  it('never keeps the order from RetailCRM', async () => {
    const [run] = await stage.api.runs(made.id);

    expect(run).toMatchObject({ found: cases.length, created: cases.length, failed: {} });
  });

  it.each(cases.map((one, index) => ({ ...one, index })))('$what', async ({ index, offer, why }) => {
    expect(await linkOf(made.id, made.codes[index] ?? '')).toEqual({ offer, why });
  });

  it('keeps the name that ZZap gives, linked or not', async () => {
    const names = await Promise.all(made.codes.slice(0, 3).map((code) => stage.crm.order(code)));

    expect(names.map((order) => order.items[0]?.productName)).toEqual([
      'ACME A-1 Деталь',
      'acme a-1 Деталь',
      'ACME A-404 Деталь',
    ]);
  });
});

describe('catalogue look-ups by article', () => {
  const lookUps = async () => (await stage.crm.calls('/v5/store/products')).length;

  it('happen once per distinct article, also over the next runs', async () => {
    const before = await lookUps();
    const rows = Array.from({ length: 9 }, (_, index) => part('GATES', `K-${index % 3}`));

    const { id, cabinet } = await imported('look-ups', 'article', rows);
    const after = await lookUps();
    await stage.zzap.addOrder({ account: cabinet.login, ...part('Gates', 'k-1') });
    const run = await stage.api.sync(id);

    expect(after - before).toBe(3);
    expect(run.created).toBe(1);
    expect(await lookUps()).toBe(after);
  });
});

describe('an item linked by external id', () => {
  it('is the offer whose external id is the part number', async () => {
    await stage.crm.put('/offers', { externalId: 'BK-11', article: 'something else', sites: ['by-id'] });

    const { id, codes } = await imported('by-id', 'externalId', [part('NGK', 'BK-11'), part('NGK', 'BK-12')]);

    const [known = '', unknown = ''] = codes;
    expect(await linkOf(id, known)).toEqual({ offer: 'BK-11', why: null });
    expect(await linkOf(id, unknown)).toEqual({
      offer: null,
      why: `${LINK}в каталоге такого товара нет`,
    });
  });
});

describe('items that are not to be linked', () => {
  it('are not looked up and need no explanation', async () => {
    const before = (await stage.crm.calls('/v5/store')).length;

    const { id, codes } = await imported('unlinked', 'none', [part('BOSCH', '0 986 494 294')]);

    expect(await linkOf(id, codes[0] ?? '')).toEqual({ offer: null, why: null });
    expect((await stage.crm.calls('/v5/store')).length).toBe(before);
  });
});

describe('a key that may not read the catalogue', () => {
  it('still brings every order, and the trace says why the item is not linked', async () => {
    const other = await setStage({ crmKeys: [KEY_WITHOUT_STORE] });
    try {
      const account = await other.api.addAccount(other.crm, { apiKey: KEY_WITHOUT_STORE.key });
      const codes = await other.zzap.addOrders({ count: 5 });

      const { connectionId } = await other.api.addConnection(account.accountId, { itemLink: 'article' });

      expect(await other.crm.orderCount()).toBe(5);
      const order = await other.api.order(connectionId, codes[0] ?? '');
      expect(order.state).toBe('linked');
      expect(order.trace.map(({ text }) => text)).toContain(
        'The item is not linked to the catalogue: the catalogue did not answer or may not be read',
      );
      expect((await other.api.connection(connectionId)).state).toBe('active');
    } finally {
      await other.close();
    }
  });
});

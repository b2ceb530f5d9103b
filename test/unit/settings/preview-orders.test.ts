import type { ListedRow, MarketplaceOrder } from '../../../functions/domain/marketplace-order';
import { createConnection } from '../../../functions/settings/create-connection';
import { previewOrders } from '../../../functions/settings/preview-orders';
import { createAccount } from '../../../functions/settings/save-account';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { updateConnection } from '../../../functions/settings/update-connection';
import type { SettingsPorts } from '../../../functions/settings/settings-ports';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  NIGHT_MS,
  remoteError,
  typed,
  type World,
} from '../../support/settings-world';
import { aLink, anOrder } from '../domain/builders';
import { refusalIn, refusedFields } from './refusal-of';

const DAY_MS = 24 * 3_600_000;
const IMPORT_FROM_MS = Date.UTC(2026, 10, 1);
const PADS = { brand: 'TRW', number: 'GDB1330', name: 'Колодки' };
const FILTER_TYPED_OTHERWISE = { brand: 'mann-filter', number: 'w712/95', name: 'Фильтр' };
const AN_OFFER = {
  offerId: 901,
  articles: ['W 712/95'],
  externalId: 'filter',
  manufacturer: 'MANN-FILTER',
  active: true,
};

let world: World;
let accountId: string;
let connectionId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
  connectionId = await connect();
});

async function connect(more: object = {}): Promise<string> {
  const made = await createConnection(world.ports, accountId, {
    ...typed(),
    site: 'moscow',
    itemLink: 'article',
    active: false,
    importFromMs: IMPORT_FROM_MS,
    ...more,
  });
  world.zzap.tried.length = 0;
  world.released.length = 0;
  world.crm.calls.length = 0;
  return made.connectionId;
}

const rowOf = (order: MarketplaceOrder): ListedRow => ({ kind: 'order', order, raw: `{"${order.code}":1}` });
const row = (code: string, changes: Partial<MarketplaceOrder> = {}) => rowOf(anOrder({ code, ...changes }));
const unreadable = (code: string | null, problem: string): ListedRow => ({
  kind: 'unreadable',
  row: { code, problem },
  raw: `{"odd":"${code ?? ''}"}`,
});

const lists = (...rows: ListedRow[]) => void (world.zzap.orders = { rows, full: false });
const manyRows = (count: number, changes: (index: number) => Partial<MarketplaceOrder>) =>
  Array.from({ length: count }, (_, index) => row(String(1_000 + index), changes(index)));
const preview = () => previewOrders(world.ports, connectionId);

/** One order of each kind that a run tells apart. */
async function aShopInUse(): Promise<void> {
  const { links, mappings, dictionaries } = world.ports;
  await mappings.save({ connectionId, version: 1, pairs: [{ crmStatus: 'new', zzapStatus: 10 }] }, 0);
  await dictionaries.remember(connectionId, {
    zzap: { statuses: [{ code: 10, name: 'Новый' }], readAtMs: NIGHT_MS },
  });
  const link = (zzapOrderCode: string, more: object) =>
    links.save(aLink({ connectionId, zzapOrderCode, version: 0, ...more }));
  await link('105', {});
  await link('106', {
    state: 'attention',
    quarantine: {
      reason: 'refused-by-crm',
      detail: 'phone',
      sinceMs: NIGHT_MS,
      attempts: 1,
      retryAtMs: NIGHT_MS + DAY_MS,
    },
  });
  await link('107', { state: 'claimed' });
  world.crm.orders = ['zzap-103', 'zzap-999'];
  world.crm.offers = [AN_OFFER];
  lists(
    row('101'),
    row('102', { statusCode: 20, part: PADS, createdAtMs: Date.UTC(2026, 10, 21) }),
    row('103', { part: FILTER_TYPED_OTHERWISE }),
    row('104', { statusCode: 30, createdAtMs: IMPORT_FROM_MS - 1 }),
    row('105', { statusName: 'Новый заказ' }),
    row('106', { statusCode: 40, statusName: 'Спор' }),
    row('107', { part: FILTER_TYPED_OTHERWISE, createdAtMs: null }),
    unreadable('108', 'qty_order'),
    unreadable(null, 'code_order'),
    row('101'),
  );
}

describe('a preview', () => {
  it('counts every order once, by what the first run would do with it', async () => {
    await aShopInUse();

    expect(await preview()).toMatchObject({
      complete: true,
      found: 9,
      wouldCreate: 3,
      alreadyThere: 2,
      tooOld: 1,
      setAside: 1,
      unreadable: 2,
      lookedForInCrm: 4,
    });
  });

  it('names what cannot be read', async () => {
    await aShopInUse();

    expect((await preview()).unreadableRows).toEqual([
      { zzapOrderCode: '108', field: 'qty_order' },
      { zzapOrderCode: null, field: 'code_order' },
    ]);
  });

  it('shows orders that would be created, the newest first', async () => {
    await aShopInUse();

    expect((await preview()).orders.map(({ code }) => code)).toEqual(['102', '101', '107']);
  });

  it('counts statuses of orders that are not too old, each with what it is mapped to', async () => {
    await aShopInUse();

    expect((await preview()).statuses).toEqual([
      { code: 10, name: 'Новый', count: 4, crmStatus: 'new' },
      { code: 20, name: '№ 20', count: 1, crmStatus: null },
      { code: 40, name: 'Спор', count: 1, crmStatus: null },
    ]);
  });

  it('looks up each part of the orders that would be created, once', async () => {
    await aShopInUse();

    expect((await preview()).items).toEqual({
      articles: 2,
      lookedUp: 2,
      linked: 1,
      unlinked: 1,
      unasked: 0,
    });
    expect(world.crm.calls).toEqual(['findByExternalIds', 'searchOffers', 'searchOffers']);
  });

  it('looks parts up by external id where they are linked so', async () => {
    await aShopInUse();
    await updateConnection(world.ports, connectionId, { itemLink: 'externalId' });
    world.crm.calls.length = 0;
    world.crm.offers = [{ ...AN_OFFER, externalId: 'GDB1330' }];

    // The external id is compared as it is written: «W 712/95» and «w712/95» are two.
    expect((await preview()).items).toMatchObject({ articles: 3, lookedUp: 3, linked: 1, unlinked: 2 });
    expect(world.crm.calls).toEqual(['findByExternalIds', 'findOffersByExternalIds']);
  });

  it('looks up nothing where items are not linked', async () => {
    await aShopInUse();
    await updateConnection(world.ports, connectionId, { itemLink: 'none' });
    world.crm.calls.length = 0;

    expect((await preview()).items).toBeNull();
    expect(world.crm.calls).toEqual(['findByExternalIds']);
  });

  it('tells of parts that the catalogue did not answer for', async () => {
    await aShopInUse();
    world.crm.broken.set(
      'searchOffers',
      remoteError({ remote: 'retailcrm', kind: 'auth', credential: 'scope' }),
    );

    expect((await preview()).items).toMatchObject({ lookedUp: 2, linked: 0, unlinked: 0, unasked: 2 });
  });

  it('asks ZZap once, for everything since the start date, and gives the slot back', async () => {
    await preview();

    expect(world.zzap.tried).toHaveLength(1);
    expect(world.zzap.windows).toEqual([
      { fromMs: IMPORT_FROM_MS - 4 * 3_600_000, toMs: NIGHT_MS, open: true },
    ]);
    expect(world.released.map(({ holder }) => holder)).toEqual(['holder-1']);
  });

  it('gives the slot back before it asks RetailCRM', async () => {
    lists(row('101'));
    world.crm.broken.set('findByExternalIds', remoteError({ remote: 'retailcrm' }));

    await refusalIn(preview());

    expect(world.released).toHaveLength(1);
  });

  it('says that there may be more when the answer was full', async () => {
    world.zzap.orders = { rows: [row('101')], full: true };

    expect(await preview()).toMatchObject({ complete: false, found: 1, wouldCreate: 1 });
  });

  it('asks nothing of RetailCRM when ZZap has no orders', async () => {
    expect(await preview()).toMatchObject({ found: 0, wouldCreate: 0, statuses: [], orders: [] });
    expect(world.crm.calls).toEqual([]);
  });
});

describe('a preview of very many orders', () => {
  it('asks RetailCRM for the newest 500, fifty at a time; the others count as new', async () => {
    lists(...manyRows(600, (index) => ({ createdAtMs: IMPORT_FROM_MS + index })));
    // The oldest of the 600 and the 500th newest.
    world.crm.orders = ['zzap-1000', 'zzap-1100'];

    expect(await preview()).toMatchObject({ lookedForInCrm: 500, wouldCreate: 599, alreadyThere: 1 });
    expect(world.crm.lookedFor.map((ids) => ids.length)).toEqual(Array<number>(10).fill(50));
    expect(world.crm.lookedFor[0]?.[0]).toBe('zzap-1599');
  });

  it('looks up twenty parts and shows ten orders and five odd rows', async () => {
    const odd = Array.from({ length: 6 }, (_, index) => unreadable(String(index + 1), 'priceV2'));
    lists(...manyRows(25, (index) => ({ part: { ...PADS, number: `P-${index}` } })), ...odd);

    const { items, orders, unreadable: count, unreadableRows } = await preview();

    expect(items).toMatchObject({ articles: 25, lookedUp: 20, unlinked: 20 });
    expect([orders.length, count, unreadableRows.length]).toEqual([10, 6, 5]);
  });
});

/** The ports, and every method of a store, the lane and the schedules that is called through them. */
function watched(ports: World['ports']) {
  const called = new Set<string>();
  const watch = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, method, self) {
        called.add(`${name}.${String(method)}`);
        return Reflect.get(target, method, self) as unknown;
      },
    });
  const watchedPorts: SettingsPorts = {
    ...ports,
    accounts: watch('accounts', ports.accounts),
    claims: watch('claims', ports.claims),
    connections: watch('connections', ports.connections),
    mappings: watch('mappings', ports.mappings),
    dictionaries: watch('dictionaries', ports.dictionaries),
    cursors: watch('cursors', ports.cursors),
    links: watch('links', ports.links),
    runs: watch('runs', ports.runs),
    lane: watch('lane', ports.lane),
    schedules: watch('schedules', ports.schedules),
  };
  return { ports: watchedPorts, called };
}

/** Everything that is stored about the connection. */
async function stored() {
  const { accounts, connections, mappings, dictionaries, cursors, links, runs, lane, schedules } =
    world.ports;
  return structuredClone({
    account: await accounts.find(accountId),
    connection: await connections.find(connectionId),
    mapping: await mappings.read(connectionId),
    dictionaries: await dictionaries.recall(connectionId),
    cursor: await cursors.read(connectionId),
    links: await links.list(connectionId, { limit: 100 }),
    runs: await runs.list(connectionId, { limit: 100 }),
    sent: lane.sent(),
    schedules: schedules.standing(),
    wakes: schedules.wakes(),
  });
}

describe('a preview writes nothing', () => {
  it('changes no table, starts no run and leaves the schedule alone', async () => {
    await aShopInUse();
    await updateConnection(world.ports, connectionId, { active: true });
    const before = await stored();

    await preview();

    expect(before.links.links).toHaveLength(3);
    expect(before.schedules.size).toBe(1);
    expect(await stored()).toEqual(before);
  });

  it('only reads, whatever the store', async () => {
    await aShopInUse();
    const { ports, called } = watched(world.ports);

    await previewOrders(ports, connectionId);

    expect([...called].sort()).toEqual([
      'accounts.find',
      'connections.find',
      'dictionaries.recall',
      'links.findMany',
      'mappings.read',
    ]);
  });
});

describe('a preview is there', () => {
  it.each([
    ['draft', { active: false }],
    ['active', { active: true }],
  ])('for a connection that is %s', async (state, changes) => {
    const { state: now } = await updateConnection(world.ports, connectionId, changes);

    expect([now, (await preview()).found]).toEqual([state, 0]);
  });

  it('for one that is paused', async () => {
    await updateConnection(world.ports, connectionId, { active: true });
    const { state } = await updateConnection(world.ports, connectionId, { active: false });

    expect([state, (await preview()).found]).toEqual(['paused', 0]);
  });
});

describe('a preview is refused', () => {
  it('for a connection that is removed', async () => {
    await removeConnection(world.ports, connectionId);

    expect((await refusalIn(preview())).code).toBe('connection-not-found');
    expect(world.zzap.tried).toEqual([]);
  });

  it('without a store, and ZZap is not asked', async () => {
    await updateConnection(world.ports, connectionId, { site: null });
    world.zzap.tried.length = 0;

    expect(await refusedFields(preview())).toEqual({
      kind: 'invalid',
      code: 'preview-needs-store',
      fields: ['site: required'],
    });
    expect(world.zzap.tried).toEqual([]);
  });

  it('while the connection is suspended: its credentials are not tried again', async () => {
    const { connections } = world.ports;
    const connection = await connections.find(connectionId);
    await connections.save(
      { ...connection!, version: 2, state: 'suspended', suspension: 'zzap-credentials' },
      1,
    );

    expect((await refusalIn(preview())).code).toBe('preview-suspended');
    expect(world.zzap.tried).toEqual([]);
  });

  it.each([
    ['unavailable', 'the key is busy with other requests', 'zzap-unavailable'],
    ['rate-limited', 'the key is blocked after too many requests', 'zzap-unavailable'],
    ['unexpected-body', 'field table', 'zzap-refuses'],
  ] as const)('when ZZap does not answer: %s, %s', async (kind, detail, code) => {
    world.zzap.judge = () => remoteError({ kind, detail });

    expect(await refusalIn(preview())).toMatchObject({ kind: 'remote', code, params: { detail } });
    expect(world.released).toHaveLength(1);
  });

  it('when RetailCRM does not answer', async () => {
    lists(row('101'));
    world.crm.broken.set('findByExternalIds', remoteError({ remote: 'retailcrm' }));

    expect((await refusalIn(preview())).code).toBe('retailcrm-unavailable');
  });

  it('when it takes too long; the slot is given back all the same, and the same look is joined', async () => {
    let answer = () => {};
    world.zzap.meanwhile = () => new Promise((resolve) => (answer = resolve));

    expect((await refusalIn(preview())).code).toBe('preview-late');
    const again = preview();
    await Promise.resolve();
    answer();

    expect((await again).found).toBe(0);
    expect(world.zzap.tried).toHaveLength(1);
    expect(world.released).toHaveLength(1);
  });
});

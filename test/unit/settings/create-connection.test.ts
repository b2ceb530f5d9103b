import type { Connection } from '../../../functions/domain/connection';
import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import type { NewConnection } from '../../../functions/settings/connection-input';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  NIGHT_MS,
  PASSWORD,
  remoteError,
  REQUIRED,
  typed,
  ZZAP_KEY,
  type World,
} from '../../support/settings-world';
import { refusalIn, refusedFields } from './refusal-of';

const FIVE_MINUTES_MS = 300_000;

let world: World;
let accountId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
  world.crm.doors.length = 0;
});

const add = (changes: Partial<NewConnection> = {}): Promise<Connection> =>
  createConnection(world.ports, accountId, { ...typed(), ...changes });
const all = () => world.ports.connections.list(accountId, { limit: 100 });

describe('create connection', () => {
  it('takes sensible settings for all that is not chosen', async () => {
    const connection = await add({ site: 'moscow' });

    expect(connection).toEqual({
      accountId,
      connectionId: 'c-0002',
      version: 1,
      name: 'Заказ с ZZap',
      login: 'seller@example.com',
      sealedCredentials: expect.any(String) as string,
      hookSecret: { digest: 'digest of secret-2', sealed: expect.any(String) as string },
      crmToZzapSinceMs: null,
      site: 'moscow',
      intervalMinutes: 15,
      itemLink: 'none',
      statusDirection: 'none',
      includeApiChanges: false,
      // Midnight of the 23rd in Moscow, where it is half past one.
      importFromMs: Date.UTC(2026, 10, 22, 21),
      state: 'active',
      suspension: null,
      orderMethod: { code: 'zzap-c0002', source: 'created' },
      createdAtMs: NIGHT_MS,
    });
    expect(await all()).toEqual([connection]);
  });

  it.each([
    ['Europe/Moscow', Date.UTC(2026, 10, 22, 21)],
    ['Asia/Vladivostok', Date.UTC(2026, 10, 22, 14)],
    ['Europe/Kaliningrad', Date.UTC(2026, 10, 22, 22)],
    ['America/New_York', Date.UTC(2026, 10, 22, 5)],
    ['UTC', Date.UTC(2026, 10, 22)],
  ])('imports from the start of the day it is made on, in %s', async (timeZone, importFromMs) => {
    const account = await world.ports.accounts.find(accountId);
    await world.ports.accounts.save({ ...account!, timeZone, version: 2 }, 1);

    expect(await add()).toMatchObject({ importFromMs });
  });

  it('keeps every setting that is chosen', async () => {
    const chosen = {
      site: 'kazan',
      intervalMinutes: 1440,
      itemLink: 'externalId',
      statusDirection: 'crmToZzap',
      includeApiChanges: true,
      importFromMs: 1_700_000_000_000,
    } as const;

    expect(await add(chosen)).toMatchObject(chosen);
  });

  it('seals password and key for this connection only', async () => {
    const connection = await add();

    const opened = await world.ports.vault.open(connection.sealedCredentials, connection.connectionId);

    expect(JSON.parse(opened)).toEqual({ password: PASSWORD, apiKey: ZZAP_KEY });
    expect(JSON.stringify(connection)).not.toContain(PASSWORD);
  });

  it('tries the credentials and gives the slot back', async () => {
    await add();

    expect(world.zzap.tried).toEqual([{ login: 'seller@example.com', password: PASSWORD, apiKey: ZZAP_KEY }]);
    expect(world.released).toHaveLength(1);
  });

  it('starts at once: a schedule and a first run', async () => {
    const { connectionId } = await add({ site: 'moscow', intervalMinutes: 5 });

    expect([...world.ports.schedules.standing()]).toEqual([
      [connectionId, { accountId, intervalMinutes: 5, anchorMs: NIGHT_MS }],
    ]);
    expect(world.ports.lane.sent()).toEqual([
      { accountId, connectionId, trigger: 'activated', atMs: NIGHT_MS },
    ]);
  });

  it.each([
    ['has no store', { site: null }],
    ['is not to start', { site: 'moscow', active: false }],
  ])('stays a draft that does nothing when it %s', async (_, changes) => {
    expect(await add(changes)).toMatchObject({ state: 'draft' });

    expect(world.ports.schedules.standing().size).toBe(0);
    expect(world.ports.lane.sent()).toEqual([]);
  });

  it('asks RetailCRM for nothing while it has no store', async () => {
    expect(await add()).toMatchObject({ site: null, orderMethod: { code: null, source: 'default' } });

    expect(world.crm.doors).toEqual([]);
  });

  it.each(['none', 'zzapToCrm'] as const)('refuses flag 3 with the direction %s', async (statusDirection) => {
    const refused = await refusedFields(add({ statusDirection, includeApiChanges: true }));

    expect(refused).toEqual({
      kind: 'invalid',
      code: 'check-failed',
      fields: ['includeApiChanges: api-changes-need-crm-to-zzap'],
    });
    expect(world.zzap.tried).toEqual([]);
  });

  it('does not know an account that was never made', async () => {
    const refused = await refusedFields(createConnection(world.ports, 'a-9', typed()));

    expect(refused).toEqual({ kind: 'not-found', code: 'account-not-found', fields: [] });
  });
});

describe('a connection that ZZap refuses', () => {
  it.each([
    ['login', 'login: zzap-login-refused'],
    ['password', 'password: zzap-password-refused'],
    ['apiKey', 'zzapApiKey: zzap-key-refused'],
    [undefined, 'login: zzap-credentials-refused'],
  ] as const)('names the field as far as ZZap tells: %s', async (credential, field) => {
    world.zzap.judge = () => remoteError({ kind: 'auth', ...(credential && { credential }), detail: 'нет' });

    const { fields } = await refusedFields(add());

    expect(fields).toEqual([field]);
  });

  it.each([
    ['unavailable', 'zzap-unavailable'],
    ['rate-limited', 'zzap-unavailable'],
    ['unexpected-body', 'zzap-refuses'],
    ['not-found', 'zzap-refuses'],
    ['invalid', 'zzap-refuses'],
  ] as const)('says that it is %s', async (kind, code) => {
    world.zzap.judge = () => remoteError({ kind });

    expect(await refusedFields(add())).toEqual({ kind: 'remote', code, fields: [] });
  });

  it('gives the slot back all the same', async () => {
    world.zzap.judge = () => remoteError({ kind: 'auth' });

    await refusalIn(add());

    expect(world.released).toHaveLength(1);
  });
});

describe('a store that cannot be used', () => {
  it('is unknown to RetailCRM', async () => {
    expect(await refusedFields(add({ site: 'omsk' }))).toEqual({
      kind: 'invalid',
      code: 'check-failed',
      fields: ['site: site-unknown'],
    });
  });

  it('is closed to the key', async () => {
    world.crm.allowedSites = ['kazan'];

    expect((await refusedFields(add({ site: 'moscow' }))).fields).toEqual(['site: site-not-allowed']);
    await expect(add({ site: 'kazan' })).resolves.toMatchObject({ site: 'kazan' });
  });

  it('is not known because RetailCRM does not answer', async () => {
    world.crm.broken.set('listSites', remoteError({ remote: 'retailcrm' }));

    expect(await refusedFields(add({ site: 'moscow' }))).toMatchObject({
      kind: 'remote',
      code: 'retailcrm-unavailable',
    });
  });
});

describe('one store, one ZZap account', () => {
  it.each([
    ['store', { login: 'other@example.com', site: 'moscow' }, 'site-taken', 'site', 'moscow'],
    ['login', { site: 'kazan' }, 'login-taken', 'login', 'seller@example.com'],
    [
      'login in another case',
      { login: ' SELLER@example.com', site: 'kazan' },
      'login-taken',
      'login',
      'seller@example.com',
    ],
  ])('refuses a second connection with the same %s and names the first', async (...row) => {
    const [, changes, code, path, value] = row;
    await add({ name: 'Первое', site: 'moscow' });

    const refusal = await refusalIn(add({ name: 'Второе', ...changes }));

    const params = { value, connectionName: 'Первое' };
    expect(refusal).toMatchObject({ kind: 'conflict', code, params, fields: [{ path, code, params }] });
    expect(await all()).toHaveLength(1);
  });

  it('lets one of ten saves at the same moment win', async () => {
    const saves = Array.from({ length: 10 }, (_, index) =>
      add({ login: `seller${index}@example.com`, site: 'moscow' }),
    );

    const results = await Promise.allSettled(saves);

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await all()).map(({ site }) => site)).toEqual(['moscow']);
  });

  it('lets another account have a store of the same code', async () => {
    await add({ site: 'moscow' });
    const other = await createAccount(world.ports, {
      name: 'Другой',
      crmUrl: 'https://other.retailcrm.ru',
      apiKey: CRM_KEY,
    });

    const connection = await createConnection(world.ports, other.accountId, { ...typed(), site: 'moscow' });

    expect(connection).toMatchObject({ site: 'moscow' });
  });

  it.each<readonly [string, () => void]>([
    ['ZZap refuses the password', () => (world.zzap.judge = () => remoteError({ kind: 'auth' }))],
    ['ZZap does not answer', () => (world.zzap.judge = () => remoteError())],
    ['checking breaks', () => (world.zzap.judge = () => new TypeError('a bug'))],
    ['the store is unknown', () => (world.crm.sites = [])],
    ['RetailCRM breaks', () => world.crm.broken.set('listOrderMethods', new TypeError('a bug'))],
    [
      'storing fails',
      () => jest.spyOn(world.ports.connections, 'create').mockRejectedValueOnce(new Error('disk')),
    ],
    ['sealing fails', () => jest.spyOn(world.ports.vault, 'seal').mockRejectedValueOnce(new Error('key'))],
  ])('gives store and login back when %s', async (_, breakIt) => {
    breakIt();

    await expect(add({ site: 'moscow' })).rejects.toThrow();

    const by = { connectionId: 'somebody', claimedAtMs: NIGHT_MS };
    const site = { kind: 'site', value: 'moscow' } as const;
    const login = { kind: 'login', value: 'seller@example.com' } as const;
    expect(await all()).toEqual([]);
    expect(await world.ports.claims.claim(accountId, site, by)).toEqual({ granted: true });
    expect(await world.ports.claims.claim(accountId, login, by)).toEqual({ granted: true });
  });

  it('gives the login back when the store is taken', async () => {
    await add({ site: 'moscow' });

    await refusalIn(add({ login: 'other@example.com', site: 'moscow' }));

    await expect(add({ login: 'other@example.com', site: 'kazan' })).resolves.toMatchObject({
      site: 'kazan',
    });
  });

  it('keeps both when only the start failed: the connection is stored', async () => {
    jest.spyOn(world.ports.lane, 'send').mockRejectedValueOnce(new Error('queue'));

    await expect(add({ site: 'moscow' })).rejects.toThrow('queue');

    expect(await all()).toHaveLength(1);
    const refused = await refusalIn(add({ login: 'other@example.com', site: 'moscow' }));
    expect(refused.code).toBe('site-taken');
  });
});

describe('a claim that a dead save left', () => {
  const leftAtMs = NIGHT_MS;
  beforeEach(async () => {
    const by = { connectionId: 'c-dead', claimedAtMs: leftAtMs };
    await world.ports.claims.claim(accountId, { kind: 'site', value: 'moscow' }, by);
  });

  it('counts as a save under way for five minutes', async () => {
    world.clock.pass(FIVE_MINUTES_MS);

    expect(await refusedFields(add({ site: 'moscow' }))).toEqual({
      kind: 'conflict',
      code: 'being-saved',
      fields: ['site: being-saved'],
    });
  });

  it('is taken over after that', async () => {
    world.clock.pass(FIVE_MINUTES_MS + 1);

    expect(await add({ site: 'moscow' })).toMatchObject({ site: 'moscow', state: 'active' });
  });

  it('goes to one of two who take it over at the same moment', async () => {
    world.clock.pass(FIVE_MINUTES_MS + 1);

    const results = await Promise.allSettled([
      add({ login: 'one@example.com', site: 'moscow' }),
      add({ login: 'two@example.com', site: 'moscow' }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await all()).toHaveLength(1);
  });

  it('is never taken from a connection that uses it, however old', async () => {
    world.clock.pass(FIVE_MINUTES_MS + 1);
    await add({ site: 'moscow' });
    world.clock.pass(1_000 * FIVE_MINUTES_MS);

    expect(await refusedFields(add({ login: 'other@example.com', site: 'moscow' }))).toMatchObject({
      code: 'site-taken',
    });
  });
});

describe('the order method', () => {
  const method = (code: string, name: string, active = true) => ({
    code,
    name,
    active,
    defaultForApi: false,
  });

  it.each(['Заказ с ZZap', 'ЗАКАЗ С zzap', '  заказ с ZZap '])('is an active one named %j', async (name) => {
    world.crm.orderMethods = [method('off', 'Заказ с ZZap', false), method('shop', name)];

    expect(await add({ site: 'moscow' })).toMatchObject({
      orderMethod: { code: 'shop', source: 'existing' },
    });
    expect(world.crm.calls).not.toContain('ensureOrderMethod');
  });

  it('is created when only a switched-off one has the name', async () => {
    world.crm.orderMethods = [method('off', 'Заказ с ZZap', false)];

    expect(await add({ site: 'moscow' })).toMatchObject({ orderMethod: { source: 'created' } });
    expect(world.crm.orderMethods.map(({ code, name }) => [code, name])).toEqual([
      ['off', 'Заказ с ZZap'],
      ['zzap-c0002', 'Заказ с ZZap'],
    ]);
  });

  it('is the default of the account when the key may not create one', async () => {
    world = createWorld();
    world.crm.scopes = REQUIRED;
    ({ accountId } = await createAccount(world.ports, { name: 'K', crmUrl: CRM_URL, apiKey: CRM_KEY }));

    expect(await add({ site: 'moscow' })).toMatchObject({ orderMethod: { code: null, source: 'default' } });
    expect(world.crm.calls).not.toContain('ensureOrderMethod');
  });

  it('is the default of the account when RetailCRM refuses to create one, and the log tells', async () => {
    world.crm.broken.set('ensureOrderMethod', remoteError({ remote: 'retailcrm', kind: 'invalid' }));

    expect(await add({ site: 'moscow' })).toMatchObject({ orderMethod: { code: null, source: 'default' } });
    expect(world.ports.log.lines().map(({ level, event }) => [level, event])).toEqual([
      ['warn', 'order-method.not-created'],
    ]);
  });
});

import { createAccount, removeAccount, updateAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { removeConnection } from '../../../functions/settings/remove-connection';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  NIGHT_MS,
  remoteError,
  typed,
  type World,
} from '../../support/settings-world';
import { refusalIn, refusedFields } from './refusal-of';

const input = { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY };

describe('create account', () => {
  let world: World;
  beforeEach(() => (world = createWorld()));

  it('stores the account with what its key may do and the zone it counts in', async () => {
    world.crm.timeZone = 'Asia/Yekaterinburg';

    const account = await createAccount(world.ports, input);

    expect(account).toEqual({
      accountId: 'a-0001',
      version: 1,
      name: 'Колесо',
      crmUrl: 'https://koleso.retailcrm.ru',
      sealedApiKey: expect.any(String) as string,
      scopes: [
        'order_read',
        'order_write',
        'reference_read',
        'reference_write',
        'store_read',
        'integration_read',
        'integration_write',
      ],
      timeZone: 'Asia/Yekaterinburg',
      createdAtMs: NIGHT_MS,
    });
    expect(await world.ports.accounts.find('a-0001')).toEqual(account);
  });

  it('keeps the key only sealed, for this account', async () => {
    const account = await createAccount(world.ports, input);

    expect(JSON.stringify(account)).not.toContain(CRM_KEY);
    expect(await world.ports.vault.open(account.sealedApiKey, account.accountId)).toBe(CRM_KEY);
  });

  it('tries the key at the very address it is for', async () => {
    await createAccount(world.ports, { ...input, crmUrl: ' HTTPS://Koleso.RetailCRM.ru ' });

    expect(world.crm.doors.map(({ crmUrl, apiKey }) => [crmUrl, apiKey])).toEqual([
      [CRM_URL, CRM_KEY],
      // Where the module is installed then.
      [CRM_URL, CRM_KEY],
    ]);
  });

  it.each([
    ['is not told', null],
    ['cannot be asked', remoteError({ remote: 'retailcrm', kind: 'auth', credential: 'scope' })],
  ])('counts in Moscow time when the zone %s', async (_, answer) => {
    world.crm.timeZone = null;
    if (answer) world.crm.broken.set('readTimeZone', answer);

    expect(await createAccount(world.ports, input)).toMatchObject({ timeZone: 'Europe/Moscow' });
  });

  it('names every right the key lacks', async () => {
    world.crm.scopes = ['order_read', 'store_read'];

    const { kind, code, fields } = await refusalIn(createAccount(world.ports, input));

    expect({ kind, code, fields }).toEqual({
      kind: 'invalid',
      code: 'check-failed',
      fields: [
        { path: 'apiKey', code: 'crm-scopes-missing', params: { scopes: 'order_write, reference_read' } },
      ],
    });
    expect(await world.ports.accounts.list({ limit: 10 })).toEqual([]);
  });

  it('needs no right but the three it cannot do without', async () => {
    world.crm.scopes = ['reference_read', 'order_write', 'order_read'];

    await expect(createAccount(world.ports, input)).resolves.toMatchObject({ accountId: 'a-0001' });
  });

  it.each([
    [{ kind: 'auth', credential: 'apiKey' }, 'invalid', ['apiKey: crm-key-refused']],
    [{ kind: 'not-found' }, 'invalid', ['crmUrl: crm-account-not-found']],
    [{ kind: 'unavailable' }, 'remote', []],
    [{ kind: 'rate-limited' }, 'remote', []],
    [{ kind: 'unexpected-body' }, 'remote', []],
    [{ kind: 'invalid' }, 'remote', []],
  ] as const)('says what RetailCRM did not like: %j', async (facts, kind, fields) => {
    world.crm.broken.set('readAccess', remoteError({ remote: 'retailcrm', ...facts }));

    const refused = await refusedFields(createAccount(world.ports, input));

    expect(refused).toMatchObject({ kind, fields });
    expect(await world.ports.accounts.list({ limit: 10 })).toEqual([]);
  });

  it.each([
    ['unavailable', 'retailcrm-unavailable'],
    ['rate-limited', 'retailcrm-unavailable'],
    ['unexpected-body', 'retailcrm-refuses'],
    ['invalid', 'retailcrm-refuses'],
  ] as const)('tells an outage from a refusal: %s', async (kind, code) => {
    world.crm.broken.set('readAccess', remoteError({ remote: 'retailcrm', kind, detail: 'HTTP 503' }));

    const refusal = await refusalIn(createAccount(world.ports, input));

    expect([refusal.code, refusal.params]).toEqual([code, { detail: 'HTTP 503' }]);
  });

  it('hides no error that nobody expected', async () => {
    world.crm.broken.set('readAccess', new TypeError('a bug'));

    await expect(createAccount(world.ports, input)).rejects.toThrow(TypeError);
  });

  it('takes an address once, however it is typed', async () => {
    await createAccount(world.ports, input);

    const second = createAccount(world.ports, { ...input, crmUrl: 'https://KOLESO.retailcrm.ru:443/' });

    expect(await refusedFields(second)).toEqual({
      kind: 'conflict',
      code: 'account-exists',
      fields: ['crmUrl: account-exists'],
    });
  });
});

describe('the address of an account', () => {
  const allowed = ['stub.example', 'with-port.example:8443', '127.0.0.1', '[::1]'];

  it.each([
    ['https://koleso.retailcrm.ru', 'https://koleso.retailcrm.ru'],
    ['https://koleso.retailcrm.ru/', 'https://koleso.retailcrm.ru'],
    ['  https://koleso.retailcrm.ru  ', 'https://koleso.retailcrm.ru'],
    ['HTTPS://KOLESO.RETAILCRM.RU', 'https://koleso.retailcrm.ru'],
    ['https://koleso.retailcrm.ru:443', 'https://koleso.retailcrm.ru'],
    ['https://koleso.retailcrm.pro', 'https://koleso.retailcrm.pro'],
    ['https://koleso.retailcrm.es', 'https://koleso.retailcrm.es'],
    ['https://ko-leso7.simla.com', 'https://ko-leso7.simla.com'],
    // Another spelling of the same host: what is called is the host as the URL parser has it.
    ['https://koleso。retailcrm。ru', 'https://koleso.retailcrm.ru'],
    ['https://stub.example', 'https://stub.example'],
    ['http://stub.example:8080', 'http://stub.example:8080'],
    ['http://STUB.example', 'http://stub.example'],
    ['https://with-port.example:8443', 'https://with-port.example:8443'],
    ['http://127.0.0.1:3002', 'http://127.0.0.1:3002'],
    ['http://[::1]:3002', 'http://[::1]:3002'],
  ])('%j is called as %s', async (crmUrl, called) => {
    const { ports, crm } = createWorld({ crmAllowedHosts: allowed });

    const account = await createAccount(ports, { ...input, crmUrl });

    expect(account.crmUrl).toBe(called);
    expect([...new Set(crm.doors.map((door) => door.crmUrl))]).toEqual([called]);
  });

  it.each([
    // not an address at all
    ['', 'crm-url-malformed'],
    ['koleso', 'crm-url-malformed'],
    ['koleso.retailcrm.ru', 'crm-url-malformed'],
    ['//koleso.retailcrm.ru', 'crm-url-malformed'],
    ['https://', 'crm-url-malformed'],
    ['https://kole so.retailcrm.ru', 'crm-url-malformed'],
    // more than an address
    ['https://admin@koleso.retailcrm.ru', 'crm-url-malformed'],
    ['https://admin:secret@koleso.retailcrm.ru', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru@evil.example', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru:x@evil.example', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru/api/v5', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru//', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru?x=1', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru/?', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru#', 'crm-url-malformed'],
    ['https://koleso.retailcrm.ru#@evil.example', 'crm-url-malformed'],
    // not the way there
    ['http://koleso.retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.ru:8443', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.ru:80', 'crm-url-not-retailcrm'],
    ['ftp://koleso.retailcrm.ru', 'crm-url-not-retailcrm'],
    // not RetailCRM
    ['https://retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://a.koleso.retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.ru.', 'crm-url-not-retailcrm'],
    ['https://.retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://-koleso.retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://ko_leso.retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://kolesoretailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.ru.evil.example', 'crm-url-not-retailcrm'],
    ['https://koleso.evil-retailcrm.ru', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.com', 'crm-url-not-retailcrm'],
    ['https://koleso.retailcrm.ru%2eevil.example', 'crm-url-not-retailcrm'],
    // a Cyrillic «е» in «retailcrm»
    ['https://koleso.r\u0435tailcrm.ru', 'crm-url-not-retailcrm'],
    // machines near by, in every spelling
    ['https://localhost', 'crm-url-not-retailcrm'],
    ['https://10.0.0.1', 'crm-url-not-retailcrm'],
    ['https://169.254.169.254', 'crm-url-not-retailcrm'],
    ['http://169.254.169.254/latest/meta-data', 'crm-url-malformed'],
    ['https://2852039166', 'crm-url-not-retailcrm'],
    ['https://0xA9FEA9FE', 'crm-url-not-retailcrm'],
    ['https://0251.0376.0251.0376', 'crm-url-not-retailcrm'],
    ['https://[fd00:ec2::254]', 'crm-url-not-retailcrm'],
    ['https://[::ffff:169.254.169.254]', 'crm-url-not-retailcrm'],
    ['https://0', 'crm-url-not-retailcrm'],
    // allowed hosts are allowed as they stand
    ['https://sub.stub.example', 'crm-url-not-retailcrm'],
    ['https://stub.example.', 'crm-url-not-retailcrm'],
    ['https://with-port.example', 'crm-url-not-retailcrm'],
    ['https://with-port.example:8444', 'crm-url-not-retailcrm'],
    ['http://127.0.0.2', 'crm-url-not-retailcrm'],
    ['ftp://stub.example', 'crm-url-not-retailcrm'],
    ['http://admin@stub.example', 'crm-url-malformed'],
    ['http://stub.example/redirect', 'crm-url-malformed'],
    // other schemes
    ['file:///etc/hosts', 'crm-url-malformed'],
    ['javascript:alert(1)', 'crm-url-malformed'],
    ['data:text/plain,x', 'crm-url-malformed'],
  ])('%j is refused and never called', async (crmUrl, code) => {
    const { ports, crm } = createWorld({ crmAllowedHosts: allowed });

    const refused = await refusedFields(createAccount(ports, { ...input, crmUrl }));

    expect(refused).toEqual({ kind: 'invalid', code: 'check-failed', fields: [`crmUrl: ${code}`] });
    expect(crm.doors).toEqual([]);
  });
});

describe('update account', () => {
  let world: World;
  beforeEach(async () => {
    world = createWorld();
    await createAccount(world.ports, input);
    world.crm.doors.length = 0;
  });

  it('renames without asking RetailCRM', async () => {
    const account = await updateAccount(world.ports, 'a-0001', { name: 'Колесо и К°' });

    expect(account).toMatchObject({ name: 'Колесо и К°', version: 2 });
    expect(world.crm.doors).toEqual([]);
    expect(await world.ports.vault.open(account.sealedApiKey, 'a-0001')).toBe(CRM_KEY);
  });

  it('tries a new key before it replaces the old one', async () => {
    world.crm.broken.set('readAccess', remoteError({ remote: 'retailcrm', kind: 'auth' }));

    const refused = await refusedFields(updateAccount(world.ports, 'a-0001', { apiKey: 'another' }));

    expect(refused.fields).toEqual(['apiKey: crm-key-refused']);
    const stored = await world.ports.accounts.find('a-0001');
    expect(await world.ports.vault.open(stored!.sealedApiKey, 'a-0001')).toBe(CRM_KEY);
    expect(stored?.version).toBe(1);
  });

  it('keeps what a new key may do', async () => {
    world.crm.scopes = ['order_read', 'order_write', 'reference_read'];
    world.crm.timeZone = 'Asia/Omsk';

    const account = await updateAccount(world.ports, 'a-0001', { apiKey: 'another' });

    expect(account).toMatchObject({
      scopes: ['order_read', 'order_write', 'reference_read'],
      timeZone: 'Asia/Omsk',
    });
    expect(await world.ports.vault.open(account.sealedApiKey, 'a-0001')).toBe('another');
  });

  it('takes the same address and refuses another one', async () => {
    await updateAccount(world.ports, 'a-0001', { crmUrl: `${CRM_URL}/`, name: 'same' });

    const moved = updateAccount(world.ports, 'a-0001', { crmUrl: 'https://other.retailcrm.ru' });

    expect(await refusedFields(moved)).toEqual({
      kind: 'invalid',
      code: 'check-failed',
      fields: ['crmUrl: crm-url-fixed'],
    });
  });

  it('refuses changes made to an older version', async () => {
    await updateAccount(world.ports, 'a-0001', { name: 'first', version: 1 });

    const late = updateAccount(world.ports, 'a-0001', { name: 'second', version: 1 });

    expect(await refusedFields(late)).toMatchObject({ kind: 'conflict', code: 'stale-version' });
    expect(await world.ports.accounts.find('a-0001')).toMatchObject({ name: 'first', version: 2 });
  });

  it('lets one of two saves at the same moment win', async () => {
    const results = await Promise.allSettled([
      updateAccount(world.ports, 'a-0001', { name: 'first' }),
      updateAccount(world.ports, 'a-0001', { name: 'second' }),
    ]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.ports.accounts.find('a-0001')).toMatchObject({ version: 2 });
  });

  it('does not know an account that was never made', async () => {
    const nobody = updateAccount(world.ports, 'a-9999', { name: 'x' });

    expect(await refusedFields(nobody)).toEqual({ kind: 'not-found', code: 'account-not-found', fields: [] });
  });
});

describe('remove account', () => {
  let world: World;
  beforeEach(async () => {
    world = createWorld();
    await createAccount(world.ports, input);
  });

  it('refuses while a connection uses it and names that one', async () => {
    await createConnection(world.ports, 'a-0001', typed());

    const refusal = await refusalIn(removeAccount(world.ports, 'a-0001'));

    expect([refusal.kind, refusal.code, refusal.params]).toEqual([
      'conflict',
      'account-has-connections',
      { name: 'Заказ с ZZap' },
    ]);
  });

  it('removes it when its connections are gone, and frees its address', async () => {
    const { connectionId } = await createConnection(world.ports, 'a-0001', typed());
    await removeConnection(world.ports, connectionId);

    await removeAccount(world.ports, 'a-0001');

    expect(await world.ports.accounts.find('a-0001')).toBeNull();
    await expect(createAccount(world.ports, input)).resolves.toMatchObject({ crmUrl: CRM_URL });
  });
});

import type { Connection } from '../../../functions/domain/connection';
import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import type { ConnectionChanges, NewConnection } from '../../../functions/settings/connection-input';
import { getConnection } from '../../../functions/settings/get-connection';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { updateConnection } from '../../../functions/settings/update-connection';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  NIGHT_MS,
  PASSWORD,
  remoteError,
  typed,
  ZZAP_KEY,
  type World,
} from '../../support/settings-world';
import { refusalIn, refusedFields } from './refusal-of';

const FIVE_MINUTES_MS = 300_000;
const DAY_MS = 86_400_000;

let world: World;
let accountId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
});

async function add(changes: Partial<NewConnection> = {}): Promise<string> {
  const { connectionId } = await createConnection(world.ports, accountId, {
    ...typed(),
    site: 'moscow',
    ...changes,
  });
  world.zzap.tried.length = 0;
  world.crm.calls.length = 0;
  world.clock.pass(1_000);
  return connectionId;
}
const change = (connectionId: string, changes: ConnectionChanges) =>
  updateConnection(world.ports, connectionId, changes);
const sentSince = (count: number) => world.ports.lane.sent().slice(count);

async function suspend(connectionId: string): Promise<void> {
  const connection = await getConnection(world.ports, connectionId);
  const suspended: Connection = {
    ...connection,
    state: 'suspended',
    suspension: 'zzap-credentials',
    version: connection.version + 1,
  };
  await world.ports.connections.save(suspended, connection.version);
  await world.ports.schedules.remove(connectionId);
}

async function credentialsOf(connectionId: string): Promise<unknown> {
  const { sealedCredentials } = await getConnection(world.ports, connectionId);
  return JSON.parse(await world.ports.vault.open(sealedCredentials, connectionId));
}

describe('update connection: settings', () => {
  it('leaves what is not named as it is', async () => {
    const connectionId = await add({
      intervalMinutes: 5,
      itemLink: 'article',
      statusDirection: 'crmToZzap',
      includeApiChanges: true,
    });
    const before = await getConnection(world.ports, connectionId);

    const after = await change(connectionId, {});

    expect(after).toEqual({ ...before, version: 2 });
    expect(world.zzap.tried).toEqual([]);
    expect(world.crm.calls).toEqual([]);
  });

  it('changes what is named', async () => {
    const connectionId = await add();
    const changes = {
      intervalMinutes: 60,
      itemLink: 'externalId',
      statusDirection: 'zzapToCrm',
    } as const;

    expect(await change(connectionId, changes)).toMatchObject({ ...changes, version: 2 });
    expect(await getConnection(world.ports, connectionId)).toMatchObject({ ...changes, version: 2 });
  });

  it('gives a new interval to the schedule and runs nothing for it', async () => {
    const connectionId = await add({ intervalMinutes: 5 });
    const sent = world.ports.lane.sent().length;

    await change(connectionId, { intervalMinutes: 30 });

    expect(world.ports.schedules.standing().get(connectionId)).toEqual({
      accountId,
      intervalMinutes: 30,
      anchorMs: NIGHT_MS + 1_000,
    });
    expect(sentSince(sent)).toEqual([]);
  });

  it('clears flag 3 when flag 2 goes', async () => {
    const connectionId = await add({ statusDirection: 'crmToZzap', includeApiChanges: true });

    expect(await change(connectionId, { statusDirection: 'none' })).toMatchObject({
      statusDirection: 'none',
      includeApiChanges: false,
    });
  });

  it('refuses flag 3 without flag 2, whichever of them is named', async () => {
    const connectionId = await add({ statusDirection: 'none' });

    for (const changes of [
      { includeApiChanges: true },
      { includeApiChanges: true, statusDirection: 'zzapToCrm' },
    ] as const) {
      expect(await refusedFields(change(connectionId, changes))).toEqual({
        kind: 'invalid',
        code: 'check-failed',
        fields: ['includeApiChanges: api-changes-need-crm-to-zzap'],
      });
    }
    await expect(
      change(connectionId, { includeApiChanges: true, statusDirection: 'crmToZzap' }),
    ).resolves.toMatchObject({ includeApiChanges: true });
  });

  it('chooses the order method again for a new name', async () => {
    const connectionId = await add();
    world.crm.orderMethods = [{ code: 'own', name: 'ЗЗап', active: true, defaultForApi: false }];

    expect(await change(connectionId, { name: 'ЗЗАП' })).toMatchObject({
      name: 'ЗЗАП',
      orderMethod: { code: 'own', source: 'existing' },
    });
  });

  it('refuses changes made to an older version and does nothing for them', async () => {
    const connectionId = await add();
    await change(connectionId, { name: 'первое', version: 1 });
    world.zzap.tried.length = 0;

    const late = change(connectionId, { name: 'второе', password: 'new', version: 1 });

    expect(await refusedFields(late)).toEqual({
      kind: 'conflict',
      code: 'stale-version',
      fields: ['version: stale-version'],
    });
    expect(world.zzap.tried).toEqual([]);
    expect(await getConnection(world.ports, connectionId)).toMatchObject({ name: 'первое' });
  });

  it('loses to a save that was faster while ZZap was being asked', async () => {
    const connectionId = await add();
    world.zzap.meanwhile = async () => {
      world.zzap.meanwhile = () => Promise.resolve();
      await change(connectionId, { name: 'быстрее' });
    };

    expect(await refusedFields(change(connectionId, { password: 'new' }))).toMatchObject({
      code: 'stale-version',
    });
    expect(await getConnection(world.ports, connectionId)).toMatchObject({ name: 'быстрее', version: 2 });
    expect(await credentialsOf(connectionId)).toEqual({ password: PASSWORD, apiKey: ZZAP_KEY });
  });

  it.each(['c-none', 'removed'])('does not know a connection that is not there: %s', async (which) => {
    const connectionId = await add();
    if (which === 'removed') await removeConnection(world.ports, connectionId);

    const nobody = change(which === 'removed' ? connectionId : which, { name: 'x' });

    expect(await refusedFields(nobody)).toEqual({
      kind: 'not-found',
      code: 'connection-not-found',
      fields: [],
    });
  });
});

describe('update connection: credentials', () => {
  it.each([
    [{ password: 'new' }, { password: 'new', apiKey: ZZAP_KEY }],
    [{ zzapApiKey: 'new' }, { password: PASSWORD, apiKey: 'new' }],
    [
      { password: 'p', zzapApiKey: 'k' },
      { password: 'p', apiKey: 'k' },
    ],
  ])('keeps the stored secret that is left blank: %j', async (changes, stored) => {
    const connectionId = await add();

    await change(connectionId, changes);

    expect(await credentialsOf(connectionId)).toEqual(stored);
    expect(world.zzap.tried).toEqual([{ login: 'seller@example.com', ...stored }]);
  });

  it('tries them before it keeps them', async () => {
    const connectionId = await add();
    world.zzap.judge = () => remoteError({ kind: 'auth', credential: 'password' });

    const refused = await refusedFields(change(connectionId, { password: 'wrong', name: 'новое' }));

    expect(refused).toEqual({
      kind: 'invalid',
      code: 'check-failed',
      fields: ['password: zzap-password-refused'],
    });
    expect(await credentialsOf(connectionId)).toEqual({ password: PASSWORD, apiKey: ZZAP_KEY });
    expect(await getConnection(world.ports, connectionId)).toMatchObject({
      name: 'Заказ с ZZap',
      version: 1,
    });
  });

  it('tries the stored secrets with a new login', async () => {
    const connectionId = await add();

    await change(connectionId, { login: 'other@example.com' });

    expect(world.zzap.tried).toEqual([{ login: 'other@example.com', password: PASSWORD, apiKey: ZZAP_KEY }]);
  });

  it('tries nothing when the login is the same', async () => {
    const connectionId = await add();

    await change(connectionId, { login: 'seller@example.com', name: 'x' });

    expect(world.zzap.tried).toEqual([]);
  });

  it('runs an active connection at once with new ones: the old ones may be why its runs pause', async () => {
    const connectionId = await add();
    const sent = world.ports.lane.sent().length;

    await change(connectionId, { password: 'new' });

    expect(sentSince(sent)).toMatchObject([{ connectionId, trigger: 'activated' }]);
  });

  it('wakes a suspended connection with accepted ones, and runs it at once', async () => {
    const connectionId = await add();
    await suspend(connectionId);
    const sent = world.ports.lane.sent().length;

    expect(await change(connectionId, { password: 'new' })).toMatchObject({
      state: 'active',
      suspension: null,
    });

    expect(world.ports.schedules.standing().has(connectionId)).toBe(true);
    expect(sentSince(sent)).toMatchObject([{ connectionId, trigger: 'activated' }]);
  });

  it('leaves a suspended connection suspended when other settings change', async () => {
    const connectionId = await add();
    await suspend(connectionId);

    expect(await change(connectionId, { name: 'x' })).toMatchObject({
      state: 'suspended',
      suspension: 'zzap-credentials',
    });
    expect(world.ports.schedules.standing().size).toBe(0);
  });

  it('wakes a suspended connection on request when the stored ones work again', async () => {
    const connectionId = await add();
    await suspend(connectionId);

    expect(await change(connectionId, { active: true })).toMatchObject({ state: 'active' });
    expect(world.zzap.tried).toEqual([{ login: 'seller@example.com', password: PASSWORD, apiKey: ZZAP_KEY }]);
  });

  it('does not wake it while the stored ones are refused', async () => {
    const connectionId = await add();
    await suspend(connectionId);
    world.zzap.judge = () => remoteError({ kind: 'auth' });

    await refusalIn(change(connectionId, { active: true }));

    expect(await getConnection(world.ports, connectionId)).toMatchObject({ state: 'suspended' });
  });

  it('pauses a suspended connection on request without asking ZZap', async () => {
    const connectionId = await add();
    await suspend(connectionId);

    expect(await change(connectionId, { active: false })).toMatchObject({
      state: 'paused',
      suspension: null,
    });
    expect(world.zzap.tried).toEqual([]);
  });
});

describe('update connection: running or not', () => {
  it('pauses and takes the schedule away', async () => {
    const connectionId = await add();

    expect(await change(connectionId, { active: false })).toMatchObject({ state: 'paused' });
    expect(world.ports.schedules.standing().size).toBe(0);
  });

  it.each<ConnectionChanges>([
    { name: 'x' },
    { password: 'new' },
    { site: 'kazan' },
    { intervalMinutes: 1 },
    { importFromMs: 0 },
  ])('leaves a paused connection paused: %j', async (changes) => {
    const connectionId = await add();
    await change(connectionId, { active: false });
    const sent = world.ports.lane.sent().length;

    expect(await change(connectionId, changes)).toMatchObject({ state: 'paused' });
    expect(world.ports.schedules.standing().size).toBe(0);
    expect(sentSince(sent)).toEqual([]);
  });

  it('resumes on request and runs at once', async () => {
    const connectionId = await add();
    await change(connectionId, { active: false });
    const sent = world.ports.lane.sent().length;

    expect(await change(connectionId, { active: true })).toMatchObject({ state: 'active' });
    expect(sentSince(sent)).toMatchObject([{ trigger: 'activated' }]);
  });

  it('starts a draft that lacked only its store', async () => {
    const connectionId = await add({ site: null });

    expect(await change(connectionId, { site: 'moscow' })).toMatchObject({
      state: 'active',
      orderMethod: { source: 'created' },
    });
    expect(world.ports.schedules.standing().has(connectionId)).toBe(true);
  });

  it.each<ConnectionChanges>([{ name: 'x' }, { site: 'kazan' }, { password: 'new' }])(
    'leaves a draft that was not to start a draft: %j',
    async (changes) => {
      const connectionId = await add({ active: false });

      expect(await change(connectionId, changes)).toMatchObject({ state: 'draft' });
      expect(world.ports.schedules.standing().size).toBe(0);
    },
  );

  it('starts such a draft when told', async () => {
    const connectionId = await add({ active: false });

    expect(await change(connectionId, { active: true })).toMatchObject({ state: 'active' });
  });

  it('keeps a draft without a store a draft although it is told to start', async () => {
    const connectionId = await add({ site: null });

    expect(await change(connectionId, { active: true })).toMatchObject({ state: 'draft' });
  });

  it('pauses a connection that loses its store', async () => {
    const connectionId = await add();

    expect(await change(connectionId, { site: null })).toMatchObject({ state: 'paused', site: null });
    expect(world.ports.schedules.standing().size).toBe(0);
  });
});

describe('update connection: store and login', () => {
  it('claims the new store and gives the old one back', async () => {
    const connectionId = await add();

    await change(connectionId, { site: 'kazan' });

    const other = await refusalIn(add({ login: 'other@example.com', site: 'kazan' }));
    expect(other.code).toBe('site-taken');
    await expect(add({ login: 'other@example.com', site: 'moscow' })).resolves.toMatch(/^c-/);
  });

  it('claims the new login and gives the old one back', async () => {
    const connectionId = await add();

    await change(connectionId, { login: 'other@example.com' });

    const other = await refusalIn(add({ login: 'OTHER@example.com', site: 'kazan' }));
    expect(other.code).toBe('login-taken');
    await expect(add({ site: 'kazan' })).resolves.toMatch(/^c-/);
  });

  it('keeps its login when only the case changes', async () => {
    const connectionId = await add();

    await change(connectionId, { login: 'Seller@Example.com' });

    const other = await refusalIn(add({ site: 'kazan' }));
    expect(other.code).toBe('login-taken');
  });

  it('refuses a store and a login that another connection has, and stays as it is', async () => {
    await add({ name: 'Первое' });
    const connectionId = await add({ name: 'Второе', login: 'other@example.com', site: 'kazan' });

    const site = await refusalIn(change(connectionId, { site: 'moscow' }));
    const login = await refusalIn(change(connectionId, { login: 'seller@example.com' }));

    expect([site.code, site.params['connectionName']]).toEqual(['site-taken', 'Первое']);
    expect([login.code, login.params['connectionName']]).toEqual(['login-taken', 'Первое']);
    expect(await getConnection(world.ports, connectionId)).toMatchObject({
      site: 'kazan',
      login: 'other@example.com',
      version: 1,
    });
  });

  it('keeps its old store when the new one is refused', async () => {
    const connectionId = await add();

    expect((await refusedFields(change(connectionId, { site: 'omsk' }))).fields).toEqual([
      'site: site-unknown',
    ]);

    const other = await refusalIn(add({ login: 'other@example.com', site: 'moscow' }));
    expect(other.code).toBe('site-taken');
  });

  it('lets a store that it failed to move to pass on when the claim has settled', async () => {
    const connectionId = await add();
    world.crm.broken.set('listSites', remoteError({ remote: 'retailcrm' }));
    await refusalIn(change(connectionId, { site: 'kazan' }));
    world.crm.broken.clear();

    expect((await refusalIn(add({ login: 'other@example.com', site: 'kazan' }))).code).toBe('being-saved');
    world.clock.pass(FIVE_MINUTES_MS + 1);

    await expect(add({ login: 'other@example.com', site: 'kazan' })).resolves.toMatch(/^c-/);
  });

  it('regression: a save that loses a race does not free the store that the faster one took', async () => {
    const connectionId = await add();
    world.zzap.meanwhile = async () => {
      world.zzap.meanwhile = () => Promise.resolve();
      world.clock.pass(1_000);
      await change(connectionId, { site: 'kazan' });
    };

    await refusalIn(change(connectionId, { site: 'kazan', password: 'new' }));

    expect(await getConnection(world.ports, connectionId)).toMatchObject({ site: 'kazan' });
    const other = await refusalIn(add({ login: 'other@example.com', site: 'kazan' }));
    expect(other.code).toBe('site-taken');
  });

  it('runs at once for a new store', async () => {
    const connectionId = await add();
    const sent = world.ports.lane.sent().length;

    await change(connectionId, { site: 'kazan' });

    expect(sentSince(sent)).toMatchObject([{ connectionId, trigger: 'activated' }]);
  });
});

describe('update connection: the day to import from', () => {
  const pulled = async (connectionId: string) => {
    const cursor = await world.ports.cursors.read(connectionId);
    await world.ports.cursors.advance({
      ...cursor,
      pulledToMs: NIGHT_MS,
      lastSyncAtMs: NIGHT_MS,
      digest: { '1': 'x' },
      retryAtMs: NIGHT_MS + 5,
    });
  };

  it('goes back to an earlier one: everything is asked for again, and at once', async () => {
    const connectionId = await add();
    await pulled(connectionId);
    const sent = world.ports.lane.sent().length;

    await change(connectionId, { importFromMs: NIGHT_MS - 10 * DAY_MS });

    expect(await world.ports.cursors.read(connectionId)).toMatchObject({
      pulledToMs: null,
      digest: {},
      // What stays: when ZZap was last asked, and what waits for another try.
      lastSyncAtMs: NIGHT_MS,
      retryAtMs: NIGHT_MS + 5,
    });
    expect(sentSince(sent)).toMatchObject([{ connectionId, trigger: 'activated' }]);
  });

  it.each([
    ['a later one', NIGHT_MS + DAY_MS],
    ['the same one', Date.UTC(2026, 10, 22, 21)],
  ])('changes nothing else for %s', async (_, importFromMs) => {
    const connectionId = await add();
    await pulled(connectionId);
    const sent = world.ports.lane.sent().length;

    expect(await change(connectionId, { importFromMs })).toMatchObject({ importFromMs });

    expect(await world.ports.cursors.read(connectionId)).toMatchObject({ pulledToMs: NIGHT_MS });
    expect(sentSince(sent)).toEqual([]);
  });

  it('goes back although a run is advancing the cursor', async () => {
    const connectionId = await add();
    await pulled(connectionId);
    const cursor = await world.ports.cursors.read(connectionId);
    const spied = jest.spyOn(world.ports.cursors, 'advance');
    spied.mockImplementationOnce(async () => {
      await world.ports.cursors.advance({ ...cursor, digest: { '2': 'y' } });
      return null;
    });

    await change(connectionId, { importFromMs: 0 });

    expect(await world.ports.cursors.read(connectionId)).toMatchObject({ pulledToMs: null });
  });

  it('regression: a first import still under way does not settle the later day it began with', async () => {
    const connectionId = await add();
    const seenByTheRun = await world.ports.cursors.read(connectionId);

    await change(connectionId, { importFromMs: 0 });

    expect(await world.ports.cursors.advance({ ...seenByTheRun, pulledToMs: NIGHT_MS })).toBeNull();
  });
});

describe('remove connection', () => {
  it('erases its credentials, its schedule and its cursor, and frees store and login', async () => {
    const connectionId = await add();
    const cursor = await world.ports.cursors.read(connectionId);
    await world.ports.cursors.advance({ ...cursor, pulledToMs: NIGHT_MS });

    await removeConnection(world.ports, connectionId);

    expect(await world.ports.connections.find(connectionId)).toMatchObject({
      state: 'removed',
      sealedCredentials: '',
      hookSecret: { digest: '', sealed: '' },
      version: 2,
    });
    expect(world.ports.schedules.standing().size).toBe(0);
    expect(await world.ports.cursors.read(connectionId)).toMatchObject({ version: 0, pulledToMs: null });
    await expect(add()).resolves.not.toBe(connectionId);
  });

  it('is gone after that', async () => {
    const connectionId = await add();
    await removeConnection(world.ports, connectionId);

    expect(await refusedFields(removeConnection(world.ports, connectionId))).toEqual({
      kind: 'not-found',
      code: 'connection-not-found',
      fields: [],
    });
    expect(await world.ports.connections.list(accountId, { limit: 10 })).toEqual([]);
  });

  it('frees store and login also when it died half-way', async () => {
    const connectionId = await add();
    jest.spyOn(world.ports.schedules, 'remove').mockRejectedValueOnce(new Error('crash'));
    await expect(removeConnection(world.ports, connectionId)).rejects.toThrow('crash');
    world.clock.pass(FIVE_MINUTES_MS + 1);

    await expect(add()).resolves.not.toBe(connectionId);
  });

  it('loses to a save that was faster, and removes nothing', async () => {
    const connectionId = await add();
    jest.spyOn(world.ports.connections, 'save').mockResolvedValueOnce(false);

    expect((await refusalIn(removeConnection(world.ports, connectionId))).code).toBe('stale-version');

    expect(await getConnection(world.ports, connectionId)).toMatchObject({ state: 'active' });
    expect(world.ports.schedules.standing().has(connectionId)).toBe(true);
  });
});

import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { listDirectories } from '../../../functions/settings/list-directories';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { readMapping, saveMapping } from '../../../functions/settings/status-mapping';
import { createWorld, CRM_KEY, CRM_URL, remoteError, typed, type World } from '../../support/settings-world';
import { refusalIn, refusedFields } from './refusal-of';

let world: World;
let accountId: string;
let connectionId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
  ({ connectionId } = await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' }));
});

const save = (version: number, pairs: readonly (readonly [string, number])[]) =>
  saveMapping(world.ports, connectionId, {
    version,
    pairs: pairs.map(([crmStatus, zzapStatus]) => ({ crmStatus, zzapStatus })),
  });

describe('the status mapping', () => {
  it('begins empty, with both dictionaries', async () => {
    const { mapping, dictionaries } = await readMapping(world.ports, connectionId);

    expect(mapping).toEqual({ connectionId, version: 0, pairs: [] });
    expect(dictionaries).toEqual({ crm: world.crm.statuses, zzap: world.zzap.statuses });
  });

  it('keeps what is saved', async () => {
    const saved = await save(0, [
      ['new', 10],
      ['cancel', 30],
    ]);

    expect(saved.mapping).toEqual({
      connectionId,
      version: 1,
      pairs: [
        { crmStatus: 'new', zzapStatus: 10 },
        { crmStatus: 'cancel', zzapStatus: 30 },
      ],
    });
    expect((await readMapping(world.ports, connectionId)).mapping).toEqual(saved.mapping);
  });

  it('may be emptied', async () => {
    await save(0, [['new', 10]]);

    expect((await save(1, [])).mapping).toMatchObject({ version: 2, pairs: [] });
  });

  it('names each repeated and each unknown status with its row, all at once', async () => {
    const refusal = await refusalIn(
      save(0, [
        ['new', 10],
        ['new', 20],
        ['work', 10],
        ['gone', 30],
        ['new', 99],
      ]),
    );

    expect([refusal.kind, refusal.code]).toEqual(['invalid', 'mapping-refused']);
    expect(refusal.fields).toEqual([
      { path: 'pairs.1.crmStatus', code: 'status-used-twice', params: { status: 'new', firstRow: 1 } },
      { path: 'pairs.4.crmStatus', code: 'status-used-twice', params: { status: 'new', firstRow: 1 } },
      { path: 'pairs.2.zzapStatus', code: 'status-used-twice', params: { status: 10, firstRow: 1 } },
      { path: 'pairs.3.crmStatus', code: 'status-unknown', params: { status: 'gone' } },
      { path: 'pairs.4.zzapStatus', code: 'status-unknown', params: { status: 99 } },
    ]);
    expect((await readMapping(world.ports, connectionId)).mapping.version).toBe(0);
  });

  it('takes a status that is switched off in RetailCRM: orders may still have it', async () => {
    world.crm.statuses = world.crm.statuses.map((status) => ({ ...status, active: false }));

    await expect(save(0, [['new', 10]])).resolves.toBeDefined();
  });

  it('refuses a save over an older version', async () => {
    await save(0, [['new', 10]]);

    expect(await refusedFields(save(0, [['work', 20]]))).toMatchObject({
      kind: 'conflict',
      code: 'stale-version',
    });
    expect((await readMapping(world.ports, connectionId)).mapping.pairs).toEqual([
      { crmStatus: 'new', zzapStatus: 10 },
    ]);
  });

  it('opens without the side that does not answer, and checks only the other', async () => {
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm' }));

    expect((await readMapping(world.ports, connectionId)).dictionaries).toEqual({
      crm: null,
      zzap: world.zzap.statuses,
    });
    const refused = await refusedFields(save(0, [['anything', 99]]));
    expect(refused.fields).toEqual(['pairs.0.zzapStatus: status-unknown']);
  });

  it.each([
    ['an outage', remoteError()],
    ['dead credentials', remoteError({ kind: 'auth' })],
  ])('opens with %s at ZZap', async (_, error) => {
    world.zzap.judge = () => error;

    expect((await readMapping(world.ports, connectionId)).dictionaries).toEqual({
      crm: world.crm.statuses,
      zzap: null,
    });
  });

  it('hides no bug behind a missing dictionary', async () => {
    world.zzap.judge = () => new TypeError('a bug');

    await expect(readMapping(world.ports, connectionId)).rejects.toThrow(TypeError);
  });

  it('does not exist for a connection that is gone', async () => {
    await removeConnection(world.ports, connectionId);

    expect((await refusalIn(readMapping(world.ports, connectionId))).code).toBe('connection-not-found');
    expect((await refusalIn(save(0, []))).code).toBe('connection-not-found');
  });
});

describe('the directories of an account', () => {
  it('are what RetailCRM has now, each store with the connection that has it', async () => {
    expect(await listDirectories(world.ports, accountId)).toEqual({
      sites: [
        { code: 'moscow', name: 'Москва', takenBy: { connectionId, name: 'Заказ с ZZap' } },
        { code: 'kazan', name: 'Казань', takenBy: null },
      ],
      statuses: world.crm.statuses,
      orderMethods: world.crm.orderMethods,
    });
  });

  it('hold only the stores that the key may use', async () => {
    world.crm.allowedSites = ['kazan'];

    const { sites } = await listDirectories(world.ports, accountId);

    expect(sites.map(({ code }) => code)).toEqual(['kazan']);
  });

  it('are read with the stored key, in the zone of the account', async () => {
    world.crm.doors.length = 0;

    await listDirectories(world.ports, accountId);

    expect(world.crm.doors).toEqual([{ crmUrl: CRM_URL, apiKey: CRM_KEY, timeZone: 'Europe/Moscow' }]);
  });

  it.each([
    ['auth', { kind: 'invalid', fields: ['apiKey: crm-key-refused'] }],
    ['unavailable', { kind: 'remote', code: 'retailcrm-unavailable' }],
  ] as const)('say why they cannot be read: %s', async (kind, refusal) => {
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm', kind }));

    expect(await refusedFields(listDirectories(world.ports, accountId))).toMatchObject(refusal);
  });

  it('do not exist without the account', async () => {
    expect((await refusalIn(listDirectories(world.ports, 'a-9'))).code).toBe('account-not-found');
  });
});

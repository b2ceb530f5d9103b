import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { listDirectories } from '../../../functions/settings/list-directories';
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

import { createHmac } from 'node:crypto';
import { createSettingsApp } from '../../../functions/http/app';
import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { updateConnection } from '../../../functions/settings/update-connection';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  MODULE_SECRET,
  PUBLIC_URL,
  remoteError,
  typed,
  type World,
} from '../../support/settings-world';
import { refusalIn } from '../settings/refusal-of';

let world: World;
beforeEach(() => (world = createWorld()));

async function ask(method: string, path: string, form?: Record<string, string>) {
  const response = await createSettingsApp(world.ports)(
    new Request(`https://module.example/retailcrm/${path}`, {
      method,
      ...(form && { body: new URLSearchParams(form) }),
    }),
  );
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, body, headers: response.headers };
}

const tokenOf = (apiKey: string, secret = MODULE_SECRET) =>
  createHmac('sha256', secret).update(apiKey).digest('hex');
const click = (more: Record<string, string> = {}) => {
  const given = { token: tokenOf(CRM_KEY), apiKey: CRM_KEY, systemUrl: CRM_URL, ...more };
  return ask('POST', 'register', { register: JSON.stringify(given) });
};
const stored = async () => (await world.ports.accounts.list({ limit: 10 }))[0]!;
const lastCard = () => world.crm.installed.at(-1)!;
const tell = (activity: object, more: Record<string, string> = {}) =>
  ask('POST', 'activity', {
    clientId: lastCard().clientId,
    systemUrl: CRM_URL,
    activity: JSON.stringify(activity),
    ...more,
  });

describe('connecting in one click', () => {
  it('begins with the rights the module needs and where to register', async () => {
    const { status, body } = await ask('GET', 'config');

    expect([status, body]).toEqual([
      200,
      {
        success: true,
        scopes: [
          ...['order_read', 'order_write', 'reference_read'],
          ...['store_read', 'reference_write', 'integration_write'],
        ],
        registerUrl: 'https://module.example/retailcrm/register',
      },
    ]);
  });

  it('is not offered without the secret of the marketplace', async () => {
    world = createWorld({ moduleSecret: null });

    expect((await ask('GET', 'config')).status).toBe(404);
    expect((await click()).body).toMatchObject({ success: false });
    expect(world.crm.doors).toEqual([]);
  });

  it('adds the account, installs the module in it and leads to the settings', async () => {
    const { status, body } = await click();

    expect([status, body]).toEqual([
      200,
      { success: true, accountUrl: 'https://module.example/retailcrm/account' },
    ]);
    const { accountId, name, crmUrl, sealedApiKey } = await stored();
    expect([name, crmUrl]).toEqual(['koleso.retailcrm.ru', CRM_URL]);
    expect(await world.ports.vault.open(sealedApiKey, accountId)).toBe(CRM_KEY);
    expect(world.crm.installed).toEqual([
      {
        code: `zzap-${accountId}`,
        integrationCode: 'zzap',
        name: 'ZZap',
        active: false,
        clientId: `${accountId}.secret-1`,
        baseUrl: PUBLIC_URL,
        activityPath: '/retailcrm/activity',
        accountUrl: 'https://module.example/retailcrm/account',
      },
    ]);
  });

  it('takes the fields of the registration one by one as well', async () => {
    const form = {
      'register[token]': tokenOf(CRM_KEY).toUpperCase(),
      'register[apiKey]': CRM_KEY,
      'register[systemUrl]': `${CRM_URL}/`,
      'register[news]': 'unknown',
    };

    expect((await ask('POST', 'register', form)).status).toBe(200);
  });

  it.each([
    ['a token made with another secret', { token: tokenOf(CRM_KEY, 'other') }, 401],
    ['a token of another key', { token: tokenOf('other-key') }, 401],
    ['an empty token', { token: '' }, 401],
    ['an address that is not RetailCRM’s', { systemUrl: 'https://retailcrm.ru.evil.example' }, 400],
    ['an address with a path', { systemUrl: `${CRM_URL}/admin` }, 400],
    ['a key longer than any', { apiKey: 'k'.repeat(257) }, 400],
  ])('refuses %s and asks nobody', async (_, more, status) => {
    const answer = await click(more);

    expect([answer.status, answer.body]).toEqual([
      status,
      { success: false, errorMsg: expect.stringMatching(/\S{3}/) as string },
    ]);
    expect(world.crm.doors).toEqual([]);
    expect(await world.ports.accounts.list({ limit: 1 })).toEqual([]);
  });

  it.each([
    ['no field', {}],
    ['no JSON', { register: 'token' }],
    ['JSON of another kind', { register: '[]' }],
  ])('refuses a form with %s', async (_, form) => {
    expect((await ask('POST', 'register', form)).status).toBe(400);
  });

  it('refuses a form that is too large', async () => {
    expect((await click({ news: 'n'.repeat(17 * 1024) })).status).toBe(413);
  });

  it('stores nothing when RetailCRM refuses the module', async () => {
    world.crm.broken.set(
      'install',
      remoteError({ remote: 'retailcrm', kind: 'invalid', detail: 'No money' }),
    );

    const { status, body } = await click();

    expect([status, body['success'], body['errorMsg']]).toEqual([
      502,
      false,
      expect.stringContaining('No money'),
    ]);
    expect(await world.ports.accounts.list({ limit: 1 })).toEqual([]);
  });

  it('refuses a key that may not install a module, and names the right', async () => {
    world.crm.scopes = ['order_read', 'order_write', 'reference_read'];

    const { status, body } = await click();

    expect([status, String(body['errorMsg'])]).toEqual([400, expect.stringContaining('integration_write')]);
  });

  it('repeated, takes the new key and forgets the old identifier', async () => {
    await click();
    const old = lastCard().clientId;
    const next = { apiKey: 'next-key', token: tokenOf('next-key') };

    expect((await click(next)).status).toBe(200);

    const { accountId, sealedApiKey } = await stored();
    expect(await world.ports.accounts.list({ limit: 10 })).toHaveLength(1);
    expect(await world.ports.vault.open(sealedApiKey, accountId)).toBe('next-key');
    expect((await tell({ active: true }, { clientId: old })).status).toBe(404);
    expect((await tell({ active: true })).status).toBe(200);
  });
});

describe('a module that is switched in RetailCRM', () => {
  async function connected() {
    const { accountId } = await createAccount(world.ports, { name: 'К', crmUrl: CRM_URL, apiKey: CRM_KEY });
    const { connectionId } = await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' });
    const stateNow = async () => {
      const connection = (await world.ports.connections.find(connectionId))!;
      return [connection.state, connection.suspension];
    };
    return { accountId, connectionId, stateNow };
  }

  it.each([
    ['off', { active: false, freeze: false }],
    ['frozen', { active: true, freeze: true }],
  ])('pauses its connections when it is %s and resumes them after', async (_, off) => {
    const { connectionId, stateNow } = await connected();

    expect((await tell(off)).body).toEqual({ success: true });
    expect(await stateNow()).toEqual(['suspended', 'crm-module']);
    expect(await world.ports.schedules.list()).toEqual([]);

    await tell({ active: true, freeze: false });
    expect(await stateNow()).toEqual(['active', null]);
    expect(await world.ports.schedules.list()).toEqual([connectionId]);
  });

  it('leaves a connection paused that a person has paused', async () => {
    const { connectionId, stateNow } = await connected();
    await updateConnection(world.ports, connectionId, { active: false });

    await tell({ active: false });
    await tell({ active: true });

    expect(await stateNow()).toEqual(['paused', null]);
  });

  it('is not started from here while it is frozen, but may be after it was switched off', async () => {
    const { connectionId, stateNow } = await connected();
    await tell({ active: true, freeze: true });

    const refusal = await refusalIn(updateConnection(world.ports, connectionId, { active: true }));
    expect([refusal.code, await stateNow()]).toEqual(['module-frozen', ['suspended', 'crm-module']]);

    await tell({ active: true });
    await tell({ active: false });
    await updateConnection(world.ports, connectionId, { active: true });
    expect([await stateNow(), lastCard().active]).toEqual([['active', null], true]);
  });

  it('stays off when only credentials are changed', async () => {
    const { connectionId, stateNow } = await connected();
    await tell({ active: false });

    await updateConnection(world.ports, connectionId, { password: 'another' });

    expect(await stateNow()).toEqual(['suspended', 'crm-module']);
  });

  it('is followed to a new address that its key opens', async () => {
    await connected();

    const { status } = await tell({ active: true }, { systemUrl: 'https://moved.simla.com' });

    expect([status, (await stored()).crmUrl]).toEqual([200, 'https://moved.simla.com']);
    expect(world.crm.doors.at(-1)).toMatchObject({ crmUrl: 'https://moved.simla.com', apiKey: CRM_KEY });
    expect(world.crm.calls.at(-1)).toBe('install');
  });

  it.each(['https://evil.example', 'http://koleso.retailcrm.ru', 'nonsense'])(
    'is not followed to %s, nor switched by such a call',
    async (systemUrl) => {
      const { stateNow } = await connected();

      expect((await tell({ active: false }, { systemUrl })).status).toBe(400);

      expect([(await stored()).crmUrl, await stateNow()]).toEqual([CRM_URL, ['active', null]]);
    },
  );

  it('is not followed to where its key does not work', async () => {
    await connected();
    world.crm.broken.set('readAccess', remoteError({ remote: 'retailcrm', kind: 'auth' }));

    expect((await tell({ active: true }, { systemUrl: 'https://moved.simla.com' })).status).toBe(400);

    expect((await stored()).crmUrl).toBe(CRM_URL);
  });

  it('listens to nobody else', async () => {
    const { accountId, stateNow } = await connected();

    for (const clientId of ['', accountId, `${accountId}.secret-9`, 'a-9999.secret-1']) {
      expect((await tell({ active: false }, { clientId })).status).toBe(404);
      expect((await ask('POST', 'account', { clientId })).status).toBe(404);
    }
    expect((await tell({ active: 'no' })).status).toBe(400);
    expect(await stateNow()).toEqual(['active', null]);
  });

  it('opens its settings', async () => {
    await connected();

    const { status, headers } = await ask('POST', 'account', { clientId: lastCard().clientId });

    expect([status, headers.get('location')]).toEqual([303, '/']);
  });
});

describe('what RetailCRM is told', () => {
  const active = () => world.crm.installed.map((card) => card.active);

  it('follows whether a connection of the account runs, and is said once', async () => {
    const account = { name: 'К', crmUrl: CRM_URL, apiKey: CRM_KEY };
    const { accountId } = await createAccount(world.ports, account);
    expect(active()).toEqual([false]);

    const { connectionId } = await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' });
    await updateConnection(world.ports, connectionId, { name: 'Другое имя' });
    expect(active()).toEqual([false, true]);

    await updateConnection(world.ports, connectionId, { active: false });
    await updateConnection(world.ports, connectionId, { active: true });
    await removeConnection(world.ports, connectionId);
    expect(active()).toEqual([false, true, false, true, false]);
    expect(new Set(world.crm.installed.map(({ clientId }) => clientId)).size).toBe(1);
  });

  it('does not stand in the way of a save, and is made good by the next one', async () => {
    world.crm.broken.set('install', remoteError({ remote: 'retailcrm' }));
    const account = { name: 'К', crmUrl: CRM_URL, apiKey: CRM_KEY };
    const { accountId } = await createAccount(world.ports, account);
    expect(active()).toEqual([]);

    world.crm.broken.delete('install');
    await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' });

    expect(active()).toEqual([true]);
  });

  it('is nothing where the key may not install a module', async () => {
    world.crm.scopes = ['order_read', 'order_write', 'reference_read'];

    await createAccount(world.ports, { name: 'К', crmUrl: CRM_URL, apiKey: CRM_KEY });

    expect(world.crm.calls).not.toContain('install');
  });
});

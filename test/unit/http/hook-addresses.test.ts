import { createHooksApp } from '../../../functions/http/hooks-app';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { createMemoryHookedConnections } from '../../support/memory/hooked-connections';
import { PUBLIC_URL } from '../../support/settings-world';
import { addAccount, addConnection, expectProblem, openApi, type Api, type Json } from './api';

const CYRILLIC = /[а-яё]/i;

let api: Api;
let accountId: string;
let connectionId: string;

beforeEach(async () => {
  api = openApi();
  accountId = await addAccount(api);
  connectionId = await addConnection(api, accountId);
});

interface Shown {
  readonly version: number;
  readonly hooks: { readonly retailcrm: string; readonly zzap: string };
  readonly hookInstructions: { readonly retailcrm: string; readonly zzap: string };
}

async function shown(method = 'GET', path = '', options: Parameters<Api['call']>[2] = {}): Promise<Shown> {
  const { status, json } = await api.call(method, `/api/connections/${connectionId}${path}`, options);
  expect(status).toBe(200);
  return json as unknown as Shown;
}

async function knock(url: string): Promise<number> {
  const { ports } = api.world;
  const hooks = createHooksApp({ ...ports, hooked: createMemoryHookedConnections(ports.connections) });
  return (await hooks(new Request(url, { method: 'POST' }))).status;
}

describe('the hook URLs of a connection', () => {
  it('lead to its hooks, below the public address', async () => {
    const { hooks } = await shown();

    expect(Object.keys(hooks)).toEqual(['retailcrm', 'zzap']);
    for (const [system, url] of Object.entries(hooks)) {
      expect(url).toMatch(new RegExp(`^${PUBLIC_URL}/hooks/${system}/${connectionId}/[\\w-]+$`));
      expect(await knock(url)).toBe(202);
    }
  });

  it('are the same wherever the connection is shown', async () => {
    const { hooks } = await shown();
    const changed = await shown('PATCH', '', { body: { name: 'Другое имя' } });
    const listed = await api.call('GET', `/api/accounts/${accountId}/connections`);

    expect(changed.hooks).toEqual(hooks);
    expect((listed.json['items'] as Json[]).map((item) => item['hooks'])).toEqual([hooks]);
  });

  it('are others for another connection', async () => {
    const { hooks } = await shown();
    connectionId = await addConnection(api, accountId, { site: 'kazan', login: 'b@example.com' });

    const secrets = [hooks, (await shown()).hooks].map(({ zzap }) => zzap.split('/').at(-1));
    expect(new Set(secrets).size).toBe(2);
  });

  it('lead nowhere when the connection is removed, and nothing of them is kept', async () => {
    const { hooks } = await shown();

    await removeConnection(api.world.ports, connectionId);

    expect(await knock(hooks.zzap)).toBe(404);
    const removed = await api.world.ports.connections.find(connectionId);
    expect(removed?.hookSecret).toEqual({ digest: '', sealed: '' });
  });
});

describe('changing the hook URLs', () => {
  it('answers the connection with new ones; the old ones lead nowhere at once', async () => {
    const before = await shown();

    const after = await shown('POST', '/hooks/rotate');

    expect(after.version).toBe(before.version + 1);
    expect(await shown()).toEqual(after);
    for (const system of ['retailcrm', 'zzap'] as const) {
      expect(await knock(before.hooks[system])).toBe(404);
      expect(await knock(after.hooks[system])).toBe(202);
    }
  });

  it('changes nothing else', async () => {
    const before = await api.world.ports.connections.find(connectionId);

    await shown('POST', '/hooks/rotate');

    const after = await api.world.ports.connections.find(connectionId);
    expect(after).toEqual({
      ...before,
      version: 2,
      hookSecret: { digest: 'digest of secret-3', sealed: expect.any(String) as string },
    });
    expect(after?.hookSecret.sealed).not.toBe(before?.hookSecret.sealed);
    expect(api.world.zzap.tried).toHaveLength(1);
  });

  it('does not overwrite what somebody changes at the same moment', async () => {
    const { connections } = api.world.ports;
    const before = await connections.find(connectionId);
    jest.spyOn(connections, 'find').mockImplementationOnce(async () => {
      await connections.save({ ...before!, name: 'Быстрее', version: 2 }, 1);
      return before;
    });

    const answer = await api.call('POST', `/api/connections/${connectionId}/hooks/rotate`);

    expectProblem(answer, 409, 'stale-version');
    expect(await connections.find(connectionId)).toMatchObject({
      name: 'Быстрее',
      hookSecret: before!.hookSecret,
    });
  });

  it('knows no connection that is not there', async () => {
    expectProblem(await api.call('POST', '/api/connections/c-9/hooks/rotate'), 404, 'connection-not-found');
  });
});

describe('the instructions', () => {
  const linesFor = async (language: string) => {
    const { hooks, hookInstructions } = await shown('GET', '', { headers: { 'accept-language': language } });
    const { retailcrm, zzap } = hookInstructions;
    return { hooks, retailcrm: retailcrm.split('\n'), zzap: zzap.split('\n') };
  };

  it.each(['ru', 'en'])('can be copied line by line without marks: %s', async (language) => {
    const { hooks, retailcrm, zzap } = await linesFor(language);

    expect(retailcrm).toEqual(
      expect.arrayContaining([
        hooks.retailcrm,
        'changeSet.hasChangedField("status") and not changeSet.hasChangesWithSource("api")',
        'id={{ order.id }}',
        'externalId={{ order.externalId }}',
        'site={{ order.site.code }}',
      ]),
    );
    expect(zzap).toContain(hooks.zzap);
    for (const text of [retailcrm.join('\n'), zzap.join('\n')]) {
      expect(text).not.toMatch(/[`*_#<>|]{2}|`|\*|\]\(|undefined|null|[“”]|\u00a0/);
      // The cabinets have Russian menus, so that both languages name them as they are.
      expect(text).toMatch(CYRILLIC);
      for (const line of text.split('\n')) expect(line).toBe(line.trim());
    }
    expect(retailcrm.join('\n')).toContain('Автоматизация → Триггеры');
    expect(retailcrm.join('\n')).toContain('Изменение заказа');
    expect(retailcrm.join('\n')).toContain('POST');
    expect(zzap.join('\n')).toContain('Данные аккаунта → Услуги магазина → Заказы');
  });

  it('are sentences of the reader’s language', async () => {
    expect((await linesFor('ru')).zzap[2]).toMatch(/^2\. Вставьте/);
    expect((await linesFor('en')).zzap[2]).toMatch(/^2\. Paste/);
    expect(await linesFor('de, en;q=0')).toEqual(await linesFor('ru'));
  });

  it('let changes made through the API knock only while they travel', async () => {
    const body = { statusDirection: 'crmToZzap', includeApiChanges: true };
    await shown('PATCH', '', { body });

    const { retailcrm } = await linesFor('en');

    expect(retailcrm).toContain('changeSet.hasChangedField("status")');
    expect(retailcrm.join('\n')).not.toContain('hasChangesWithSource');
  });
});

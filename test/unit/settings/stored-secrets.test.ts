import { VaultError } from '../../../functions/ports/vault';
import { createAccount, updateAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { readHookSecret, rotateHookSecret } from '../../../functions/settings/hook-secret';
import { listDirectories } from '../../../functions/settings/list-directories';
import type { SettingsPorts } from '../../../functions/settings/settings-ports';
import { updateConnection } from '../../../functions/settings/update-connection';
import { createWorld, CRM_KEY, CRM_URL, typed, type World } from '../../support/settings-world';
import { refusalIn } from './refusal-of';

let world: World;
let accountId: string;
let connectionId: string;
/** The same installation after its key was lost: it seals anew, but opens nothing from before. */
let ports: SettingsPorts;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
  ({ connectionId } = await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' }));
  const { vault } = world.ports;
  const prefix = 'new key:';
  ports = {
    ...world.ports,
    vault: {
      seal: async (plain, context) => prefix + (await vault.seal(plain, context)),
      open: (sealed, context) =>
        sealed.startsWith(prefix)
          ? vault.open(sealed.slice(prefix.length), context)
          : Promise.reject(new VaultError('sealed with another key')),
    },
  };
});

describe('an installation that lost its encryption key', () => {
  it('says that stored secrets have to be entered anew', async () => {
    const resumed = await refusalIn(updateConnection(ports, connectionId, { password: 'new' }));
    const listed = await refusalIn(listDirectories(ports, accountId));

    expect(resumed).toMatchObject({ kind: 'conflict', code: 'stored-secret-unreadable' });
    expect(listed).toMatchObject({ kind: 'conflict', code: 'stored-secret-unreadable' });
  });

  it('takes new ones without opening the old', async () => {
    await updateAccount(ports, accountId, { apiKey: CRM_KEY });
    const { password, zzapApiKey } = typed();
    const saved = await updateConnection(ports, connectionId, { password, zzapApiKey });

    expect(saved.sealedCredentials).toMatch(/^new key:/);
    expect(await listDirectories(ports, accountId)).toBeDefined();
  });

  it('shows no hook addresses until they are made anew', async () => {
    const connection = (await ports.connections.find(connectionId))!;
    expect(await readHookSecret(ports, connection)).toBeNull();

    const rotated = await rotateHookSecret(ports, connectionId);

    expect(await readHookSecret(ports, rotated)).toBe('secret-3');
  });

  it('does not take a vault that cannot be reached for a lost key', async () => {
    const away = { ...ports, vault: { ...ports.vault, open: () => Promise.reject(new Error('away')) } };
    const connection = (await ports.connections.find(connectionId))!;

    await expect(readHookSecret(away, connection)).rejects.toThrow('away');
  });
});

import { stateAfterSaving, type Connection } from '../domain/connection';
import { getAccount } from './account-access';
import { checkZzap, sealCredentials } from './check-credentials';
import { chooseSite } from './choose-site';
import { checkFlags, type NewConnection } from './connection-input';
import { exclusivesOf, giveBack, takeAll } from './exclusive-claims';
import type { SettingsPorts } from './settings-ports';
import { newHookSecret } from './hook-secret';
import { reflectModule } from './reflect-module';
import { refuseWhileFrozen } from './refuse-while-frozen';
import { startOrStop } from './start-or-stop';

/**
 * Adds a connection: 1. claim its login and store; 2. try its credentials at ZZap and its store at RetailCRM;
 * 3. store it; 4. start its schedule and its first run. Nothing is kept when one of the first three fails.
 */
export async function createConnection(
  ports: SettingsPorts,
  accountId: string,
  input: NewConnection,
): Promise<Connection> {
  const account = await getAccount(ports, accountId);
  const { statusDirection = 'none', includeApiChanges = false, site = null } = input;
  checkFlags(statusDirection, includeApiChanges);
  if (site !== null && (input.active ?? true)) await refuseWhileFrozen(ports, accountId);
  const connectionId = `c-${ports.ids.newId()}`;
  const nowMs = ports.clock.nowMs();
  const secrets = { password: input.password, apiKey: input.zzapApiKey };
  const owner = { accountId, connectionId };
  const exclusives = exclusivesOf({ login: input.login, site });
  await takeAll(ports, owner, exclusives);
  try {
    await checkZzap(ports, { login: input.login, ...secrets });
    const orderMethod = await chooseSite(ports, account, { connectionId, name: input.name, site });
    const connection: Connection = {
      ...chosenSettings(input, nowMs),
      accountId,
      connectionId,
      version: 1,
      sealedCredentials: await sealCredentials(ports, connectionId, secrets),
      importFromMs: input.importFromMs ?? ports.startOfDay(nowMs, account.timeZone),
      suspension: null,
      orderMethod,
      hookSecret: await newHookSecret(ports, connectionId),
      createdAtMs: nowMs,
    };
    await ports.connections.create(connection);
    await startOrStop(ports, connection, { runNow: true });
    await reflectModule(ports, accountId);
    return connection;
  } catch (error) {
    // The id is new: no other save can rest on these claims. A connection that was stored all the same keeps
    // them, since a claim in use is never taken over.
    if (!(await ports.connections.find(connectionId))) {
      await giveBack(ports, owner, exclusives, ports.clock.nowMs());
    }
    throw error;
  }
}

/** What the form leaves out takes its default. */
function chosenSettings(input: NewConnection, nowMs: number) {
  const { statusDirection = 'none', includeApiChanges = false, site = null } = input;
  return {
    name: input.name,
    login: input.login,
    site,
    intervalMinutes: input.intervalMinutes ?? 15,
    itemLink: input.itemLink ?? 'none',
    statusDirection,
    includeApiChanges,
    crmToZzapSinceMs: statusDirection === 'crmToZzap' ? nowMs : null,
    state: stateAfterSaving('draft', {
      hasSite: site !== null,
      wantsActive: input.active ?? true,
      credentialsAccepted: true,
    }),
  } as const;
}

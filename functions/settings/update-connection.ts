import {
  normalizeLogin,
  stateAfterSaving,
  type Connection,
  type ConnectionState,
  type StatusDirection,
  type ZzapCredentials,
} from '../domain/connection';
import { getAccount } from './account-access';
import { checkZzap, sealCredentials, storedCredentials } from './check-credentials';
import { chooseSite } from './choose-site';
import { checkFlags, type ConnectionChanges } from './connection-input';
import { exclusivesOf, giveBack, takeAll, type Exclusive } from './exclusive-claims';
import { getConnection } from './get-connection';
import { staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';
import { reflectModule } from './reflect-module';
import { refuseWhileFrozen } from './refuse-while-frozen';
import { startOrStop } from './start-or-stop';

/**
 * Changes a connection. New credentials are tried before they replace the old ones and wake a suspended
 * connection; a new store or login is claimed before it is used and the old one given back after. Changing the
 * item link or the store does not touch orders that are already in RetailCRM.
 */
export async function updateConnection(
  ports: SettingsPorts,
  connectionId: string,
  changes: ConnectionChanges,
): Promise<Connection> {
  const startedAtMs = ports.clock.nowMs();
  const before = await getConnection(ports, connectionId);
  if (changes.version !== undefined && changes.version !== before.version) throw staleVersion();
  const draft = withSettings(before, changes, startedAtMs);
  checkFlags(draft.statusDirection, draft.includeApiChanges);
  await takeAll(ports, before, newlyNeeded(before, draft));
  const after = await saveChecked(ports, before, draft, changes);
  await giveBack(ports, before, newlyNeeded(after, before), startedAtMs);
  if (after.importFromMs < before.importFromMs) await pullFromStart(ports, connectionId);
  await startOrStop(ports, after, { runNow: wantsRun(before, after) });
  await reflectModule(ports, after.accountId);
  return after;
}

/** The settings as they would be; what the changes leave out stays. */
function withSettings(before: Connection, changes: ConnectionChanges, nowMs: number): Connection {
  const statusDirection = changes.statusDirection ?? before.statusDirection;
  return {
    ...before,
    name: changes.name ?? before.name,
    login: changes.login ?? before.login,
    site: changes.site === undefined ? before.site : changes.site,
    intervalMinutes: changes.intervalMinutes ?? before.intervalMinutes,
    itemLink: changes.itemLink ?? before.itemLink,
    statusDirection,
    crmToZzapSinceMs: sinceOf(before, statusDirection, nowMs),
    // Turning flag 2 off clears flag 3, as in the form; naming both wrongly is refused.
    includeApiChanges:
      changes.includeApiChanges ?? (before.includeApiChanges && statusDirection === 'crmToZzap'),
    importFromMs: changes.importFromMs ?? before.importFromMs,
  };
}

/** Nothing older than the moment the direction was chosen travels to ZZap. */
function sinceOf(before: Connection, direction: StatusDirection, nowMs: number): number | null {
  if (direction !== 'crmToZzap') return null;
  return before.crmToZzapSinceMs ?? nowMs;
}

async function saveChecked(
  ports: SettingsPorts,
  before: Connection,
  draft: Connection,
  changes: ConnectionChanges,
): Promise<Connection> {
  const credentials = await newCredentials(ports, before, changes);
  const resuming = before.state === 'suspended' && changes.active === true;
  const tried = credentials ?? (resuming ? await storedCredentials(ports, before) : null);
  if (tried) await checkZzap(ports, tried);
  const state = await nextState(ports, before, draft, { active: changes.active, tried: tried !== null });
  const after: Connection = {
    ...draft,
    state,
    suspension: state === 'suspended' ? before.suspension : null,
    orderMethod: await orderMethodOf(ports, before, draft),
    ...(credentials && {
      sealedCredentials: await sealCredentials(ports, before.connectionId, credentials),
    }),
    version: before.version + 1,
  };
  if (!(await ports.connections.save(after, before.version))) throw staleVersion();
  return after;
}

/** New credentials alone do not switch on what was switched off in RetailCRM, and nothing does while it is frozen. */
async function nextState(
  ports: SettingsPorts,
  before: Connection,
  draft: Connection,
  { active, tried }: { readonly active: boolean | undefined; readonly tried: boolean },
): Promise<ConnectionState> {
  const state = stateAfterSaving(before.state, {
    hasSite: draft.site !== null,
    wantsActive: active ?? activeUnlessTold(before),
    credentialsAccepted: tried && (before.suspension !== 'crm-module' || active === true),
  });
  if (state === 'active' && before.state !== 'active') await refuseWhileFrozen(ports, before.accountId);
  return state;
}

/** A draft that lacked only its store starts when it gets one (M10); a paused connection stays paused. */
function activeUnlessTold({ state, site }: Connection): boolean {
  return state === 'active' || state === 'suspended' || (state === 'draft' && site === null);
}

/** The credentials to be tried; null when none of them changes. An empty secret keeps the stored one. */
async function newCredentials(
  ports: SettingsPorts,
  before: Connection,
  { login, password, zzapApiKey }: ConnectionChanges,
): Promise<ZzapCredentials | null> {
  const sameLogin = login === undefined || login === before.login;
  if (sameLogin && password === undefined && zzapApiKey === undefined) return null;
  const given = { login: login ?? before.login, password, apiKey: zzapApiKey };
  if (isWhole(given)) return given;
  const stored = await storedCredentials(ports, before);
  return {
    login: given.login,
    password: password ?? stored.password,
    apiKey: zzapApiKey ?? stored.apiKey,
  };
}

/** Then the stored ones are not needed, and need not be readable. */
function isWhole(given: {
  readonly login: string;
  readonly password: string | undefined;
  readonly apiKey: string | undefined;
}): given is ZzapCredentials {
  return given.password !== undefined && given.apiKey !== undefined;
}

async function orderMethodOf(ports: SettingsPorts, before: Connection, draft: Connection) {
  if (draft.site === before.site && draft.name === before.name) return before.orderMethod;
  const account = await getAccount(ports, before.accountId);
  return chooseSite(ports, account, draft);
}

function newlyNeeded(before: Connection, after: Connection): Exclusive[] {
  return exclusivesOf(after).filter(({ kind, value }) =>
    kind === 'login' ? value !== normalizeLogin(before.login) : value !== before.site,
  );
}

/** New credentials also end an outage's pause: the old ones may have been its reason. */
function wantsRun(before: Connection, after: Connection): boolean {
  return (
    before.state !== 'active' ||
    after.site !== before.site ||
    after.importFromMs < before.importFromMs ||
    after.sealedCredentials !== before.sealedCredentials
  );
}

/** A run may be advancing the cursor right now: then it is read and written again. */
const CURSOR_ATTEMPTS_MAX = 20;

/**
 * An earlier start is pulled from; orders skipped as too old must be seen again. Written also before the first
 * pull has ended: a run under way with the old start must not settle its window.
 */
async function pullFromStart(ports: SettingsPorts, connectionId: string): Promise<void> {
  for (let attempt = 1; attempt <= CURSOR_ATTEMPTS_MAX; attempt += 1) {
    const cursor = await ports.cursors.read(connectionId);
    if (await ports.cursors.advance({ ...cursor, pulledToMs: null, digest: {} })) return;
  }
  ports.log.warn('cursor.not-reset', { connectionId });
}

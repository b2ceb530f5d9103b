import { CLAIM_SETTLES_AFTER_MS, type Claim } from '../domain/account';
import { normalizeLogin, type Connection } from '../domain/connection';
import { Refusal } from '../domain/refusal';
import type { SettingsPorts } from './settings-ports';

/** A store or a ZZap login that belongs to one connection of an account only (M2). */
export interface Exclusive {
  readonly kind: 'site' | 'login';
  readonly value: string;
}

export function exclusivesOf(connection: Pick<Connection, 'login' | 'site'>): Exclusive[] {
  return [
    { kind: 'login', value: normalizeLogin(connection.login) },
    ...(connection.site === null ? [] : [{ kind: 'site' as const, value: connection.site }]),
  ];
}

interface Owner {
  readonly accountId: string;
  readonly connectionId: string;
}

/**
 * Takes all of `wanted` for a connection, or none. A claim whose holder no longer uses it is taken over once it
 * cannot belong to a save still under way.
 */
export async function takeAll(
  ports: SettingsPorts,
  owner: Owner,
  wanted: readonly Exclusive[],
): Promise<void> {
  const takenAtMs = ports.clock.nowMs();
  const taken: Exclusive[] = [];
  for (const exclusive of wanted) {
    try {
      await take(ports, owner, exclusive, takenAtMs);
    } catch (error) {
      await giveBack(ports, owner, taken, takenAtMs);
      throw error;
    }
    taken.push(exclusive);
  }
}

/**
 * Gives back what a connection claimed until `untilMs` and uses no longer. A save that fails later than its
 * claims does not: another save of the same connection may rest on them; they pass on when they have settled.
 */
export async function giveBack(
  ports: SettingsPorts,
  owner: Owner,
  exclusives: readonly Exclusive[],
  untilMs: number,
): Promise<void> {
  for (const exclusive of exclusives) {
    const by = { connectionId: owner.connectionId, claimedAtMs: untilMs };
    await ports.claims.release(owner.accountId, exclusive, by);
  }
}

async function take(ports: SettingsPorts, owner: Owner, exclusive: Exclusive, atMs: number): Promise<void> {
  const by: Claim = { connectionId: owner.connectionId, claimedAtMs: atMs };
  const first = await ports.claims.claim(owner.accountId, exclusive, by);
  if (first.granted) return;
  const { holder } = first;
  const user = holder ? await ports.connections.find(holder.connectionId) : null;
  if (user && user.state !== 'removed' && uses(user, exclusive)) throw takenBy(exclusive, user.name);
  const settled = holder && ports.clock.nowMs() - holder.claimedAtMs > CLAIM_SETTLES_AFTER_MS;
  if (!settled) throw new Refusal('conflict', 'being-saved', { fields: [fieldOf(exclusive, 'being-saved')] });
  const second = await ports.claims.claim(owner.accountId, exclusive, by, holder);
  if (!second.granted)
    throw new Refusal('conflict', 'being-saved', { fields: [fieldOf(exclusive, 'being-saved')] });
}

function uses(connection: Connection, exclusive: Exclusive): boolean {
  return exclusivesOf(connection).some(
    ({ kind, value }) => kind === exclusive.kind && value === exclusive.value,
  );
}

function takenBy(exclusive: Exclusive, connectionName: string): Refusal {
  const code = `${exclusive.kind}-taken`;
  const params = { value: exclusive.value, connectionName };
  return new Refusal('conflict', code, { params, fields: [fieldOf(exclusive, code, params)] });
}

function fieldOf(exclusive: Exclusive, code: string, params: Record<string, string> = {}) {
  return { path: exclusive.kind, code, params };
}

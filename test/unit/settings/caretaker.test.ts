import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { reconcileSchedules } from '../../../functions/settings/reconcile-schedules';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { updateConnection } from '../../../functions/settings/update-connection';
import { watchConnections } from '../../../functions/settings/watch-connections';
import { createWorld, CRM_KEY, CRM_URL, NIGHT_MS, typed, type World } from '../../support/settings-world';

const MINUTE_MS = 60_000;

let world: World;
let accountId: string;

beforeEach(async () => {
  world = createWorld();
  ({ accountId } = await createAccount(world.ports, { name: 'Колесо', crmUrl: CRM_URL, apiKey: CRM_KEY }));
});

async function add(login: string, site: string): Promise<string> {
  return (await createConnection(world.ports, accountId, { ...typed(), login, site })).connectionId;
}
async function synced(connectionId: string, lastSyncAtMs: number, pushAtMs: number | null = null) {
  const cursor = await world.ports.cursors.read(connectionId);
  await world.ports.cursors.advance({ ...cursor, lastSyncAtMs, pushAtMs });
}
const told = (event: string) =>
  world.ports.log
    .lines()
    .filter((line) => line.event === event)
    .map(({ level, fields }) => ({ level, ...fields }));

describe('watching all connections', () => {
  it('finds nothing to say of a deployment without any', async () => {
    await watchConnections(world.ports);

    const sums = { connections: 0, active: 0, suspended: 0, silent: 0, oldestPushMs: 0 };
    expect(told('watch.finished')).toEqual([{ level: 'info', ...sums }]);
  });

  it('counts states and finds the status that waits longest', async () => {
    const first = await add('one@example.test', 'moscow');
    const second = await add('two@example.test', 'kazan');
    await synced(first, NIGHT_MS, NIGHT_MS - 4 * MINUTE_MS);
    await synced(second, NIGHT_MS, NIGHT_MS - 9 * MINUTE_MS);
    const stored = await world.ports.connections.find(first);
    await world.ports.connections.save({ ...stored!, state: 'suspended', version: 2 }, 1);

    await watchConnections(world.ports);

    const sums = { connections: 2, active: 1, suspended: 1, silent: 0, oldestPushMs: 9 * MINUTE_MS };
    expect(told('watch.finished')).toEqual([{ level: 'info', ...sums }]);
  });

  it.each([
    ['after three intervals and the slack', 76, [{ level: 'warn', lastSyncAtMs: NIGHT_MS }]],
    ['not while its tick may only be late', 75, []],
  ])('hears that a connection of 15 minutes is silent %s', async (_, minutes, lines) => {
    const connectionId = await add('one@example.test', 'moscow');
    await synced(connectionId, NIGHT_MS);
    world.clock.pass(minutes * MINUTE_MS);

    await watchConnections(world.ports);

    expect(told('connection.silent')).toEqual(lines.map((line) => ({ ...line, accountId, connectionId })));
    expect(told('watch.finished')).toMatchObject([{ silent: lines.length }]);
  });

  it('hears a connection that has never asked ZZap since it was made', async () => {
    await add('one@example.test', 'moscow');
    world.clock.pass(76 * MINUTE_MS);

    await watchConnections(world.ports);

    expect(told('connection.silent')).toMatchObject([{ lastSyncAtMs: null }]);
  });

  it('expects nothing of a paused one', async () => {
    const connectionId = await add('one@example.test', 'moscow');
    await updateConnection(world.ports, connectionId, { active: false });
    world.clock.pass(24 * 60 * MINUTE_MS);

    await watchConnections(world.ports);

    expect(told('watch.finished')).toMatchObject([{ connections: 1, active: 0, silent: 0 }]);
  });
});

describe('reconciling schedules', () => {
  it('takes away what belongs to no connection, and counts what it did', async () => {
    const lost = await add('one@example.test', 'moscow');
    const paused = await add('two@example.test', 'kazan');
    await world.ports.schedules.remove(lost);
    await updateConnection(world.ports, paused, { active: false });
    await world.ports.schedules.ensure(paused, accountId, 15);
    await world.ports.schedules.ensure('nobody', accountId, 5);

    await reconcileSchedules(world.ports);

    expect([...world.ports.schedules.standing().keys()]).toEqual([lost]);
    expect(told('schedules.reconciled')).toEqual([{ level: 'info', mended: 1, removed: 2 }]);
  });

  it('leaves what is right', async () => {
    const connectionId = await add('one@example.test', 'moscow');

    await reconcileSchedules(world.ports);

    expect([...world.ports.schedules.standing().keys()]).toEqual([connectionId]);
    expect(told('schedules.reconciled')).toEqual([{ level: 'info', mended: 0, removed: 0 }]);
  });

  it('takes away what a removal that died left behind', async () => {
    const connectionId = await add('one@example.test', 'moscow');
    await removeConnection(world.ports, connectionId);
    await world.ports.schedules.ensure(connectionId, accountId, 15);

    await reconcileSchedules(world.ports);

    expect(world.ports.schedules.standing().size).toBe(0);
  });
});

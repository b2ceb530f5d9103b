import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { aConnection, setStage, type Connection, type Stage } from '../support/product-harness';
import type { Cabinet } from '../support/sandbox-hands';

const RIVALS = 10;

let stage: Stage;
let accountId: string;

beforeEach(async () => {
  stage = await setStage();
  ({ accountId } = await stage.api.addAccount(stage.crm));
});

afterEach(async () => {
  await stage.close();
});

const path = () => `/api/accounts/${accountId}/connections`;

async function cabinets(count: number): Promise<Cabinet[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => stage.zzap.addCabinet(`rival-${index}`)));
}

interface Outcome {
  readonly status: number;
  readonly name: string;
  readonly detail: string;
  readonly code: string;
}

/** All at the same moment, each under a name of its own. */
async function race(wishes: readonly object[]): Promise<Outcome[]> {
  const answers = await Promise.all(
    wishes.map((wish, index) =>
      stage.api.call('POST', path(), aConnection({ name: `Подключение ${index}`, ...wish })),
    ),
  );
  return answers.map(({ status, text }, index) => {
    const { detail = '', code = '' } = JSON.parse(text) as { detail?: string; code?: string };
    return { status, name: `Подключение ${index}`, detail, code };
  });
}

/** One wins; the others are told that it is being saved or who has it; whoever asks again hears who has it. */
async function expectOneWinner(outcomes: readonly Outcome[], again: object, code: string): Promise<void> {
  const winners = outcomes.filter(({ status }) => status === 201);
  expect(winners).toHaveLength(1);
  const losers = outcomes.filter(({ status }) => status !== 201);
  for (const loser of losers) {
    expect(loser.status).toBe(409);
    expect(['being-saved', code]).toContain(loser.code);
  }
  const later = await stage.api.refusal('POST', path(), aConnection(again));
  expect(later).toMatchObject({ status: 409, code });
  expect(later.detail).toContain(winners[0]?.name);
}

describe('one store', () => {
  it('goes to one of ten connections that are saved at once', async () => {
    const logins = await cabinets(RIVALS);

    const outcomes = await race(logins.map((cabinet) => ({ ...cabinet, site: 'moto' })));

    const late = await stage.zzap.addCabinet('late');
    await expectOneWinner(outcomes, { ...late, site: 'moto' }, 'site-taken');
    const { items } = JSON.parse((await stage.api.call('GET', path())).text) as { items: unknown[] };
    expect(items).toHaveLength(1);
  });

  it('is refused to a later one by POST and by PATCH, and named with its owner', async () => {
    const [first, second] = await cabinets(2);
    await stage.api.addConnection(accountId, { ...first, site: 'auto', name: 'Первое' });
    const other = await stage.api.addConnection(accountId, { ...second, site: 'moto', name: 'Второе' });

    const third = await stage.zzap.addCabinet('third');
    const posted = await stage.api.refusal('POST', path(), aConnection({ ...third, site: 'auto' }), 'ru');
    const patched = await stage.api.refusal('PATCH', `/api/connections/${other.connectionId}`, {
      site: 'auto',
    });

    expect(posted).toMatchObject({ status: 409, code: 'site-taken' });
    expect(posted.detail).toBe(
      'Магазин «auto» уже занят подключением «Первое»: один магазин — один кабинет ZZap.',
    );
    expect(patched).toMatchObject({ status: 409, code: 'site-taken' });
    expect(patched.detail).toContain('“Первое”');
    expect(await stage.api.connection(other.connectionId)).toMatchObject({ site: 'moto', version: 1 });
  });
});

describe('one ZZap login', () => {
  it('goes to one of ten connections that are saved at once, however it is typed', async () => {
    const sites = Array.from({ length: RIVALS }, (_, index) => `site-${index}`);
    for (const code of sites) await stage.crm.put('/sites', { code, name: code });
    const cabinet = await stage.zzap.addCabinet('wanted');

    const outcomes = await race(sites.map((site) => ({ ...cabinet, site })));

    const typed = { ...cabinet, login: '  WANTED@zzap.example ', site: 'auto' };
    await expectOneWinner(outcomes, typed, 'login-taken');
  });
});

describe('store and login', () => {
  it('are free again when the save that took them fails', async () => {
    const [cabinet, other] = await cabinets(2);
    const wrong = aConnection({ ...cabinet, password: 'wrong', site: 'moto' });

    const refused = await stage.api.refusal('POST', path(), wrong);
    const sameStore = await stage.api.addConnection(accountId, { ...other, site: 'moto' });
    const sameLogin = await stage.api.addConnection(accountId, { ...cabinet, site: 'auto' });

    expect(refused.errors?.map(({ path: field }) => field)).toEqual(['password']);
    expect([sameStore.state, sameLogin.state]).toEqual(['active', 'active']);
  });

  it('are free again when their connection is removed', async () => {
    const [cabinet] = await cabinets(1);
    const before = await stage.api.addConnection(accountId, { ...cabinet, site: 'auto' });
    await stage.api.call('DELETE', `/api/connections/${before.connectionId}`);

    const after = await stage.api.addConnection(accountId, { ...cabinet, site: 'auto' });

    expect(after.state).toBe('active');
    expect((await stage.api.call('GET', `/api/connections/${before.connectionId}`)).status).toBe(404);
  });

  it('move with a connection that changes them', async () => {
    const [first, second] = await cabinets(2);
    const moved = await stage.api.addConnection(accountId, { ...first, site: 'auto' });

    await stage.api.change(moved.connectionId, { site: 'moto' });
    const next = await stage.api.addConnection(accountId, { ...second, site: 'auto' });

    expect(next.state).toBe('active');
    expect((await stage.api.connection(moved.connectionId)).site).toBe('moto');
  });

  it('come back to others when the process died between taking them and saving', async () => {
    const [cabinet] = await cabinets(1);
    const lost = await stage.api.addConnection(accountId, { ...cabinet, site: 'auto' });
    await orphanClaimsOf(lost);

    const anew = await stage.api.addConnection(accountId, { ...cabinet, site: 'auto' });

    expect(anew.connectionId).not.toBe(lost.connectionId);
    expect(anew.state).toBe('active');
  });
});

/** What a save that died ten minutes ago leaves: claims whose holder was never stored. */
async function orphanClaimsOf({ login, site, connectionId }: Connection): Promise<void> {
  await stage.api.call('DELETE', `/api/connections/${connectionId}`);
  const { db } = stage.storage();
  for (const claim of [`claim#login#${login}`, `claim#site#${site ?? ''}`]) {
    await db.client.send(
      new UpdateCommand({
        TableName: db.tables.connections,
        Key: { accountId, connectionId: claim },
        UpdateExpression: 'SET holder = :holder, claimedAtMs = :since, schemaVersion = :schema',
        ExpressionAttributeValues: {
          ':holder': 'c-that-was-never-stored',
          ':since': Date.now() - 10 * 60_000,
          ':schema': 1,
        },
      }),
    );
  }
}

import { createAccount } from '../../../functions/settings/save-account';
import { createConnection } from '../../../functions/settings/create-connection';
import { DICTIONARY_FRESH_MS } from '../../../functions/settings/read-dictionaries';
import { removeConnection } from '../../../functions/settings/remove-connection';
import { readMapping, saveMapping } from '../../../functions/settings/status-mapping';
import { aLink } from '../../contract/stores/builders';
import {
  createWorld,
  CRM_KEY,
  CRM_URL,
  NIGHT_MS,
  remoteError,
  typed,
  type World,
} from '../../support/settings-world';
import { refusalIn, refusedFields } from './refusal-of';

let world: World;
let connectionId: string;

beforeEach(async () => {
  world = createWorld();
  const { accountId } = await createAccount(world.ports, {
    name: 'Колесо',
    crmUrl: CRM_URL,
    apiKey: CRM_KEY,
  });
  ({ connectionId } = await createConnection(world.ports, accountId, { ...typed(), site: 'moscow' }));
  forgetCalls();
});

function forgetCalls(): void {
  world.crm.calls.length = 0;
  world.zzap.tried.length = 0;
}

const timesAsked = () => ({ crm: world.crm.calls.length, zzap: world.zzap.tried.length });
const read = (refresh = false) => readMapping(world.ports, connectionId, { refresh });
const save = (version: number, pairs: readonly (readonly [string, number])[]) =>
  saveMapping(world.ports, connectionId, {
    version,
    pairs: pairs.map(([crmStatus, zzapStatus]) => ({ crmStatus, zzapStatus })),
  });

/** Switches a RetailCRM status on or off. */
function setActive(code: string, active: boolean): void {
  world.crm.statuses = world.crm.statuses.map((status) =>
    status.code === code ? { ...status, active } : status,
  );
}

async function setConnection(changes: object): Promise<void> {
  const connection = (await world.ports.connections.find(connectionId))!;
  const next = { ...connection, ...changes, version: connection.version + 1 };
  await world.ports.connections.save(next, connection.version);
}

describe('the status mapping', () => {
  it('begins empty, with both dictionaries', async () => {
    const { mapping, dictionaries } = await read();

    expect(mapping).toEqual({ connectionId, version: 0, pairs: [] });
    expect(dictionaries).toEqual({
      crm: { statuses: world.crm.statuses, readAtMs: NIGHT_MS, problem: null },
      zzap: { statuses: world.zzap.statuses, readAtMs: NIGHT_MS, problem: null },
    });
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
    expect(await read()).toEqual(saved);
  });

  it('may be emptied', async () => {
    await save(0, [['new', 10]]);

    expect((await save(1, [])).mapping).toMatchObject({ version: 2, pairs: [] });
  });

  it('does not exist for a connection that is gone', async () => {
    await removeConnection(world.ports, connectionId);

    expect((await refusalIn(read())).code).toBe('connection-not-found');
    expect((await refusalIn(save(0, []))).code).toBe('connection-not-found');
  });
});

describe('a mapping that is refused', () => {
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
    expect((await read()).mapping.version).toBe(0);
  });

  it('is one over an older version, whatever its rows say', async () => {
    await save(0, [['new', 10]]);

    expect(await refusedFields(save(0, [['gone', 99]]))).toMatchObject({
      kind: 'conflict',
      code: 'stale-version',
    });
    expect((await read()).mapping.pairs).toEqual([{ crmStatus: 'new', zzapStatus: 10 }]);
  });

  it('is one that somebody else overtook while the dictionaries were read', async () => {
    world.zzap.meanwhile = async () => {
      await world.ports.mappings.save({ connectionId, version: 1, pairs: [] }, 0);
    };

    expect((await refusalIn(save(0, [['new', 10]]))).code).toBe('stale-version');
  });

  it('pairs a status anew that is switched off; one that was paired before stays', async () => {
    await save(0, [['new', 10]]);
    setActive('new', false);
    setActive('work', false);
    await read(true);

    const refusal = await refusalIn(
      save(1, [
        ['new', 20],
        ['work', 10],
      ]),
    );

    expect(refusal.fields).toEqual([
      { path: 'pairs.1.crmStatus', code: 'status-inactive', params: { status: 'В работе' } },
    ]);
    await expect(save(1, [['new', 20]])).resolves.toBeDefined();
  });

  it('is not one because of a dictionary from before: the remotes are asked once more', async () => {
    setActive('work', false);
    await read();
    setActive('work', true);
    world.crm.statuses = [...world.crm.statuses, { ...world.crm.statuses[0]!, code: 'fresh' }];
    world.clock.pass(1);

    const saved = await save(0, [
      ['fresh', 10],
      ['work', 20],
    ]);

    expect(saved.mapping.version).toBe(1);
    expect(saved.dictionaries.crm.statuses).toEqual(world.crm.statuses);
  });

  it('is judged by the remembered dictionary of a side that does not answer', async () => {
    await read();
    world.clock.pass(DICTIONARY_FRESH_MS);
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm' }));

    expect((await refusedFields(save(0, [['gone', 10]]))).fields).toEqual([
      'pairs.0.crmStatus: status-unknown',
    ]);
    await expect(save(0, [['new', 10]])).resolves.toBeDefined();
  });

  it('is none where a dictionary was never read', async () => {
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm' }));

    expect((await refusedFields(save(0, [['anything', 99]]))).fields).toEqual([
      'pairs.0.zzapStatus: status-unknown',
    ]);
    await expect(save(0, [['anything', 10]])).resolves.toBeDefined();
  });
});

describe('the dictionaries beside a mapping', () => {
  it('are not asked for again within ten minutes', async () => {
    await read();
    world.clock.pass(DICTIONARY_FRESH_MS - 1);
    world.crm.statuses = [];

    const { dictionaries } = await read();
    await save(0, [['new', 10]]);

    expect(timesAsked()).toEqual({ crm: 1, zzap: 1 });
    expect(dictionaries.crm).toMatchObject({ readAtMs: NIGHT_MS, problem: null });
    expect(dictionaries.crm.statuses).toHaveLength(3);
  });

  it('are asked for again after ten minutes', async () => {
    await read();
    world.clock.pass(DICTIONARY_FRESH_MS);
    world.zzap.statuses = [{ code: 40, name: 'Выдан' }];

    const { dictionaries } = await read();

    expect(timesAsked()).toEqual({ crm: 2, zzap: 2 });
    expect(dictionaries.zzap).toEqual({
      statuses: [{ code: 40, name: 'Выдан' }],
      readAtMs: NIGHT_MS + DICTIONARY_FRESH_MS,
      problem: null,
    });
  });

  it('are asked for again when a person wants it', async () => {
    await read();
    world.zzap.statuses = [{ code: 40, name: 'Выдан' }];
    world.clock.pass(1);

    const { dictionaries } = await read(true);

    expect(timesAsked()).toEqual({ crm: 2, zzap: 2 });
    expect(dictionaries.zzap).toMatchObject({ statuses: world.zzap.statuses, readAtMs: NIGHT_MS + 1 });
  });

  it('give the slot at the gate back, whatever ZZap says', async () => {
    world.released.length = 0;
    await read();
    world.zzap.judge = () => remoteError();
    await read(true);

    expect(world.released).toHaveLength(2);
  });

  const FAULTS = [
    ['an outage', 'unavailable', 'dictionary-unavailable'],
    ['a blocked pace', 'rate-limited', 'dictionary-too-often'],
    ['dead credentials', 'auth', 'dictionary-access-refused'],
    ['an unexpected answer', 'unexpected-body', 'dictionary-unreadable'],
    ['a refusal', 'invalid', 'dictionary-unreadable'],
    ['nothing at the address', 'not-found', 'dictionary-unreadable'],
  ] as const;

  it.each(FAULTS)('are the last known ones with %s at ZZap', async (_, kind, code) => {
    await read();
    world.clock.pass(DICTIONARY_FRESH_MS);
    world.zzap.judge = () => remoteError({ kind, detail: 'слова ZZap' });

    const { dictionaries } = await read();

    expect(dictionaries.zzap).toEqual({
      statuses: world.zzap.statuses,
      readAtMs: NIGHT_MS,
      problem: { kind: 'dictionary', code, params: { remote: 'ZZap', detail: 'слова ZZap' } },
    });
    expect(dictionaries.crm.problem).toBeNull();
  });

  it.each(FAULTS)('are the last known ones with %s at RetailCRM', async (_, kind, code) => {
    await read();
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm', kind }));

    const { dictionaries } = await read(true);

    expect(dictionaries.crm).toMatchObject({
      statuses: world.crm.statuses,
      readAtMs: NIGHT_MS,
      problem: { code, params: { remote: 'RetailCRM' } },
    });
    expect(dictionaries.zzap.problem).toBeNull();
  });

  it('are nothing when they were never read and cannot be read now', async () => {
    world.zzap.judge = () => remoteError();

    const { dictionaries } = await read();

    expect(dictionaries.zzap).toMatchObject({
      statuses: null,
      readAtMs: null,
      problem: { code: 'dictionary-unavailable' },
    });
  });

  it('do not hold up the page; an answer that comes later is remembered', async () => {
    let answer = () => {};
    world.zzap.meanwhile = () => new Promise((resolve) => (answer = resolve));

    const { dictionaries } = await read();

    expect(dictionaries.zzap).toMatchObject({ statuses: null, problem: { code: 'dictionary-late' } });
    expect(dictionaries.crm.problem).toBeNull();
    answer();
    await new Promise(setImmediate);
    expect((await read()).dictionaries.zzap).toMatchObject({ statuses: world.zzap.statuses, problem: null });
    expect(timesAsked().zzap).toBe(1);
  });

  it('are asked for once however often the page is opened meanwhile, but anew with new credentials', async () => {
    let answer = () => {};
    world.zzap.meanwhile = () => new Promise((resolve) => (answer = resolve));

    await Promise.all([read(), read(true)]);
    await read();
    expect(timesAsked().zzap).toBe(1);
    const first = answer;
    await setConnection({ name: 'Другое' });
    await read();
    expect(timesAsked().zzap).toBe(2);

    first();
    answer();
    await new Promise(setImmediate);
    await read(true);
    expect(timesAsked().zzap).toBe(3);
    answer();
  });

  it('leave a bug that shows itself later in the log', async () => {
    let answer = () => {};
    world.zzap.meanwhile = () => new Promise((resolve) => (answer = resolve));
    const bug = new TypeError('a bug');
    world.zzap.judge = () => bug;

    await read();
    answer();
    await new Promise(setImmediate);

    expect(world.ports.log.lines()).toContainEqual(
      expect.objectContaining({ level: 'error', event: 'dictionary.failed-late', cause: bug }),
    );
  });

  it.each([
    ['zzap-credentials', { crm: 1, zzap: 0 }],
    ['crm-credentials', { crm: 0, zzap: 1 }],
  ] as const)(
    'are not asked for with credentials that suspended the connection: %s',
    async (reason, asked) => {
      await setConnection({ state: 'suspended', suspension: reason });

      const { dictionaries } = await read(true);

      expect(timesAsked()).toEqual(asked);
      const refused = reason === 'zzap-credentials' ? dictionaries.zzap : dictionaries.crm;
      expect(refused).toMatchObject({ statuses: null, problem: { code: 'dictionary-not-asked' } });
    },
  );

  it('hide no bug', async () => {
    world.zzap.judge = () => new TypeError('a bug');

    await expect(read()).rejects.toThrow(TypeError);
  });
});

describe('what the doctor finds', () => {
  it('rests on the statuses that the orders of the connection have', async () => {
    await setConnection({ statusDirection: 'zzapToCrm' });
    for (const [code, zzapStatus] of [
      ['1', 10],
      ['2', 20],
      ['3', 20],
      ['4', null],
    ] as const) {
      await world.ports.links.save(aLink({ connectionId, zzapOrderCode: code, zzapStatus, crmStatus: null }));
    }
    await world.ports.links.save(aLink({ connectionId: 'c-other', zzapOrderCode: '1', zzapStatus: 30 }));

    const { findings } = await save(0, [['new', 10]]);

    expect(findings).toContainEqual({
      kind: 'unmapped-in-use',
      side: 'zzap',
      status: 20,
      name: 'В работе',
      count: 2,
    });
    expect(findings).toHaveLength(2);
    expect(findings[1]).toMatchObject({
      kind: 'similar',
      suggestion: { crmStatus: 'work', zzapStatus: 20 },
    });
  });

  it('rests on 500 orders at most', async () => {
    await setConnection({ statusDirection: 'zzapToCrm' });
    const links = Array.from({ length: 520 }, (_, index) =>
      aLink({ connectionId, zzapOrderCode: String(index), zzapStatus: 20 }),
    );
    await world.ports.links.saveMany(links);

    expect((await read()).findings[0]).toMatchObject({ kind: 'unmapped-in-use', count: 500 });
  });

  it('says nothing of a side that was never read', async () => {
    await save(0, [['new', 10]]);
    jest.spyOn(world.ports.dictionaries, 'recall').mockResolvedValue(null);
    world.crm.broken.set('listStatuses', remoteError({ remote: 'retailcrm' }));
    world.zzap.judge = () => remoteError();

    expect((await read()).findings).toEqual([{ kind: 'never-used' }]);
  });
});

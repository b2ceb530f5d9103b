import fc from 'fast-check';
import { draftCrmOrder, type CrmOrderDraft } from '../../../functions/domain/crm-order-draft';
import { storeOrders, type StoreOutcome } from '../../../functions/sync/store-orders';
import { anOrder } from '../domain/builders';
import { aCrm, failure, refusal, type Fault, type Script, type ScriptedCrm } from './scripted-crm-orders';

function aDraft(code: string): CrmOrderDraft {
  return draftCrmOrder(anOrder({ code }), { orderMethod: 'zzap', status: 'new', offerId: 901 });
}

function drafts(count: number): CrmOrderDraft[] {
  return Array.from({ length: count }, (_, index) => aDraft(String(index + 1)));
}

const storeBatch = (crm: ScriptedCrm, wanted: readonly CrmOrderDraft[]) =>
  storeOrders(crm.orders, 'auto', wanted);
const store = async (crm: ScriptedCrm, wanted: readonly CrmOrderDraft[]) =>
  (await storeBatch(crm, wanted)).outcomes;
const kinds = (outcomes: ReadonlyMap<string, StoreOutcome>) => [...outcomes.values()].map(({ kind }) => kind);
const storedIds = (crm: ScriptedCrm) => crm.stored.map(({ order }) => order.externalId).sort();
const callsOf = (crm: ScriptedCrm, method: string) => crm.calls.filter((call) => call.startsWith(method));

function poisoned(...codes: string[]): Script {
  const ids = codes.map((code) => `zzap-${code}`);
  return { objection: (draft) => (ids.includes(draft.externalId) ? failure() : null) };
}

describe('a few orders', () => {
  it.each([1, 3])('are created one by one: %d', async (count) => {
    const crm = aCrm();

    const outcomes = await store(crm, drafts(count));

    expect(crm.calls).toHaveLength(count);
    expect(callsOf(crm, 'create')).toHaveLength(count);
    expect(outcomes.get('zzap-1')).toEqual({
      kind: 'stored',
      order: { crmOrderId: 7146, externalId: 'zzap-1', number: '7146A', status: 'new', sumKopecks: 100 },
      adopted: false,
      dropped: [],
    });
  });

  it('are none without a call', async () => {
    const crm = aCrm();

    expect(await store(crm, [])).toEqual(new Map());
    expect(crm.calls).toEqual([]);
  });
});

describe('many orders', () => {
  it('go in with one request', async () => {
    const crm = aCrm();

    const outcomes = await store(crm, drafts(50));

    expect(callsOf(crm, 'upload')).toHaveLength(1);
    expect(callsOf(crm, 'create')).toEqual([]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['stored']));
    expect(outcomes.size).toBe(50);
  });

  it('are looked up when the answer is lost after they were stored, not sent again', async () => {
    const crm = aCrm({ upload: [{ after: failure() }] });

    const outcomes = await store(crm, drafts(5));

    expect(crm.calls.map((call) => call.split(' ')[0])).toEqual(['upload', 'find']);
    expect(storedIds(crm)).toHaveLength(5);
    expect([...outcomes.values()].every((outcome) => outcome.kind === 'stored' && !outcome.adopted)).toBe(
      true,
    );
  });

  it('are created one by one when the request was lost on its way', async () => {
    const crm = aCrm({ upload: [{ before: failure() }] });

    const outcomes = await store(crm, drafts(5));

    expect(callsOf(crm, 'create')).toHaveLength(5);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['stored']));
  });

  it('are looked up when the answer does not name them', async () => {
    const crm = aCrm({ tells: () => [] });

    const outcomes = await store(crm, drafts(5));

    expect(callsOf(crm, 'create')).toEqual([]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['stored']));
  });

  it('are taken from an answer only when they were sent', async () => {
    const foreign = {
      crmOrderId: 1,
      externalId: 'zzap-foreign',
      number: null,
      status: null,
      sumKopecks: null,
    };
    const nameless = { ...foreign, externalId: '' };
    const crm = aCrm({ tells: (stored) => [foreign, nameless, ...stored] });

    const outcomes = await store(crm, drafts(4));

    expect([...outcomes.keys()].sort()).toEqual(['zzap-1', 'zzap-2', 'zzap-3', 'zzap-4']);
  });
});

describe('an order that RetailCRM does not take', () => {
  const refusing = (fields: Record<string, string>): Script => ({
    objection: ({ externalId }) => (externalId === 'zzap-3' ? refusal(fields, 'Нет') : null),
  });

  it.each([
    ['stored the others', {}],
    ['stored nothing', { allOrNothing: true }],
  ])('is refused with its own reason after the batch %s', async (_, more) => {
    const crm = aCrm({ ...refusing({ items: 'Пусто' }), ...more });

    const outcomes = await store(crm, drafts(6));

    expect(outcomes.get('zzap-3')).toEqual({ kind: 'refused', reason: 'refused-by-crm', detail: 'Нет' });
    expect(kinds(outcomes).filter((kind) => kind === 'stored')).toHaveLength(5);
    expect(storedIds(crm)).toHaveLength(5);
  });

  it('is asked for once, not again and again', async () => {
    const crm = aCrm(refusing({ items: 'Пусто' }));

    await store(crm, [aDraft('3')]);

    expect(crm.calls).toEqual(['create zzap-3', 'find zzap-3']);
  });

  it.each<[string, keyof CrmOrderDraft | 'email' | 'phone' | 'offerId', string]>([
    ['orderMethod', 'orderMethod', 'orderMethod'],
    ['status', 'status', 'status'],
    ['createdAt', 'createdAtMs', 'createdAt'],
    ['email', 'email', 'email'],
    ['phone', 'phone', 'phone'],
    ['items[0].offer.id', 'offerId', 'offer'],
  ])('because of its %s goes in without it and says so', async (path, field, part) => {
    const carried = (draft: CrmOrderDraft) =>
      ({ ...draft, ...draft.buyer, ...draft.item })[field as keyof CrmOrderDraft] as unknown;
    const crm = aCrm({
      objection: (draft) => ((carried(draft) ?? null) === null ? null : refusal({ [path]: 'Нет' })),
    });

    const outcomes = await store(crm, [aDraft('1')]);

    expect(outcomes.get('zzap-1')).toMatchObject({ kind: 'stored', dropped: [part], adopted: false });
    expect(crm.stored).toHaveLength(1);
  });

  it('because of two parts named one after the other goes in without both', async () => {
    const crm = aCrm({
      objection: (draft) => {
        if (draft.buyer.email !== undefined) return refusal({ email: 'Нет' });
        return draft.status === undefined ? null : refusal({ status: 'Нет' });
      },
    });

    const outcomes = await store(crm, [aDraft('1')]);

    expect(outcomes.get('zzap-1')).toMatchObject({ kind: 'stored', dropped: ['email', 'status'] });
  });

  it('because of a part and of something it cannot do without is refused', async () => {
    const crm = aCrm(refusing({ status: 'Нет', items: 'Пусто' }));

    expect(kinds(await store(crm, [aDraft('3')]))).toEqual(['refused']);
    expect(callsOf(crm, 'create')).toHaveLength(1);
  });

  it('is refused when it is not taken without that part either', async () => {
    const crm = aCrm(refusing({ phone: 'Пусто' }));

    expect(kinds(await store(crm, [aDraft('3')]))).toEqual(['refused']);
    expect(callsOf(crm, 'create')).toHaveLength(2);
  });

  it('goes in without a refused part also when the first answer was silence', async () => {
    const crm = aCrm({
      create: [{ before: failure() }],
      objection: (draft) => (draft.status === undefined ? null : refusal({ status: 'Нет' })),
    });

    const outcomes = await store(crm, [aDraft('1')]);

    expect(outcomes.get('zzap-1')).toMatchObject({ kind: 'stored', dropped: ['status'] });
  });
});

describe('an order that is there already', () => {
  it.each([1, 4])('is adopted, among %d', async (count) => {
    const crm = aCrm({ existing: ['zzap-1'] });

    const outcomes = await store(crm, drafts(count));

    expect(outcomes.get('zzap-1')).toMatchObject({
      kind: 'stored',
      adopted: true,
      order: { crmOrderId: 7146 },
    });
    expect(storedIds(crm)).toHaveLength(count);
  });

  it('is not another one that a look-up names', async () => {
    const crm = aCrm({
      existing: ['zzap-other'],
      ignoresFilter: true,
      objection: () => refusal({}, 'Нет'),
    });

    const outcomes = await store(crm, drafts(5));

    expect(outcomes.size).toBe(5);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['refused']));
  });
});

describe('an order that RetailCRM chokes on', () => {
  it('is created when it was a hiccup', async () => {
    const crm = aCrm({ create: [{ before: failure() }] });

    expect(kinds(await store(crm, [aDraft('1')]))).toEqual(['stored']);
  });

  it('is found when it was stored in spite of it', async () => {
    const crm = aCrm({ create: [{ after: failure() }] });

    const outcomes = await store(crm, [aDraft('1')]);

    expect(outcomes.get('zzap-1')).toMatchObject({ kind: 'stored', adopted: false });
    expect(crm.stored).toHaveLength(1);
  });

  it('is set aside and the others go in', async () => {
    const crm = aCrm(poisoned('3'));

    const outcomes = await store(crm, drafts(10));

    expect(outcomes.get('zzap-3')).toEqual({
      kind: 'refused',
      reason: 'crm-unavailable',
      detail: 'HTTP 500',
    });
    expect(storedIds(crm)).toHaveLength(9);
    expect(callsOf(crm, 'create zzap-3')).toHaveLength(2);
  });

  it('is no outage with another one beside it', async () => {
    const crm = aCrm(poisoned('3', '4', '6', '7'));

    const outcomes = await store(crm, drafts(8));

    expect(kinds(outcomes).filter((kind) => kind === 'refused')).toHaveLength(4);
    expect(storedIds(crm)).toEqual(['zzap-1', 'zzap-2', 'zzap-5', 'zzap-8']);
  });

  it('is an outage when it is the third in a row: they are set aside and nothing more is tried', async () => {
    const crm = aCrm(poisoned('2', '3', '4'));

    const { outcomes, outage } = await storeBatch(crm, drafts(6));

    expect(outage?.facts.kind).toBe('unavailable');
    expect([...outcomes].map(([id, { kind }]) => [id, kind])).toEqual([
      ['zzap-1', 'stored'],
      ['zzap-2', 'refused'],
      ['zzap-3', 'refused'],
      ['zzap-4', 'refused'],
    ]);
    expect(storedIds(crm)).toEqual(['zzap-1']);
    expect(callsOf(crm, 'create zzap-5')).toEqual([]);
  });

  it('is no outage when RetailCRM did say what it thinks of the order in the end', async () => {
    const hiccup: Fault = { before: failure() };
    const crm = aCrm({
      create: [hiccup, null, hiccup, null, hiccup, null],
      objection: () => refusal({ items: 'Пусто' }),
    });

    const outcomes = await store(crm, drafts(3));

    expect([...outcomes.values()]).toEqual(
      Array.from(
        { length: 3 },
        () => expect.objectContaining({ kind: 'refused', reason: 'refused-by-crm' }) as unknown,
      ),
    );
  });
});

describe('a failure that is not about an order', () => {
  const auth = failure({ kind: 'auth', credential: 'apiKey', effectUnknown: false });
  const limited = failure({ kind: 'rate-limited', effectUnknown: false });

  it.each([
    ['a refused key', auth],
    ['too many requests', limited],
    ['a bug of ours', new TypeError('a bug')],
  ])('ends it at once: %s', async (_, error) => {
    const fault = { before: error as typeof auth };
    const uploading = aCrm({ upload: [fault] });
    const creating = aCrm({ create: [fault] });

    await expect(store(uploading, drafts(4))).rejects.toBe(error);
    await expect(store(creating, drafts(2))).rejects.toBe(error);

    expect(uploading.calls).toHaveLength(1);
    expect(creating.calls).toHaveLength(1);
  });

  it('ends it when the look-up fails too: nothing is created on a guess', async () => {
    const crm = aCrm({ upload: [{ after: failure() }], find: [{ before: failure() }] });

    await expect(store(crm, drafts(4))).rejects.toMatchObject({ facts: { kind: 'unavailable' } });

    expect(callsOf(crm, 'create')).toEqual([]);
  });
});

describe('whatever fails', () => {
  const silence = fc.constantFrom(
    failure(),
    failure({ kind: 'unexpected-body' }),
    failure({ kind: 'unavailable', detail: 'the connection broke (ECONNRESET)' }),
  );
  const certain = fc.constantFrom(
    failure({ effectUnknown: false, detail: 'no connection (ECONNREFUSED)' }),
    failure({ kind: 'rate-limited', effectUnknown: false }),
    failure({ kind: 'auth', effectUnknown: false }),
    refusal({ status: 'Нет' }),
  );
  const fault: fc.Arbitrary<Fault> = fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.oneof(silence, certain).map((before) => ({ before })) },
    { weight: 2, arbitrary: silence.map((after) => ({ after })) },
  );
  const faults = fc.array(fault, { maxLength: 12 });
  const script = fc.record({
    upload: fc.array(fault, { maxLength: 2 }),
    create: faults,
    find: faults,
    existing: fc.subarray(['zzap-1', 'zzap-2', 'zzap-5', 'zzap-8']),
    allOrNothing: fc.boolean(),
    ignoresFilter: fc.boolean(),
    bad: fc.dictionary(fc.constantFrom('1', '3', '4'), fc.constantFrom('chokes', 'refused', 'status')),
  });

  const objectionOf =
    (bad: Readonly<Record<string, string>>) =>
    (draft: CrmOrderDraft): ReturnType<typeof failure> | null => {
      const why = bad[draft.item.rowId];
      if (why === 'chokes') return failure();
      if (why === 'refused') return refusal({ items: 'Пусто' });
      return why === 'status' && draft.status !== undefined ? refusal({ status: 'Нет' }) : null;
    };

  it('each order exists at most once, and every one said to be stored is there', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 9 }), async ({ bad, ...more }, count) => {
        const crm = aCrm({ ...more, objection: objectionOf(bad) });

        const batch = await storeBatch(crm, drafts(count)).catch(() => null);

        const ids = storedIds(crm);
        expect(new Set(ids).size).toBe(ids.length);
        if (batch === null) return;
        // In an outage the rest is left alone; otherwise every order has its outcome.
        if (batch.outage === null) expect(batch.outcomes.size).toBe(count);
        for (const [externalId, outcome] of batch.outcomes) {
          const there = crm.stored.find(({ order }) => order.externalId === externalId)?.order;
          expect(outcome.kind === 'stored' ? outcome.order : undefined).toEqual(there);
        }
      }),
      { numRuns: 400 },
    );
  });
});

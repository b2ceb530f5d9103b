import { queuedRun, RUN_STAGES, RUN_STATES, type RunRecord } from '../../../functions/domain/run-record';
import { TRACE_EVENTS, type TraceEntry } from '../../../functions/domain/trace';
import { textOf, TEXTS } from '../../../functions/http/texts';
import { runSummary, traceText } from '../../../functions/http/trace-texts';
import { readToldCodes } from './told-codes';

const CYRILLIC = /[а-яё]/i;
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe('the sentences of the API', () => {
  const { codes, unclear } = readToldCodes();

  it('are found: each place that answers a code is understood', () => {
    expect(unclear).toEqual([]);
    // A reader that finds too little would make the next tests pass for nothing.
    expect(codes.size).toBeGreaterThan(45);
    expect([...codes]).toEqual(
      expect.arrayContaining(['check-failed', 'zzap-refuses', 'site-taken', 'unknown-field', 'not-found']),
    );
  });

  it('exist for every code that the sources can answer', () => {
    expect([...codes].filter((code) => !(code in TEXTS))).toEqual([]);
  });

  it('exist for no code that nobody answers', () => {
    expect(Object.keys(TEXTS).filter((code) => !codes.has(code))).toEqual([]);
  });

  it.each(Object.entries(TEXTS))('are there in both languages: %s', (_, { ru, en }) => {
    expect(ru).toMatch(CYRILLIC);
    expect(en).toMatch(/[a-z]{3}/i);
    expect(en.replaceAll(/\{\w+\}/g, '')).not.toMatch(CYRILLIC);
    expect(placeholders(en)).toEqual(placeholders(ru));
    for (const text of [ru, en]) expect(text).toBe(text.trim());
  });

  it('are filled in; what is not given stays empty', () => {
    expect(textOf('site-taken', 'en', { value: 'a{b}', connectionName: '«$&»' })).toBe(
      'The store “a{b}” already belongs to the connection “«$&»”: one store, one ZZap account.',
    );
    expect(textOf('zzap-refuses', 'ru')).toBe('ZZap отвечает не так, как ожидалось: ');
  });

  it.each(['no-such-code', 'constructor', '__proto__', ''])(
    'answer an unknown code with itself: %j',
    (code) => {
      expect(textOf(code, 'ru')).toBe(code);
    },
  );
});

const NOON_MS = Date.UTC(2026, 10, 23, 9);

describe('the story of an order', () => {
  const full = {
    crmOrderId: 77,
    why: 'several',
    attempt: 3,
    from: 10,
    to: 20,
    zzapKopecks: 123_450,
    crmKopecks: 5,
    parts: 'phone, createdAt',
  };

  it.each(TRACE_EVENTS)('has a sentence in both languages: %s', (event) => {
    for (const details of [full, {}]) {
      const entry: TraceEntry = { atMs: NOON_MS, event, details };
      const [ru, en] = [traceText(entry, 'ru'), traceText(entry, 'en')];

      expect(ru).toMatch(CYRILLIC);
      expect(en).not.toMatch(CYRILLIC);
      for (const text of [ru, en]) expect(text).not.toMatch(/undefined|NaN|null|\[object|\{|\}/);
    }
  });

  it('needs no details to be told', () => {
    expect(traceText({ atMs: NOON_MS, event: 'claimed' }, 'ru')).toBe('Заказ получен из ZZap');
  });

  it.each([
    ['created', 'Создан заказ в RetailCRM (ID 77)', 'Order created in RetailCRM (ID 77)'],
    [
      'item-unlinked',
      'Товар не связан с каталогом: в каталоге таких товаров несколько',
      'The item is not linked to the catalogue: the catalogue has several such items',
    ],
    [
      'sum-differs',
      'Сумма отличается: в ZZap 1234.50 ₽, в RetailCRM 0.05 ₽',
      'The sums differ: 1234.50 RUB at ZZap, 0.05 RUB in RetailCRM',
    ],
    [
      'parts-dropped',
      'RetailCRM не принял часть полей, заказ создан без них: телефон, дата создания',
      'RetailCRM did not accept some fields, the order was created without: phone, creation time',
    ],
    ['refused', 'Заказ не создан (попытка 3): several', 'The order was not created (attempt 3): several'],
    ['status-changed-at-zzap', 'Статус в ZZap изменился: 10 → 20', 'The status at ZZap changed: 10 → 20'],
  ] as const)('tells what it knows: %s', (event, ru, en) => {
    const entry = { atMs: NOON_MS, event, details: full };

    expect([traceText(entry, 'ru'), traceText(entry, 'en')]).toEqual([ru, en]);
  });

  it.each(['none', 'several', 'unasked', 'refused'])('says why an item is not linked: %s', (why) => {
    const entry = { atMs: NOON_MS, event: 'item-unlinked' as const, details: { why } };

    expect(traceText(entry, 'ru')).toMatch(/: .{20}/);
    expect(traceText(entry, 'en')).toMatch(/: .{20}/);
  });
});

describe('the sentence of a run', () => {
  const run = (facts: Partial<RunRecord> = {}, counts: Partial<RunRecord['counts']> = {}): RunRecord => {
    const queued = queuedRun('c-1', 'r-1', 'tick', NOON_MS);
    return { ...queued, ...facts, counts: { ...queued.counts, ...counts } };
  };
  const both = (record: RunRecord) => [runSummary(record, 'ru'), runSummary(record, 'en')];

  it.each(RUN_STATES)('is there in both languages: %s', (state) => {
    for (const counts of [{}, { found: 2, created: 2 }]) {
      const [ru, en] = both(run({ state }, counts));

      expect(ru).toMatch(/^[А-ЯA-Z].*\.$/);
      expect(en).toMatch(/^[A-Z].*\.$/);
      expect(ru).toMatch(CYRILLIC);
      expect(en).not.toMatch(CYRILLIC);
      for (const text of [ru, en]) expect(text).not.toMatch(/undefined|NaN|null|\[object|; \.|\{|\}/);
    }
  });

  it('says that nothing was found', () => {
    expect(both(run({ state: 'done' }))).toEqual(['В ZZap нет новых событий.', 'ZZap has no news.']);
  });

  it('counts what was done, each reason of one kind together', () => {
    const counts = {
      found: 12,
      created: 3,
      adopted: 1,
      updated: 1,
      unchanged: 2,
      skipped: { 'changed-at-zzap': 1, 'waiting-for-retry': 2 },
      failed: { 'refused-by-crm': 1, 'unreadable-row': 1 },
    };

    expect(both(run({ state: 'done' }, counts))).toEqual([
      'Заказов найдено: 12; создано 3, уже было 1, обновлено 1, без изменений 2, пропущено 3, требует внимания 2.',
      'Orders found: 12; created 3, already there 1, updated 1, unchanged 2, skipped 3, need attention 2.',
    ]);
  });

  it('regression: tells what a replay did although ZZap had no news', () => {
    expect(both(run({ state: 'done', trigger: 'replay' }, { created: 1 }))).toEqual([
      'Заказов найдено: 0; создано 1.',
      'Orders found: 0; created 1.',
    ]);
  });

  it.each(RUN_STAGES)('tells how far a running one is: %s', (stage) => {
    const [ru, en] = both(run({ state: 'running', stage, progress: { done: 50, total: 1_000 } }));

    expect(ru).toMatch(/: 50 из 1000\.$/);
    expect(en).toMatch(/: 50 of 1000\.$/);
  });

  it('regression: does not say that ZZap has no news while it is being asked', () => {
    expect(both(run({ state: 'running', stage: 'asking-zzap' }))).toEqual([
      'Запрашивает заказы в ZZap.',
      'Asking ZZap for orders.',
    ]);
  });

  it('says that the rest follows', () => {
    expect(both(run({ state: 'continued' }, { found: 900, created: 850 }))).toEqual([
      'Заказов найдено: 900; создано 850. Остальное — в следующем запуске.',
      'Orders found: 900; created 850. The rest follows in another run.',
    ]);
  });

  it.each([
    ['unavailable', 'zzap: HTTP 502', 'zzap: HTTP 502', 'zzap: HTTP 502'],
    ['overtaken', '', 'его опередил другой запуск', 'another run was faster'],
    ['internal', '', 'внутренняя ошибка', 'an internal error'],
  ] as const)('says what stopped it: %s', (kind, detail, ru, en) => {
    expect(both(run({ state: 'failed', failure: { kind, detail } }))).toEqual([
      `Запуск прерван: ${ru}. Заказы не потеряны, следующий запуск продолжит.`,
      `The run stopped: ${en}. No order is lost, the next run goes on.`,
    ]);
  });
});

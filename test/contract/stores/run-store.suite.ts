import { RUN_PROBLEMS_MAX, type RunRecord } from '../../../functions/domain/run-record';
import type { RunStore } from '../../../functions/ports/run-store';
import { aRun, NOON_MS, numbered } from './builders';

const finished: RunRecord = aRun({
  trigger: 'manual',
  state: 'failed',
  startedAtMs: NOON_MS + 1,
  finishedAtMs: NOON_MS + 2,
  stage: 'creating-orders',
  progress: { done: 3, total: 9 },
  waiting: { remote: 'zzap', untilMs: NOON_MS + 3_000 },
  counts: {
    found: 9,
    created: 3,
    adopted: 1,
    updated: 1,
    pushed: 4,
    unchanged: 2,
    skipped: { 'before-import-start': 1 },
    failed: { 'refused-by-crm': 1 },
  },
  calls: { zzap: 2, crm: 7 },
  problems: [
    { zzapOrderCode: '100500', reason: 'refused-by-crm', detail: 'Поле «Телефон» 📵' },
    { zzapOrderCode: null, reason: 'unreadable-row', detail: 'code_order' },
  ],
  overfullFromMs: NOON_MS - 60_000,
  failure: { kind: 'rate-limited', detail: 'Слишком много запросов' },
});

export function describeRunStore(name: string, makeStore: () => Promise<RunStore>): void {
  describe(`run store: ${name}`, () => {
    let store: RunStore;
    beforeEach(async () => (store = await makeStore()));

    const idsOf = async (page: Parameters<RunStore['list']>[1]) =>
      (await store.list('c-1', page)).map((record) => record.runId);

    it.each([
      ['a queued run', aRun()],
      ['a finished run', finished],
      ['a run folded from many idle ones', aRun({ state: 'done', runs: 288 })],
    ])('gives back %s as it was put', async (_, record) => {
      await store.put(record);

      expect(await store.find('c-1', 'r-1')).toEqual(record);
      expect(await store.list('c-1', { limit: 10 })).toEqual([record]);
    });

    it('knows no run that was not put', async () => {
      await store.put(aRun());

      expect(await store.find('c-1', 'r-2')).toBeNull();
      expect(await store.find('c-2', 'r-1')).toBeNull();
      expect(await store.list('c-2', { limit: 10 })).toEqual([]);
    });

    it('replaces a record, leaving nothing of the one before', async () => {
      await store.put(finished);

      await store.put(aRun({ state: 'running', startedAtMs: NOON_MS + 1 }));

      expect(await store.list('c-1', { limit: 10 })).toEqual([
        aRun({ state: 'running', startedAtMs: NOON_MS + 1 }),
      ]);
    });

    it('lists the newest first, page by page', async () => {
      for (const number of ['2', '5', '1', '4', '3']) await store.put(aRun({ runId: `r-${number}` }));
      await store.put(aRun({ connectionId: 'c-2', runId: 'r-6' }));

      expect(await idsOf({ limit: 2 })).toEqual(['r-5', 'r-4']);
      expect(await idsOf({ limit: 2, before: 'r-4' })).toEqual(['r-3', 'r-2']);
      expect(await idsOf({ limit: 2, before: 'r-2' })).toEqual(['r-1']);
      expect(await idsOf({ limit: 2, before: 'r-1' })).toEqual([]);
      expect(await idsOf({ limit: 10, before: 'r-35' })).toEqual(['r-3', 'r-2', 'r-1']);
    });

    it('fills a page although the records are as long as records get', async () => {
      const problems = numbered(RUN_PROBLEMS_MAX).map((number) => ({
        zzapOrderCode: number,
        reason: 'refused-by-crm' as const,
        detail: 'Ж'.repeat(200),
      }));
      const ids = numbered(100).map((number) => `r-${number}`);
      for (const runId of ids) await store.put(aRun({ runId, problems }));

      expect(await idsOf({ limit: 100 })).toEqual(ids.toReversed());
    });
  });
}

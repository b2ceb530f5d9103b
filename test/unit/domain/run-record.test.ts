import fc from 'fast-check';
import { addTo, NO_COUNTS, queuedRun } from '../../../functions/domain/run-record';

describe('counting by reason', () => {
  it('begins at one', () => {
    expect(addTo({}, 'unreadable-row')).toEqual({ 'unreadable-row': 1 });
  });

  it('adds to what is there and leaves the others', () => {
    expect(addTo<'a' | 'b'>({ a: 2, b: 1 }, 'a', 3)).toEqual({ a: 5, b: 1 });
  });

  it('leaves the given counts as they were, the shared empty ones above all', () => {
    const next = addTo(NO_COUNTS.skipped, 'changed-at-zzap');

    expect(next).toEqual({ 'changed-at-zzap': 1 });
    expect(NO_COUNTS.skipped).toEqual({});
  });

  it('ends with as many as there were reasons', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (reasons) => {
        let counts: Partial<Record<string, number>> = {};

        for (const reason of reasons) counts = addTo(counts, reason);

        const total = Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
        expect(total).toBe(reasons.length);
      }),
    );
  });
});

describe('a run that waits', () => {
  it('has neither begun nor done anything', () => {
    const run = queuedRun('connection', 'run-1', 'manual', 5_000);

    expect(run).toMatchObject({
      connectionId: 'connection',
      runId: 'run-1',
      trigger: 'manual',
      state: 'queued',
      requestedAtMs: 5_000,
      startedAtMs: null,
      finishedAtMs: null,
      runs: 1,
      calls: { zzap: 0, crm: 0 },
      problems: [],
      failure: null,
    });
    expect(run.counts).toEqual({
      found: 0,
      created: 0,
      adopted: 0,
      updated: 0,
      pushed: 0,
      unchanged: 0,
      skipped: {},
      failed: {},
    });
  });
});

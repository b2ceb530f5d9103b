import fc from 'fast-check';
import { appendTrace, TRACE_LENGTH_MAX, type TraceEntry } from '../../../functions/domain/trace';

const entry = (atMs: number): TraceEntry => ({ atMs, event: 'refused' });

describe("an order's trace", () => {
  it('grows at its end', () => {
    expect(appendTrace([entry(1)], entry(2), entry(3))).toEqual([entry(1), entry(2), entry(3)]);
  });

  it('may be empty', () => {
    expect(appendTrace([])).toEqual([]);
  });

  it('drops the second entry, not the first, when it is full', () => {
    const full = Array.from({ length: TRACE_LENGTH_MAX }, (_, index) => entry(index));

    const next = appendTrace(full, entry(100));

    expect(next).toHaveLength(TRACE_LENGTH_MAX);
    expect(next[0]).toEqual(entry(0));
    expect(next[1]).toEqual(entry(2));
    expect(next.at(-1)).toEqual(entry(100));
  });

  it('is bounded, keeps how it began and ends with the newest, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }), (batches) => {
        let trace: TraceEntry[] = [];
        let written = 0;

        for (const size of batches) {
          trace = appendTrace(trace, ...Array.from({ length: size }, (_, index) => entry(written + index)));
          written += size;
        }

        const times = trace.map(({ atMs }) => atMs);
        expect(trace.length).toBe(Math.min(written, TRACE_LENGTH_MAX));
        expect(times[0]).toBe(0);
        expect(times.at(-1)).toBe(written - 1);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves the given trace as it was', () => {
    const trace = Object.freeze([entry(1)]);

    appendTrace(trace, entry(2));

    expect(trace).toEqual([entry(1)]);
  });
});

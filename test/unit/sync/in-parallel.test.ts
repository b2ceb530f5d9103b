import fc from 'fast-check';
import { chunksOf, inParallel } from '../../../functions/sync/in-parallel';
import { createVirtualClock } from '../../support/clock';

describe('handling in parallel', () => {
  it('handles every item once, in order of beginning, never more than so many at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 }),
        async (width, items) => {
          const clock = createVirtualClock();
          const begun: number[] = [];
          let underWay = 0;
          let most = 0;

          await inParallel(width, items, async (ms) => {
            begun.push(ms);
            underWay += 1;
            most = Math.max(most, underWay);
            await clock.sleep(ms);
            underWay -= 1;
          });

          expect(begun).toEqual(items);
          expect(underWay).toBe(0);
          expect(most).toBe(Math.min(width, items.length));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes a next item as soon as one is done, whichever it is', async () => {
    const clock = createVirtualClock();

    await inParallel(2, [100, 10, 10, 10], (ms) => clock.sleep(ms));

    expect(clock.nowMs()).toBe(100);
  });

  it('begins nothing after a failure, waits for what is under way and tells the first failure', async () => {
    const clock = createVirtualClock();
    const begun: string[] = [];
    const ended: string[] = [];
    const first = new Error('first');
    const handle = async (item: string) => {
      begun.push(item);
      await clock.sleep(item === 'quick' ? 10 : 50);
      ended.push(item);
      if (item === 'quick') throw first;
      throw new Error('second');
    };

    await expect(inParallel(2, ['quick', 'slow', 'never', 'never'], handle)).rejects.toBe(first);

    expect(begun).toEqual(['quick', 'slow']);
    expect(ended).toEqual(['quick', 'slow']);
  });

  it('does not swallow a failure that is undefined', async () => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- code of others may do it
    await expect(inParallel(1, [1], () => Promise.reject(undefined))).rejects.toBeUndefined();
  });

  it('has nothing to do without items', async () => {
    const handle = jest.fn();

    await inParallel(3, [], handle);

    expect(handle).not.toHaveBeenCalled();
  });
});

describe('chunks', () => {
  it.each([
    [3, [1, 2, 3, 4, 5, 6, 7], [[1, 2, 3], [4, 5, 6], [7]]],
    [3, [1, 2, 3], [[1, 2, 3]]],
    [50, [1], [[1]]],
    [50, [], []],
  ])('of %d are full but for the last', (size, items, chunks) => {
    expect(chunksOf(size, items)).toEqual(chunks);
  });
});

import fc from 'fast-check';
import { nextSlotMs } from '../../../functions/domain/schedule';

describe('the next slot', () => {
  it.each([
    ['is the anchor itself before the schedule begins', 1_000, 100, 0, 1_000],
    ['comes an interval after the anchor at the anchor', 1_000, 100, 1_000, 1_100],
    ['is the coming one between two slots', 1_000, 100, 1_150, 1_200],
    ['is the one after a slot at that very slot', 1_000, 100, 1_200, 1_300],
    ['skips the slots that were missed', 1_000, 100, 9_950, 10_000],
  ])('%s', (_, anchorMs, intervalMs, nowMs, slotMs) => {
    expect(nextSlotMs(anchorMs, intervalMs, nowMs)).toBe(slotMs);
  });

  it('is always later than now, on the grid, and no slot lies between', () => {
    const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(
        instant,
        fc.integer({ min: 60_000, max: 86_400_000 }),
        instant,
        (anchorMs, intervalMs, nowMs) => {
          const slotMs = nextSlotMs(anchorMs, intervalMs, nowMs);

          expect(slotMs).toBeGreaterThan(nowMs);
          expect(slotMs).toBeGreaterThanOrEqual(anchorMs);
          expect((slotMs - anchorMs) % intervalMs).toBe(0);
          expect(slotMs === anchorMs || slotMs - intervalMs <= nowMs).toBe(true);
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { nextWindow, splitWindow, WINDOW_MIN_MS, type Window } from '../../../functions/domain/cursor-window';

const NOON = Date.UTC(2026, 10, 20, 9);
const HOUR = 3_600_000;

describe('the next window', () => {
  it('begins four hours before the committed mark and ends open, now', () => {
    const window = nextWindow(NOON - HOUR, NOON - 100 * HOUR, NOON);

    expect(window).toEqual({ fromMs: NOON - 5 * HOUR, toMs: NOON, open: true });
  });

  it('begins four hours before the import start on the first pull', () => {
    const window = nextWindow(null, NOON - 48 * HOUR, NOON);

    expect(window).toEqual({ fromMs: NOON - 52 * HOUR, toMs: NOON, open: true });
  });

  it.each([
    ['a mark', NOON + HOUR, 0],
    ['an import start', null, NOON + HOUR],
  ])('never begins in the future, even with %s ahead of the clock', (_, pulledToMs, importFromMs) => {
    const window = nextWindow(pulledToMs, importFromMs, NOON);

    expect(window.fromMs).toBe(NOON - 4 * HOUR);
  });
});

describe('splitting a window whose answer was full', () => {
  it('gives the earlier half first, one second into the later one, and only the later one stays open', () => {
    const halves = splitWindow({ fromMs: NOON, toMs: NOON + 120_000, open: true });

    expect(halves).toEqual([
      { fromMs: NOON, toMs: NOON + 61_000, open: false },
      { fromMs: NOON + 60_000, toMs: NOON + 120_000, open: true },
    ]);
  });

  it.each([0, 1, WINDOW_MIN_MS])('leaves a window of %d ms whole', (widthMs) => {
    expect(splitWindow({ fromMs: NOON, toMs: NOON + widthMs, open: false })).toBeNull();
  });

  it('covers every instant of the window and ends, however often the answers are full', () => {
    const widths = fc.integer({ min: 0, max: 400 * 24 * HOUR });
    fc.assert(
      fc.property(
        widths,
        fc.boolean(),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (widthMs, open, leftTurns) => {
          let window: Window = { fromMs: NOON, toMs: NOON + widthMs, open };
          let splits = 0;

          for (let halves = splitWindow(window); halves !== null; halves = splitWindow(window)) {
            const [earlier, later] = halves;
            expect(earlier.fromMs).toBe(window.fromMs);
            expect(later.toMs).toBe(window.toMs);
            expect(later.open).toBe(window.open);
            expect(earlier.open).toBe(false);
            expect(earlier.toMs).toBeGreaterThan(later.fromMs);
            expect(earlier.toMs).toBeLessThan(window.toMs);
            window = leftTurns[splits] === true ? earlier : later;
            splits += 1;
          }

          expect(splits).toBeLessThanOrEqual(25);
        },
      ),
    );
  });
});

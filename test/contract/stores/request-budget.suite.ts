import type { RequestBudget } from '../../../functions/ports/request-budget';
import { NOON_MS, numbered } from './builders';

export function describeRequestBudget(name: string, makeBudget: () => Promise<RequestBudget>): void {
  describe(`request budget: ${name}`, () => {
    let budget: RequestBudget;
    beforeEach(async () => (budget = await makeBudget()));

    const reserve = (nowMs: number, budgetKey = 'crm-1') =>
      budget.reserve({ budgetKey, nowMs, spacingMs: 100 });

    it('lets the first request start at once', async () => {
      expect(await reserve(NOON_MS)).toBe(NOON_MS);
    });

    it('spaces requests that come together', async () => {
      expect([await reserve(NOON_MS), await reserve(NOON_MS), await reserve(NOON_MS + 50)]).toEqual([
        NOON_MS,
        NOON_MS + 100,
        NOON_MS + 200,
      ]);
    });

    it('lets a request start at once when the one before is far enough away', async () => {
      await reserve(NOON_MS);

      expect(await reserve(NOON_MS + 100)).toBe(NOON_MS + 100);
      expect(await reserve(NOON_MS + 201)).toBe(NOON_MS + 201);
    });

    it('saves up no idle time', async () => {
      await reserve(NOON_MS);
      const laterMs = NOON_MS + 60_000;

      expect([await reserve(laterMs), await reserve(laterMs), await reserve(laterMs)]).toEqual([
        laterMs,
        laterMs + 100,
        laterMs + 200,
      ]);
    });

    it('queues a caller whose clock is behind', async () => {
      await reserve(NOON_MS);

      expect(await reserve(NOON_MS - 5_000)).toBe(NOON_MS + 100);
    });

    it('keeps accounts apart', async () => {
      await reserve(NOON_MS);

      expect(await reserve(NOON_MS, 'crm-2')).toBe(NOON_MS);
    });

    it('gives 100 reservations made at once moments that are all spaced and none before now', async () => {
      const moments = await Promise.all(
        numbered(100).map((number) => reserve(NOON_MS + (Number(number) % 7) * 10)),
      );

      const sorted = moments.toSorted((a, b) => a - b);
      const gaps = sorted.slice(1).map((moment, index) => moment - sorted[index]!);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
      expect(sorted[0]).toBeGreaterThanOrEqual(NOON_MS);
      expect(moments.every((moment, index) => moment >= NOON_MS + (index % 7) * 10)).toBe(true);
    });

    it('wastes no moment on 100 reservations made at once', async () => {
      const moments = await Promise.all(numbered(100).map(() => reserve(NOON_MS)));

      expect(Math.max(...moments)).toBe(NOON_MS + 99 * 100);
    });
  });
}

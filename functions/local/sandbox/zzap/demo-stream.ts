import { placeOrders, type OrderBatch } from './place-orders';
import type { ControlParts } from './control';

const FIRST_ORDERS = 6;
const FIRST_ORDERS_SPREAD_MS = 3 * 3_600_000;

/** Lets buyers order now and then, so that a visitor sees something happen. Returns how to stop it. */
export function startDemoOrders(
  { state, push, nowMs }: ControlParts,
  everyMs: number | undefined,
): () => void {
  const account = state.accounts()[0]?.login;
  if (everyMs === undefined || account === undefined) return () => undefined;

  const place = (batch: Pick<OrderBatch, 'count' | 'spreadMs'>): void => {
    const now = nowMs();
    placeOrders(state, push, {
      account,
      row: {},
      createdFromMs: now - batch.spreadMs,
      visibleAtMs: now,
      ...batch,
    });
  };
  if (state.orders(account).length === 0) place({ count: FIRST_ORDERS, spreadMs: FIRST_ORDERS_SPREAD_MS });
  const timer = setInterval(() => place({ count: 1, spreadMs: 0 }), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

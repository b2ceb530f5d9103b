import type { RawRow, SandboxOrder } from './orders';
import type { OrderPush } from './push';
import type { NewOrder, SandboxState } from './state';

export interface OrderBatch {
  account: string;
  count: number;
  /** The orders are dated evenly from here over the spread; both in milliseconds. */
  createdFromMs: number;
  spreadMs: number;
  /** When reads start to show them. */
  visibleAtMs: number;
  status?: number | undefined;
  row: RawRow;
}

/** Buyers order: the orders are stored, then announced to the seller's site if there is an address for it. */
export function placeOrders(state: SandboxState, push: OrderPush, batch: OrderBatch): SandboxOrder[] {
  const { account, count, createdFromMs, spreadMs, visibleAtMs, status, row } = batch;
  const orders = state.addOrders(
    Array.from({ length: count }, (_, index): NewOrder => {
      const createdAtMs = createdFromMs + Math.floor((index * spreadMs) / count);
      return { account, createdAtMs, visibleAtMs, status, row };
    }),
  );
  const url = state.account(account)?.pushUrl ?? state.settings().pushUrl;
  if (url !== null) push.announce(orders, url);
  return orders;
}

/** What may happen to one order, in the words of the order trace («Где мой заказ?»). */
export const TRACE_EVENTS = [
  'claimed',
  'created',
  'adopted',
  'parts-dropped',
  'item-unlinked',
  'sum-differs',
  'changed-at-zzap',
  'status-changed-at-zzap',
  'refused',
  'unreadable',
  'replay-requested',
  'fields-updated',
  'fields-kept',
  'update-refused',
  'crm-status-set',
  'status-unmapped',
  'crm-order-gone',
  'push-wanted',
  'push-cancelled',
  'push-dropped',
  'push-sent',
  'push-unanswered',
  'push-confirmed',
  'push-rejected',
] as const;
export type TraceEvent = (typeof TRACE_EVENTS)[number];

/** One step of an order's story. Details are codes and numbers, never a buyer's data. */
export interface TraceEntry {
  readonly atMs: number;
  readonly event: TraceEvent;
  readonly details?: Readonly<Record<string, string | number>>;
}

/** Entries kept per order: the first one and the newest. */
export const TRACE_LENGTH_MAX = 30;

export function appendTrace(trace: readonly TraceEntry[], ...entries: readonly TraceEntry[]): TraceEntry[] {
  const all = [...trace, ...entries];
  const [first] = all;
  if (first === undefined || all.length <= TRACE_LENGTH_MAX) return all;
  return [first, ...all.slice(1 - TRACE_LENGTH_MAX)];
}

import type { Order } from './order';

/** Who made a change. `keyName` iff source is `api`, `userId` iff source is `user`. */
export interface Actor {
  readonly source: string;
  readonly userId?: number;
  readonly keyName?: string;
}

/** One changed field. Several records share a save and its `createdAt`. */
export interface HistoryRecord {
  readonly id: number;
  readonly atMs: number;
  readonly createdAt: string;
  readonly actor: Actor;
  readonly field: string;
  readonly oldValue: unknown;
  readonly newValue: unknown;
  readonly orderId: number;
  readonly externalId?: string;
  readonly managerId?: number;
  readonly site: string;
  /** The status of the order at this record, not now. */
  readonly status: string;
  readonly item?: { readonly id: number; readonly offerId?: number };
  /** Only on the first record of an order: the order as it was created. */
  readonly created?: Order;
  readonly deleted?: true;
}

/** Ascending ids; `since` is a binary search, so that a long history stays cheap to poll. */
export interface HistoryLog {
  add(record: HistoryRecord): void;
  /** Records with an id greater than this one, oldest first. */
  since(id: number): readonly HistoryRecord[];
  all(): readonly HistoryRecord[];
  of(orderId: number): readonly HistoryRecord[];
}

export function createHistoryLog(): HistoryLog {
  const records: HistoryRecord[] = [];
  const byOrder = new Map<number, HistoryRecord[]>();
  return {
    add(record) {
      records.push(record);
      const ofOrder = byOrder.get(record.orderId);
      if (ofOrder) ofOrder.push(record);
      else byOrder.set(record.orderId, [record]);
    },
    since: (id) => records.slice(firstAfter(records, id)),
    all: () => records,
    of: (orderId) => byOrder.get(orderId) ?? [],
  };
}

function firstAfter(records: readonly HistoryRecord[], id: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.id ?? 0) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}

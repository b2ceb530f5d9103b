import type { Window } from '../domain/cursor-window';
import type { ZzapCredentials } from '../domain/connection';
import type { ListedRow } from '../domain/marketplace-order';
import type { CallObserver } from './call-observer';
import type { GateSlot } from './zzap-gate';

export interface ZzapStatus {
  readonly code: number;
  readonly name: string;
}

export interface ListedOrders {
  readonly rows: readonly ListedRow[];
  /** The answer holds as many rows as one answer can: later ones may be missing. */
  readonly full: boolean;
  /** When the request was sent. */
  readonly askedAtMs: number;
}

/**
 * One seller's cabinet. Every call waits for the key's slot at the gate and throws RemoteError; reads are
 * repeated as `decideRetry` says, writes are sent once.
 */
export interface ZzapCabinet {
  /** Orders whose last event lies in the window, in no particular order. */
  listChangedOrders(window: Window): Promise<ListedOrders>;
  /** Reads a row that was kept as JSON, as if ZZap had just given it. */
  readRow(raw: string): ListedRow;
  /** The status dictionary. Also the cheapest proof that the credentials work. */
  listStatuses(): Promise<ZzapStatus[]>;
  /** Sets an order's status; `response` is shown to the buyer and may be empty. */
  setStatus(code: string, statusCode: number, response: string): Promise<void>;
  /** The slot still held after the last call, to be given back by the caller or with the cursor; null if none. */
  takeSlot(): GateSlot | null;
}

export type OpenZzapCabinet = (credentials: ZzapCredentials, observer?: CallObserver) => ZzapCabinet;

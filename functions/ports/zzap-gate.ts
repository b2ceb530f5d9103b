/** The single request slot of one ZZap API key, while somebody holds it. */
export interface GateSlot {
  /** Names the API key without revealing it. */
  readonly keyTag: string;
  readonly holder: string;
  /** When the next request with this key may start, once the slot is given back. */
  readonly nextFreeAtMs: number;
}

export type GateAnswer =
  | { readonly kind: 'granted' }
  /** Ask again at that moment, not earlier. */
  | { readonly kind: 'taken'; readonly untilMs: number };

/**
 * The pace of ZZap, shared by everything that calls it with one key: one request in flight, and a pause from the
 * end of its answer to the start of the next. A holder that dies loses the slot when its lease ends.
 */
export interface ZzapGate {
  acquire(request: {
    readonly keyTag: string;
    readonly holder: string;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  }): Promise<GateAnswer>;
  /** Does nothing when the slot has meanwhile passed to somebody else. */
  release(slot: GateSlot): Promise<void>;
}

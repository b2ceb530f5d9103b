export interface Fault {
  /** Such as `SendMessage`; any operation when absent. */
  readonly operation?: string;
  /** The requests it meets; 1 when absent. */
  readonly times?: number;
  /**
   * refused: nothing happens and the answer is an error. lost-answer: it is done, and the connection is cut before
   * anybody hears of it.
   */
  readonly kind: 'refused' | 'lost-answer';
  /** Of a refusal; 500 and `InternalFailure` when absent. 4xx, but for a throttle, is not repeated by the SDK. */
  readonly status?: number;
  readonly code?: string;
}

export interface Faults {
  add(fault: Fault): void;
  /** The fault that meets this request, if one does. */
  next(operation: string): Fault | null;
}

export function createFaults(): Faults {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    next(operation) {
      const met = waiting.find(({ fault, left }) => left > 0 && (fault.operation ?? operation) === operation);
      if (!met) return null;
      met.left -= 1;
      return met.fault;
    },
  };
}

/** The request rate of one RetailCRM account, shared by everything that calls it. */
export interface RequestBudget {
  /**
   * Reserves the next free moment for one request and returns it (epoch milliseconds, not before `nowMs`).
   * Moments of one account are at least `spacingMs` apart.
   */
  reserve(request: {
    readonly budgetKey: string;
    readonly nowMs: number;
    readonly spacingMs: number;
  }): Promise<number>;
}

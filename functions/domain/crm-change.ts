/** One record of RetailCRM's order history, as far as the module reads it. */
export interface CrmChange {
  readonly historyId: number;
  readonly atMs: number | null;
  /** Open list: `user`, `api`, `code`, rules and whatever comes. */
  readonly source: string;
  /** Made with the API key that reads now. */
  readonly ownKey: boolean;
  readonly field: string;
  /** The new value where it is a dictionary code, e.g. of `status`. */
  readonly newCode: string | null;
  readonly crmOrderId: number | null;
  readonly externalId: string | null;
  readonly site: string | null;
  readonly created: boolean;
  readonly deleted: boolean;
}

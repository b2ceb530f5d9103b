/** One RetailCRM system. */
export interface Account {
  readonly accountId: string;
  readonly version: number;
  readonly name: string;
  /** Origin without a path, e.g. `https://shop.retailcrm.ru`. */
  readonly crmUrl: string;
  readonly sealedApiKey: string;
  readonly scopes: readonly string[];
  /** IANA name of the account's time zone. */
  readonly timeZone: string;
  readonly createdAtMs: number;
}

/** Who holds a store or a ZZap login of an account, and since when. */
export interface Claim {
  readonly connectionId: string;
  readonly claimedAtMs: number;
}

/** A claim younger than this may belong to a save that is still under way: requests end long before. */
export const CLAIM_SETTLES_AFTER_MS = 5 * 60_000;

/** Rights of the API key without which no order can be imported. */
export const REQUIRED_SCOPES = ['order_read', 'order_write', 'reference_read'] as const;

/** Rights that single features need; the form names what is off without them. */
export const FEATURE_SCOPES: Record<string, string> = {
  store_read: 'item-linking',
  reference_write: 'order-method-creation',
  integration_write: 'module-registration',
};

export function missingScopes(granted: readonly string[]): { required: string[]; optional: string[] } {
  return {
    required: REQUIRED_SCOPES.filter((scope) => !granted.includes(scope)),
    optional: Object.keys(FEATURE_SCOPES).filter((scope) => !granted.includes(scope)),
  };
}

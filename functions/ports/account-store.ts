import type { Account, Claim } from '../domain/account';

/** Accounts and their claims. One RetailCRM address is one account. */
export interface AccountStore {
  /** False when the address already belongs to another account. */
  create(account: Account): Promise<boolean>;
  find(accountId: string): Promise<Account | null>;
  /** The account that has this address. */
  findByUrl(crmUrl: string): Promise<Account | null>;
  list(page: { readonly limit: number; readonly after?: string }): Promise<Account[]>;
  /** Writes over `expectedVersion`; false when somebody else was faster. */
  save(account: Account, expectedVersion: number): Promise<boolean>;
  /**
   * As `save`, for an account whose address was `formerUrl`: RetailCRM may move an account. False also when the new
   * address belongs to another one.
   */
  move(account: Account, formerUrl: string, expectedVersion: number): Promise<boolean>;
  remove(account: Account): Promise<void>;
}

export type ClaimKind = 'url' | 'site' | 'login';

export interface ClaimAnswer {
  readonly granted: boolean;
  /** Who holds it instead. */
  readonly holder?: Claim;
}

/** The one-to-one promises inside an account (M2): a store and a ZZap login belong to one connection each. */
export interface ClaimStore {
  /** Takes a free or own claim, or one whose holder is exactly `stale`. */
  claim(
    accountId: string,
    what: { readonly kind: ClaimKind; readonly value: string },
    by: Claim,
    stale?: Claim,
  ): Promise<ClaimAnswer>;
  /**
   * Gives back a claim that `by.connectionId` made no later than `by.claimedAtMs`. One it has renewed since, for
   * another save, and one of somebody else stay.
   */
  release(
    accountId: string,
    what: { readonly kind: ClaimKind; readonly value: string },
    by: Claim,
  ): Promise<void>;
}

/** The module's code in RetailCRM's marketplace. The code of every installation begins with it. */
export const INTEGRATION_CODE = 'zzap';

/** What RetailCRM shows as the module's name. */
export const MODULE_NAME = 'ZZap';

/** How one account's installation is called in its RetailCRM: the same each time, so that it is never there twice. */
export function moduleCodeOf(accountId: string): string {
  return `${INTEGRATION_CODE}-${accountId}`;
}

/** What RetailCRM was told about the module last. */
export interface ToldOfModule {
  readonly active: boolean;
  /** Base of the addresses that RetailCRM calls. */
  readonly baseUrl: string;
}

/** The module as it is installed in one account's RetailCRM. */
export interface CrmModule {
  readonly accountId: string;
  readonly version: number;
  /** By this RetailCRM identifies itself: the digest recognises it, the sealed one is sent with every change. */
  readonly clientId: { readonly digest: string; readonly sealed: string };
  /** Null: RetailCRM has not taken the module yet. */
  readonly told: ToldOfModule | null;
  /** RetailCRM stopped the module itself, e.g. because it is not paid for. Only RetailCRM ends that. */
  readonly frozen: boolean;
}

/** Rights of an API key without which RetailCRM does not let the module install itself. */
export const INSTALLING_SCOPE = 'integration_write';

/**
 * The identifier that RetailCRM sends with each call: the account it belongs to and a secret, so that no index is
 * needed. RetailCRM keeps 70 characters at most; these are 66.
 */
export function clientIdOf(accountId: string, secret: string): string {
  return `${accountId}.${secret}`;
}

/** The account that an identifier names, true or not; null for what is none. */
export function accountOfClientId(clientId: string): string | null {
  return /^(a-[a-z0-9]{1,40})\.[\w-]{1,64}$/.exec(clientId)?.[1] ?? null;
}

import type { CrmOrderDraft, StoredCrmOrder } from '../domain/crm-order-draft';
import type { CrmChange } from '../domain/crm-change';
import type { OwnedChanges, OwnedField, OwnedValues } from '../domain/owned-fields';
import type { OfferCandidate } from '../domain/offer-match';
import type { CallObserver } from './call-observer';

export interface CrmSite {
  readonly code: string;
  readonly name: string;
}

export interface CrmStatus {
  readonly code: string;
  readonly name: string;
  readonly group: string;
  readonly groupName: string;
  readonly active: boolean;
}

export interface CrmOrderMethod {
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly defaultForApi: boolean;
}

export interface CrmAccess {
  readonly scopes: readonly string[];
  /** Store codes the key may use; null when it may use all. */
  readonly sites: readonly string[] | null;
}

/** What the key may do and how the account counts time. */
export interface CrmAccessReader {
  readAccess(): Promise<CrmAccess>;
  /** IANA name, or null when the account does not tell. */
  readTimeZone(): Promise<string | null>;
}

export interface CrmDirectories {
  listSites(): Promise<CrmSite[]>;
  /** Inactive ones included. */
  listStatuses(): Promise<CrmStatus[]>;
  listOrderMethods(): Promise<CrmOrderMethod[]>;
  /** Creates or renames; repeating it changes nothing. Needs the scope `reference_write`. */
  ensureOrderMethod(code: string, name: string): Promise<void>;
}

/** Largest batch that `upload` and `findByExternalIds` take. */
export const CRM_BATCH_MAX = 50;

export interface CrmOrders {
  /**
   * Creates up to 50 orders in one request and returns those that are certainly stored. The fate of the others
   * is told by `findByExternalIds`.
   */
  upload(site: string, drafts: readonly CrmOrderDraft[]): Promise<StoredCrmOrder[]>;
  /** Creates one order. RetailCRM refuses a second one with the same external id (RemoteError `invalid`). */
  create(site: string, draft: CrmOrderDraft): Promise<StoredCrmOrder>;
  /** Those of up to 50 that exist. */
  findByExternalIds(site: string, externalIds: readonly string[]): Promise<StoredCrmOrder[]>;
}

/** Fields that follow ZZap while nobody has changed them in RetailCRM. */
export interface CrmOwnedFields {
  /** Null when the order is gone. */
  read(site: string, crmOrderId: number): Promise<OwnedValues | null>;
  /** Fields that others than this key have changed since the order was created. */
  listTouched(crmOrderId: number): Promise<ReadonlySet<OwnedField>>;
  /** Writes exactly the given fields. */
  write(site: string, crmOrderId: number, changes: OwnedChanges): Promise<void>;
}

/** Statuses of orders that exist already. No other field is ever written. */
export interface CrmOrderStatuses {
  /** Null when the order is gone. */
  read(site: string, crmOrderId: number): Promise<StoredCrmOrder | null>;
  /** Current status codes of up to 50 orders by id; those that are gone are absent. */
  readMany(crmOrderIds: readonly number[]): Promise<Map<number, string>>;
  /** False when the order is gone. */
  change(site: string, crmOrderId: number, status: string): Promise<boolean>;
}

/** Where to go on reading the history. */
export type HistoryMark =
  { readonly kind: 'since-id'; readonly id: number } | { readonly kind: 'since-time'; readonly atMs: number };

export interface CrmHistory {
  /** Up to 100 records after the mark, ids ascending. `more`: a further page is there. */
  listChanges(mark: HistoryMark): Promise<{ readonly changes: CrmChange[]; readonly more: boolean }>;
}

export interface CrmCatalogue {
  /** Offers whose article or name contains the text: the caller compares exactly. */
  searchOffers(site: string, article: string): Promise<OfferCandidate[]>;
  /** Offers with these external ids. */
  findOffersByExternalIds(site: string, externalIds: readonly string[]): Promise<OfferCandidate[]>;
}

/** An installation of this module as RetailCRM wants it described. */
export interface CrmModuleCard {
  /** Begins with `integrationCode`. */
  readonly code: string;
  readonly integrationCode: string;
  readonly name: string;
  readonly active: boolean;
  /** A secret: whoever knows it speaks for the account. Up to 70 characters. */
  readonly clientId: string;
  /** Base of the addresses that RetailCRM calls, without a slash at the end. */
  readonly baseUrl: string;
  /** Where it tells that the module was switched on or off; after `baseUrl`. */
  readonly activityPath: string;
  /** Opened from RetailCRM with the `clientId`. */
  readonly accountUrl: string;
}

export interface CrmModules {
  /** Installs the module or changes it; repeating it changes nothing. Needs the scope `integration_write`. */
  install(card: CrmModuleCard): Promise<void>;
}

/**
 * One RetailCRM account behind one API key. Every call keeps the account's request rate and throws RemoteError;
 * reads are repeated as `decideRetry` says, writes only when they certainly had no effect.
 */
export interface CrmSystem {
  readonly access: CrmAccessReader;
  readonly directories: CrmDirectories;
  readonly orders: CrmOrders;
  readonly ownedFields: CrmOwnedFields;
  readonly statuses: CrmOrderStatuses;
  readonly history: CrmHistory;
  readonly catalogue: CrmCatalogue;
  readonly modules: CrmModules;
}

export interface CrmDoor {
  readonly crmUrl: string;
  readonly apiKey: string;
  /** Zone of the naive times the account reads and writes. */
  readonly timeZone: string;
}

export type OpenCrmSystem = (door: CrmDoor, observer?: CallObserver) => CrmSystem;

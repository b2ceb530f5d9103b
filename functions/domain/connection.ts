/** Minutes between two ticks that the form offers (M3). */
export const INTERVALS_MINUTES = [1, 5, 10, 15, 30, 60, 120, 360, 720, 1440] as const;
export type IntervalMinutes = (typeof INTERVALS_MINUTES)[number];

export const ITEM_LINKS = ['article', 'externalId', 'none'] as const;
export type ItemLink = (typeof ITEM_LINKS)[number];

export const STATUS_DIRECTIONS = ['none', 'zzapToCrm', 'crmToZzap'] as const;
export type StatusDirection = (typeof STATUS_DIRECTIONS)[number];

export const CONNECTION_STATES = ['draft', 'active', 'paused', 'suspended', 'removed'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** Why a connection stopped by itself: credentials that a remote refuses, or the module switched off in RetailCRM. */
export const SUSPENSION_REASONS = ['zzap-credentials', 'crm-credentials', 'crm-module'] as const;
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];

/** What opens a ZZap cabinet. Never logged, never returned. */
export interface ZzapCredentials {
  readonly login: string;
  readonly password: string;
  readonly apiKey: string;
}

/** The RetailCRM order method that imported orders carry, and how it was come by (M12). */
export interface OrderMethodChoice {
  readonly code: string | null;
  readonly source: 'existing' | 'created' | 'default';
}

/** The secret in the connection's hook URLs: its digest recognises it, the sealed one is shown to be pasted. */
export interface HookSecret {
  readonly digest: string;
  readonly sealed: string;
}

export interface Connection {
  readonly accountId: string;
  readonly connectionId: string;
  readonly version: number;
  readonly name: string;
  readonly login: string;
  /** Password and API key, encrypted with the connection's id as additional data. */
  readonly sealedCredentials: string;
  readonly site: string | null;
  readonly intervalMinutes: IntervalMinutes;
  readonly itemLink: ItemLink;
  readonly statusDirection: StatusDirection;
  readonly includeApiChanges: boolean;
  /** Orders made before this instant are not imported. */
  readonly importFromMs: number;
  readonly state: ConnectionState;
  readonly suspension: SuspensionReason | null;
  readonly orderMethod: OrderMethodChoice;
  readonly hookSecret: HookSecret;
  /** Since when RetailCRM's status changes travel to ZZap; null while they do not. */
  readonly crmToZzapSinceMs: number | null;
  readonly createdAtMs: number;
}

const TRANSITIONS: Record<ConnectionState, readonly ConnectionState[]> = {
  draft: ['active', 'paused', 'removed'],
  active: ['paused', 'suspended', 'removed'],
  paused: ['active', 'removed'],
  suspended: ['active', 'paused', 'removed'],
  removed: [],
};

export function mayBecome(from: ConnectionState, to: ConnectionState): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

/**
 * The state a saved connection takes, always one it may become. A draft without a store stays a draft, any other
 * connection that loses its store pauses; a suspended one resumes only with credentials that have just been accepted.
 */
export function stateAfterSaving(
  current: ConnectionState,
  facts: { readonly hasSite: boolean; readonly wantsActive: boolean; readonly credentialsAccepted: boolean },
): ConnectionState {
  if (current === 'removed') return 'removed';
  if (!facts.hasSite || !facts.wantsActive) return current === 'draft' ? 'draft' : 'paused';
  if (current === 'suspended' && !facts.credentialsAccepted) return 'suspended';
  return 'active';
}

/** ZZap logins are e-mails: the same cabinet however it was typed. */
export function normalizeLogin(login: string): string {
  return login.trim().toLowerCase();
}

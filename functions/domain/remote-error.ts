export const REMOTES = ['zzap', 'retailcrm'] as const;
export type Remote = (typeof REMOTES)[number];

/**
 * auth: credentials or rights refused. rate-limited: asked too often. invalid: our request was refused for what
 * it says. not-found: the thing asked for is not there. unavailable: no usable answer, worth repeating.
 * unexpected-body: an answer that is not what the remote's description says, e.g. a page instead of data.
 */
export const REMOTE_ERROR_KINDS = [
  'auth',
  'rate-limited',
  'invalid',
  'not-found',
  'unavailable',
  'unexpected-body',
] as const;
export type RemoteErrorKind = (typeof REMOTE_ERROR_KINDS)[number];

export interface RemoteErrorFacts {
  readonly remote: Remote;
  readonly kind: RemoteErrorKind;
  /** In the remote's words where it gave any, free of secrets and of buyers' data. */
  readonly detail: string;
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
  /** The request may have taken effect although no answer says so. */
  readonly effectUnknown: boolean;
  /** Field path to the remote's complaint, for `invalid`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Which credential is refused, as far as the remote tells. */
  readonly credential?: 'login' | 'password' | 'apiKey' | 'scope';
}

export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly facts: RemoteErrorFacts;

  constructor(facts: RemoteErrorFacts, options?: ErrorOptions) {
    super(`${facts.remote}: ${facts.kind}: ${facts.detail}`, options);
    this.facts = facts;
  }
}

export interface RemoteFailure extends Error {
  readonly facts: RemoteErrorFacts;
}

/** Branches on the name: `instanceof` is not reliable across bundles. */
export function asRemoteError(error: unknown): RemoteFailure | null {
  return error instanceof Error && error.name === 'RemoteError' ? (error as RemoteFailure) : null;
}

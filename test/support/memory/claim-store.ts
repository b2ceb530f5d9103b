import type { Claim } from '../../../functions/domain/account';
import type { ClaimKind, ClaimStore } from '../../../functions/ports/account-store';
import { frozenCopy } from './frozen-copy';

export function createMemoryClaimStore(): ClaimStore {
  const claims = new Map<string, Claim>();

  return {
    claim: (accountId, what, by, stale) => {
      const key = keyOf(accountId, what);
      const holder = claims.get(key);
      if (holder !== undefined && holder.connectionId !== by.connectionId && !isSame(holder, stale)) {
        return Promise.resolve({ granted: false, holder });
      }
      claims.set(key, frozenCopy(by));
      return Promise.resolve({ granted: true });
    },
    release: (accountId, what, by) => {
      const key = keyOf(accountId, what);
      const holder = claims.get(key);
      if (holder?.connectionId === by.connectionId && holder.claimedAtMs <= by.claimedAtMs)
        claims.delete(key);
      return Promise.resolve();
    },
  };
}

function keyOf(accountId: string, what: { readonly kind: ClaimKind; readonly value: string }): string {
  return JSON.stringify([accountId, what.kind, what.value]);
}

function isSame(holder: Claim, stale: Claim | undefined): boolean {
  return holder.connectionId === stale?.connectionId && holder.claimedAtMs === stale.claimedAtMs;
}

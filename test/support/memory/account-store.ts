import type { Account } from '../../../functions/domain/account';
import type { AccountStore } from '../../../functions/ports/account-store';
import { frozenCopy } from './frozen-copy';
import { compareTexts } from './sorted';

export function createMemoryAccountStore(): AccountStore {
  const accounts = new Map<string, Account>();

  return {
    create: (account) => {
      const isTaken = [...accounts.values()].some(
        (other) => other.crmUrl === account.crmUrl && other.accountId !== account.accountId,
      );
      if (!isTaken) accounts.set(account.accountId, frozenCopy(account));
      return Promise.resolve(!isTaken);
    },
    find: (accountId) => Promise.resolve(accounts.get(accountId) ?? null),
    list: ({ limit, after = '' }) =>
      Promise.resolve(
        [...accounts.values()]
          .sort((a, b) => compareTexts(a.accountId, b.accountId))
          .filter((account) => compareTexts(account.accountId, after) > 0)
          .slice(0, limit),
      ),
    save: (account, expectedVersion) => {
      if (accounts.get(account.accountId)?.version !== expectedVersion) return Promise.resolve(false);
      accounts.set(account.accountId, frozenCopy(account));
      return Promise.resolve(true);
    },
    remove: ({ accountId }) => {
      accounts.delete(accountId);
      return Promise.resolve();
    },
  };
}

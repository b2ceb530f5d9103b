import type { Account } from '../../../functions/domain/account';
import type { AccountStore } from '../../../functions/ports/account-store';
import { frozenCopy } from './frozen-copy';
import { compareTexts } from './sorted';

export function createMemoryAccountStore(): AccountStore {
  const accounts = new Map<string, Account>();
  const isTaken = ({ accountId, crmUrl }: Account) =>
    [...accounts.values()].some((other) => other.crmUrl === crmUrl && other.accountId !== accountId);
  const save = (account: Account, expectedVersion: number) => {
    if (accounts.get(account.accountId)?.version !== expectedVersion) return Promise.resolve(false);
    accounts.set(account.accountId, frozenCopy(account));
    return Promise.resolve(true);
  };

  return {
    create: (account) => {
      const taken = isTaken(account);
      if (!taken) accounts.set(account.accountId, frozenCopy(account));
      return Promise.resolve(!taken);
    },
    find: (accountId) => Promise.resolve(accounts.get(accountId) ?? null),
    findByUrl: (url) => Promise.resolve([...accounts.values()].find(({ crmUrl }) => crmUrl === url) ?? null),
    list: ({ limit, after = '' }) =>
      Promise.resolve(
        [...accounts.values()]
          .sort((a, b) => compareTexts(a.accountId, b.accountId))
          .filter((account) => compareTexts(account.accountId, after) > 0)
          .slice(0, limit),
      ),
    save,
    move: (account, _formerUrl, expectedVersion) =>
      isTaken(account) ? Promise.resolve(false) : save(account, expectedVersion),
    remove: ({ accountId }) => {
      accounts.delete(accountId);
      return Promise.resolve();
    },
  };
}

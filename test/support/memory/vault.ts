import { createHmac } from 'node:crypto';
import { VaultError, type Vault } from '../../../functions/ports/vault';

const KEY = 'a fake key: nothing is kept secret here';

/**
 * Seals reversibly and, unlike a real vault, equal texts equally, so that runs repeat exactly. What it shares with
 * a real one: a sealed text does not show the plain one, and opens only unaltered and with its own context.
 */
export function createMemoryVault(): Vault {
  return {
    seal: (plain, context) => {
      const body = Buffer.from(plain).toString('base64url');
      return Promise.resolve(`${body}.${tagOf(body, context)}`);
    },
    open: (sealed, context) => {
      const [body = '', tag, ...rest] = sealed.split('.');
      if (tag !== tagOf(body, context) || rest.length > 0) {
        return Promise.reject(new VaultError('altered, or sealed for another context'));
      }
      return Promise.resolve(Buffer.from(body, 'base64url').toString());
    },
  };
}

function tagOf(body: string, context: string): string {
  return createHmac('sha256', KEY).update(`${body}.${context}`).digest('base64url');
}

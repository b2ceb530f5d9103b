import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { VaultError, type Vault } from '../ports/vault';
import { decrypt, encrypt, KEY_BYTES, partsOf } from '../sealing/aes-gcm';

const VERSION = 'v1';

/** AES-256-GCM with a key in a file that only its owner can read; made when it is not there. */
export function openKeyFileVault(keyFile: string): Vault {
  const key = readOrCreateKey(keyFile);
  return {
    seal: (plain, context) => Promise.resolve(`${VERSION}.${encrypt(key, plain, context)}`),
    open(sealed, context) {
      return new Promise((resolve) => {
        resolve(decrypt(key, partsOf(sealed, VERSION, 3).join('.'), context));
      });
    },
  };
}

function readOrCreateKey(keyFile: string): Buffer {
  createKeyOnce(keyFile);
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0) {
    throw new VaultError(`${keyFile} can be read by others: run chmod 600 on it`);
  }
  const key = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new VaultError(`${keyFile} holds no key`);
  return key;
}

/** The file appears whole or not at all: a process killed here leaves no half a key. */
function createKeyOnce(keyFile: string): void {
  const draft = `${keyFile}.${process.pid}`;
  writeFileSync(draft, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600 });
  try {
    linkSync(draft, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Vault } from '../ports/vault';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const VERSION = 'v1';

/** A sealed text that is not ours, was altered, or belongs to another context. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

/** AES-256-GCM with a key in a file that only its owner can read; made when it is not there. */
export function openKeyFileVault(keyFile: string): Vault {
  const key = readOrCreateKey(keyFile);
  return {
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'));
      return Promise.resolve([VERSION, ...parts].join('.'));
    },
    open(sealed, context) {
      return new Promise((resolve) => {
        resolve(decrypt(key, sealed, context));
      });
    },
  };
}

function decrypt(key: Buffer, sealed: string, context: string): string {
  const [version, iv = '', tag = '', body = '', ...rest] = sealed.split('.');
  if (version !== VERSION || rest.length > 0 || ![iv, tag, body].every(isExact)) {
    throw new VaultError('not sealed by this vault');
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
      .setAAD(Buffer.from(context))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    const plain = Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]);
    return plain.toString('utf8');
  } catch {
    throw new VaultError('altered, or sealed with another key or for another context');
  }
}

/** Decoding skips what does not belong there: only the text that `seal` wrote is ours. */
function isExact(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
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

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { VaultError } from '../ports/vault';

/** AES-256. */
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with the context as additional data. Gives `iv.tag.body`, each part base64url. */
export function encrypt(key: Uint8Array, plain: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return [iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url')).join('.');
}

/** Opens what `encrypt` gave, with the same key and context; throws a `VaultError` for anything else. */
export function decrypt(key: Uint8Array, encrypted: string, context: string): string {
  const [iv = '', tag = '', body = ''] = encrypted.split('.');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(context))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    const plain = Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]);
    return plain.toString('utf8');
  } catch {
    throw new VaultError('altered, or sealed with another key or for another context');
  }
}

/**
 * The parts of a sealed text after its version, `count` of them. Throws a `VaultError` when the text has another
 * form. Decoding skips what does not belong there: only the very text that was sealed is ours.
 */
export function partsOf(sealed: string, version: string, count: number): readonly string[] {
  const [found, ...parts] = sealed.split('.');
  if (found !== version || parts.length !== count || !parts.every(isExact)) {
    throw new VaultError('not sealed by this vault');
  }
  return parts;
}

function isExact(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

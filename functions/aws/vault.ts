import {
  DecryptCommand,
  GenerateDataKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { Clock } from '../ports/clock';
import { VaultError, type Vault } from '../ports/vault';
import { decrypt, encrypt, partsOf } from '../sealing/aes-gcm';
import { rememberDataKeys } from './data-keys';

export interface KmsVaultOptions {
  readonly client: KMSClient;
  readonly keyArn: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

const VERSION = 'k1';
/** KMS takes no longer ciphertext and would call it a wrong request. */
const ENCRYPTED_KEY_BYTES_MAX = 6_144;

/**
 * A key of its own for each sealed text, itself encrypted by KMS: KMS alone takes 4,096 bytes, and rows of orders
 * are longer. The text is `k1.<encrypted key>.<iv>.<tag>.<body>`, each part base64url. KMS and the body are both
 * bound to the context, which CloudTrail shows in clear: it must be an id, never a secret.
 *
 * An outage, a throttle or a lost right of KMS passes through as the SDK's error.
 */
export function createKmsVault({ client, keyArn, clock }: KmsVaultOptions): Vault {
  const dataKeyOf = rememberDataKeys(clock, decryptDataKey);

  async function decryptDataKey(encryptedKey: string, context: string): Promise<Uint8Array> {
    const command = new DecryptCommand({
      KeyId: keyArn,
      CiphertextBlob: Buffer.from(encryptedKey, 'base64url'),
      EncryptionContext: { context },
    });
    const { Plaintext } = await client.send(command).catch((error: unknown) => {
      throw isForeign(error) ? new VaultError('the key is not ours, altered, or for another context') : error;
    });
    return present(Plaintext);
  }

  return {
    async seal(plain, context) {
      const { CiphertextBlob, Plaintext } = await client.send(
        new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: { context } }),
      );
      const encryptedKey = Buffer.from(present(CiphertextBlob)).toString('base64url');
      return `${VERSION}.${encryptedKey}.${encrypt(present(Plaintext), plain, context)}`;
    },
    async open(sealed, context) {
      const [encryptedKey = '', ...body] = partsOf(sealed, VERSION, 4);
      const bytes = Buffer.byteLength(encryptedKey, 'base64url');
      if (bytes === 0 || bytes > ENCRYPTED_KEY_BYTES_MAX) throw new VaultError('not sealed by this vault');
      return decrypt(await dataKeyOf(encryptedKey, context), body.join('.'), context);
    },
  };
}

function isForeign(error: unknown): boolean {
  return error instanceof InvalidCiphertextException || error instanceof IncorrectKeyException;
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error('KMS answered without a key');
  return bytes;
}

import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { ACCOUNT, REGION, textOf, type Json } from './account';
import { ServiceError } from './service-error';

export interface KmsService {
  handle(operation: string, input: Json): Json;
  /** Makes a key and gives its ARN. */
  createKey(): string;
}

const KEY_ID_BYTES = 36;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHERTEXT_BYTES_MAX = 6_144;

/**
 * AWS JSON 1.1 with real AES inside. A ciphertext names its key and is bound to the encryption context, whatever the
 * order of its pairs; anything altered is an invalid ciphertext.
 */
export function createKmsService(): KmsService {
  const keys = new Map<string, Buffer>();

  function createKey(): string {
    const keyId = randomUUID();
    keys.set(keyId, randomBytes(32));
    return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}`;
  }

  /** By ARN or id. */
  function find(name: unknown): { readonly keyId: string; readonly key: Buffer } {
    const keyId = String(name).split('/').at(-1) ?? '';
    const key = keys.get(keyId);
    if (!key) throw new ServiceError('NotFoundException', `Key ${keyId} does not exist.`);
    return { keyId, key };
  }

  function encrypt({ keyId, key }: ReturnType<typeof find>, plain: Buffer, context: unknown): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(boundTo(keyId, context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.from(keyId), iv, cipher.getAuthTag(), body]);
  }

  function decrypt(blob: Buffer, context: unknown): { readonly keyId: string; readonly plain: Buffer } {
    const keyId = blob.toString('latin1', 0, KEY_ID_BYTES);
    const [ivEnd, tagEnd] = [KEY_ID_BYTES + IV_BYTES, KEY_ID_BYTES + IV_BYTES + TAG_BYTES];
    try {
      const decipher = createDecipheriv('aes-256-gcm', find(keyId).key, blob.subarray(KEY_ID_BYTES, ivEnd))
        .setAAD(boundTo(keyId, context))
        .setAuthTag(blob.subarray(ivEnd, tagEnd));
      return { keyId, plain: Buffer.concat([decipher.update(blob.subarray(tagEnd)), decipher.final()]) };
    } catch {
      throw new ServiceError('InvalidCiphertextException', 'The ciphertext is not valid.');
    }
  }

  const operations: Readonly<Record<string, (input: Json) => Json>> = {
    CreateKey() {
      const Arn = createKey();
      return { KeyMetadata: { Arn, KeyId: Arn.split('/').at(-1) } };
    },
    ScheduleKeyDeletion(input) {
      const { keyId } = find(input['KeyId']);
      keys.delete(keyId);
      return { KeyId: keyId };
    },
    GenerateDataKey(input) {
      if (input['KeySpec'] !== 'AES_256')
        throw new ServiceError('ValidationException', 'KeySpec is AES_256.');
      const found = find(input['KeyId']);
      const plain = randomBytes(32);
      return {
        KeyId: found.keyId,
        Plaintext: plain.toString('base64'),
        CiphertextBlob: encrypt(found, plain, input['EncryptionContext']).toString('base64'),
      };
    },
    Decrypt(input) {
      const blob = Buffer.from(textOf(input, 'CiphertextBlob'), 'base64');
      if (blob.length === 0 || blob.length > CIPHERTEXT_BYTES_MAX) {
        throw new ServiceError('ValidationException', 'CiphertextBlob has 1 to 6144 bytes.');
      }
      const wanted = input['KeyId'] === undefined ? null : find(input['KeyId']);
      const { keyId, plain } = decrypt(blob, input['EncryptionContext']);
      if (wanted && wanted.keyId !== keyId) {
        throw new ServiceError('IncorrectKeyException', 'The ciphertext belongs to another key.');
      }
      return { KeyId: keyId, Plaintext: plain.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    },
  };

  return {
    createKey,
    handle(operation, input) {
      const run = operations[operation];
      if (!run) throw new ServiceError('UnknownOperationException', `${operation} is not emulated.`);
      return run(input);
    },
  };
}

function boundTo(keyId: string, context: unknown): Buffer {
  const pairs = Object.entries((context ?? {}) as Json).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify([keyId, pairs]));
}

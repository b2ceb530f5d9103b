import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { openKms } from '../../functions/aws/clients';
import { createKmsVault } from '../../functions/aws/vault';
import { VaultError } from '../../functions/ports/vault';
import { startAwsEmulator, type AwsEmulator } from '../support/aws/emulator';

const START_MS = 1_727_103_600_000;
const FIVE_MINUTES_MS = 300_000;

let emulator: AwsEmulator;
let nowMs: number;
beforeEach(async () => {
  nowMs = START_MS;
  emulator = await startAwsEmulator({ nowMs: () => nowMs });
  Object.assign(process.env, emulator.environment);
});
afterEach(() => emulator.close());

const open = (keyArn = emulator.keyArn) =>
  createKmsVault({ client: openKms(), keyArn, clock: { nowMs: () => nowMs } });
const asked = (operation: string) => emulator.operations().filter((name) => name === operation).length;

async function refusalOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => Promise.reject(new Error('it was opened')),
    (error: unknown) => error as Error,
  );
}

describe('a vault with KMS', () => {
  it('writes version, encrypted key, 12 bytes of iv, 16 of tag, and the body', async () => {
    const sealed = await open().seal('secret', 'c-1');

    const [version, encryptedKey = '', ...rest] = sealed.split('.');
    expect(version).toBe('k1');
    expect(encryptedKey).toMatch(/^[\w-]{100,}$/);
    expect(rest.map((part) => Buffer.byteLength(part, 'base64url'))).toEqual([12, 16, 6]);
  });

  it('has a key of its own for each text', async () => {
    const vault = open();
    const sealed = await Promise.all([1, 2, 3].map(() => vault.seal('secret', 'c-1')));

    expect(new Set(sealed.map((text) => text.split('.')[1])).size).toBe(3);
    expect(asked('GenerateDataKey')).toBe(3);
  });

  it('opens in another process what this one sealed', async () => {
    expect(await open().open(await open().seal('secret', 'c-1'), 'c-1')).toBe('secret');
  });

  it('calls whatever was altered its own error, and says nothing of it', async () => {
    const sealed = await open().seal('secret', 'c-1');
    const vault = open();

    for (let at = 0; at < sealed.length; at += 1) {
      const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'z' : 'A') + sealed.slice(at + 1);
      const error = await refusalOf(vault.open(altered, 'c-1'));
      expect(error).toBeInstanceOf(VaultError);
      expect(String(error)).not.toMatch(/secret|c-1/);
    }
  });

  it.each([
    ['of the local run', 'v1.AAAA.AAAA.AAAA'],
    ['without a key', 'k1..AAAA.AAAA.AAAA'],
    ['with a key that no KMS made', `k1.${'A'.repeat(8_216)}.AAAA.AAAA.AAAA`],
    ['with a part too many', 'k1.AAAA.AAAA.AAAA.AAAA.AAAA'],
  ])('does not ask KMS about a text %s', async (_, text) => {
    expect(await refusalOf(open().open(text, 'c-1'))).toBeInstanceOf(VaultError);
    expect(emulator.operations()).toEqual([]);
  });

  it('opens nothing that another key sealed, of the same account or of another one', async () => {
    const sealed = await open().seal('secret', 'c-1');
    const { KeyMetadata } = await openKms().send(new CreateKeyCommand({}));
    expect(await refusalOf(open(KeyMetadata!.Arn).open(sealed, 'c-1'))).toBeInstanceOf(VaultError);

    const other = await startAwsEmulator({ nowMs: () => nowMs });
    Object.assign(process.env, other.environment);
    const error = await refusalOf(open(other.keyArn).open(sealed, 'c-1'));
    await other.close();

    expect(error).toBeInstanceOf(VaultError);
  });

  it.each([
    ['KMSInternalException', 500],
    ['DependencyTimeoutException', 503],
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['DisabledException', 400],
    ['KMSInvalidStateException', 400],
  ])('does not call a text altered when KMS answers %s', async (code, status) => {
    const sealed = await open().seal('secret', 'c-1');
    emulator.fault({ operation: 'Decrypt', kind: 'refused', code, status, times: 4 });
    const vault = open();

    const error = await refusalOf(vault.open(sealed, 'c-1'));

    expect([error.name, error instanceof VaultError]).toEqual([code, false]);
  });

  it('rides out a throttle, and an answer that was lost', async () => {
    const sealed = await open().seal('secret', 'c-1');
    emulator.fault({ operation: 'Decrypt', kind: 'refused', code: 'ThrottlingException', status: 400 });
    emulator.fault({ operation: 'Decrypt', kind: 'lost-answer' });

    expect(await open().open(sealed, 'c-1')).toBe('secret');
    expect(asked('Decrypt')).toBe(3);
  });
});

describe('the keys that a vault remembers', () => {
  it('spare KMS five minutes, not a moment longer', async () => {
    const vault = open();
    const sealed = await vault.seal('secret', 'c-1');

    for (const ms of [0, FIVE_MINUTES_MS - 1]) {
      nowMs = START_MS + ms;
      expect(await vault.open(sealed, 'c-1')).toBe('secret');
    }
    expect(asked('Decrypt')).toBe(1);
    nowMs = START_MS + FIVE_MINUTES_MS;
    await vault.open(sealed, 'c-1');

    expect(asked('Decrypt')).toBe(2);
  });

  it('open nothing for another context', async () => {
    const vault = open();
    const sealed = await vault.seal('secret', 'c-1');
    await vault.open(sealed, 'c-1');

    expect(await refusalOf(vault.open(sealed, 'c-2'))).toBeInstanceOf(VaultError);
    expect(asked('Decrypt')).toBe(2);
  });

  it('are not those that KMS refused', async () => {
    const vault = open();
    const sealed = await vault.seal('secret', 'c-1');
    emulator.fault({ operation: 'Decrypt', kind: 'refused', code: 'AccessDeniedException', status: 400 });
    await refusalOf(vault.open(sealed, 'c-1'));

    expect(await vault.open(sealed, 'c-1')).toBe('secret');
  });

  it('are a thousand: the oldest goes', async () => {
    const vault = open();
    const sealed: string[] = [];
    for (let count = 0; count < 1_001; count += 1) sealed.push(await vault.seal(`secret ${count}`, 'c-1'));
    for (const text of sealed) await vault.open(text, 'c-1');
    expect(asked('Decrypt')).toBe(1_001);

    expect(await vault.open(sealed[1]!, 'c-1')).toBe('secret 1');
    expect(await vault.open(sealed[1_000]!, 'c-1')).toBe('secret 1000');
    expect(asked('Decrypt')).toBe(1_001);
    expect(await vault.open(sealed[0]!, 'c-1')).toBe('secret 0');
    expect(asked('Decrypt')).toBe(1_002);
  });
});

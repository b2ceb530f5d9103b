import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openKeyFileVault } from '../../functions/local/key-file-vault';
import { VaultError } from '../../functions/ports/vault';
import { createMemoryVault } from '../support/memory/vault';
import { describeVault } from './ports/vault.suite';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

let folder: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  keyFile = join(folder, 'vault.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

describeVault('memory', () => Promise.resolve(createMemoryVault()));
describeVault('key file', () => Promise.resolve(openKeyFileVault(keyFile)));

describe('a vault with a key file', () => {
  it('seals the same text differently each time', async () => {
    const vault = openKeyFileVault(keyFile);

    const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal('secret', 'c-1')));

    expect(new Set(sealed).size).toBe(50);
  });

  it('opens what the process before it sealed', async () => {
    const sealed = await openKeyFileVault(keyFile).seal('secret', 'c-1');

    expect(await openKeyFileVault(keyFile).open(sealed, 'c-1')).toBe('secret');
  });

  it('opens nothing that was sealed with another key', async () => {
    const sealed = await openKeyFileVault(keyFile).seal('secret', 'c-1');
    const other = openKeyFileVault(join(folder, 'other.key'));

    await expect(other.open(sealed, 'c-1')).rejects.toThrow(VaultError);
  });

  it('refuses with a VaultError that tells nothing', async () => {
    const vault = openKeyFileVault(keyFile);
    const sealed = await vault.seal('secret', 'c-1');

    for (const work of [vault.open(sealed, 'c-2'), vault.open('secret', 'c-1'), vault.open('v1...', '')]) {
      const error: unknown = await work.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(VaultError);
      expect(String(error)).not.toMatch(/secret|c-1|c-2/);
    }
  });

  it.each(['.', '.x', 'A', '=', ' ', '\n'])('opens nothing to which %j was added', async (more) => {
    const vault = openKeyFileVault(keyFile);
    const sealed = await vault.seal('secret', 'c-1');

    await expect(vault.open(sealed + more, 'c-1')).rejects.toThrow(VaultError);
  });

  it.each([4, 8, 12, 15])('opens nothing whose tag was cut to %d bytes', async (bytes) => {
    const vault = openKeyFileVault(keyFile);
    const [version, iv, tag = '', body] = (await vault.seal('secret', 'c-1')).split('.');
    const cut = Buffer.from(tag, 'base64url').subarray(0, bytes).toString('base64url');

    await expect(vault.open([version, iv, cut, body].join('.'), 'c-1')).rejects.toThrow(VaultError);
  });

  it('makes a key that only its owner may read, whatever the mask, and nothing besides', () => {
    const mask = process.umask(0);
    try {
      openKeyFileVault(keyFile);
    } finally {
      process.umask(mask);
    }

    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(keyFile, 'utf8'), 'base64')).toHaveLength(32);
    expect(readdirSync(folder)).toEqual(['vault.key']);
  });

  it.each([0o640, 0o604, 0o660, 0o601, 0o777])('refuses a key file with the rights %o', (mode) => {
    openKeyFileVault(keyFile);
    chmodSync(keyFile, mode);

    expect(() => openKeyFileVault(keyFile)).toThrow(/can be read by others: run chmod 600/);
  });

  it('takes one with fewer rights', () => {
    openKeyFileVault(keyFile);
    chmodSync(keyFile, 0o400);

    expect(() => openKeyFileVault(keyFile)).not.toThrow();
  });

  it.each([
    ['nothing', ''],
    ['half a key', Buffer.alloc(16).toString('base64')],
    ['something else', 'not a key'],
  ])('refuses a file that holds %s, and leaves it', (_, content) => {
    writeFileSync(keyFile, content, { mode: 0o600 });

    expect(() => openKeyFileVault(keyFile)).toThrow(/holds no key/);
    expect(readFileSync(keyFile, 'utf8')).toBe(content);
  });

  it('has one key although several processes make it at the same moment', async () => {
    const script = join(folder, 'seal.cjs');
    const vaultFile = JSON.stringify(join(ROOT, 'functions/local/key-file-vault.ts'));
    writeFileSync(
      script,
      `const { openKeyFileVault } = require(${vaultFile});
       openKeyFileVault(${JSON.stringify(keyFile)}).seal('secret', 'c-1').then((text) => process.stdout.write(text));`,
    );

    const sealed = await Promise.all(
      Array.from({ length: 4 }, () =>
        run(process.execPath, ['--require', 'tsx/cjs', script], { cwd: ROOT }).then(({ stdout }) => stdout),
      ),
    );

    const vault = openKeyFileVault(keyFile);
    const opened = await Promise.all(sealed.map((text) => vault.open(text, 'c-1')));
    expect(opened).toEqual(['secret', 'secret', 'secret', 'secret']);
    expect(readdirSync(folder).sort()).toEqual(['seal.cjs', 'vault.key']);
  });
});

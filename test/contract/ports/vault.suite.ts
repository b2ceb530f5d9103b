import { VaultError, type Vault } from '../../../functions/ports/vault';

export function describeVault(name: string, makeVault: () => Promise<Vault>): void {
  describe(`vault: ${name}`, () => {
    let vault: Vault;
    beforeEach(async () => (vault = await makeVault()));

    it.each([
      ['an empty text', ''],
      ['a short one', 'secret'],
      ['any script', 'пароль 🔑\n"\\'],
      ['a long one', 'x'.repeat(3_000)],
      ['one of many pages', 'Ж'.repeat(100_000)],
    ])('opens what it sealed: %s', async (_, plain) => {
      const sealed = await vault.seal(plain, 'c-1');

      expect(await vault.open(sealed, 'c-1')).toBe(plain);
    });

    it('shows nothing of the plain text or of the context', async () => {
      const sealed = await vault.seal('a secret that is long enough', 'connection c-1');

      expect(sealed).not.toContain('secret');
      expect(sealed).not.toContain('c-1');
    });

    it('opens nothing with another context', async () => {
      const sealed = await vault.seal('secret', 'c-1');

      await expect(vault.open(sealed, 'c-2')).rejects.toThrow(VaultError);
      await expect(vault.open(sealed, '')).rejects.toThrow(VaultError);
    });

    it('opens nothing that was altered at any place', async () => {
      const sealed = await vault.seal('secret', 'c-1');

      for (let at = 0; at < sealed.length; at += 1) {
        // Differs in the leading bits: the trailing ones of an encoded part may be bits that nobody reads.
        const other = sealed[at] === 'A' ? 'z' : 'A';
        const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
        await expect(vault.open(altered, 'c-1')).rejects.toThrow();
      }
    });

    it.each(['', 'secret', '.', '{}', 'пароль'])('opens nothing that was not sealed: %j', async (text) => {
      await expect(vault.open(text, 'c-1')).rejects.toThrow(VaultError);
    });
  });
}

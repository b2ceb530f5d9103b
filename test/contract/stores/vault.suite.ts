import type { Vault } from '../../../functions/ports/vault';

export function describeVault(name: string, makeVault: () => Promise<Vault>): void {
  describe(`vault: ${name}`, () => {
    let vault: Vault;
    beforeEach(async () => (vault = await makeVault()));

    it.each(['', 'secret', 'пароль 🔑\n"\\', 'x'.repeat(3_000)])(
      'opens what it sealed: %j',
      async (plain) => {
        const sealed = await vault.seal(plain, 'c-1');

        expect(await vault.open(sealed, 'c-1')).toBe(plain);
      },
    );

    it('shows nothing of the plain text or of the context', async () => {
      const sealed = await vault.seal('a secret that is long enough', 'connection c-1');

      expect(sealed).not.toContain('secret');
      expect(sealed).not.toContain('c-1');
    });

    it('opens nothing with another context', async () => {
      const sealed = await vault.seal('secret', 'c-1');

      await expect(vault.open(sealed, 'c-2')).rejects.toThrow();
      await expect(vault.open(sealed, '')).rejects.toThrow();
    });

    it('opens nothing that was altered at any place', async () => {
      const sealed = await vault.seal('secret', 'c-1');

      // The last character of an encoded text may carry bits that nobody reads.
      for (let at = 0; at < sealed.length - 1; at += 1) {
        const other = sealed[at] === 'A' ? 'B' : 'A';
        const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
        await expect(vault.open(altered, 'c-1')).rejects.toThrow();
      }
    });

    it.each(['', 'secret', '.', '{}', 'пароль'])('opens nothing that was not sealed: %j', async (text) => {
      await expect(vault.open(text, 'c-1')).rejects.toThrow();
    });
  });
}

/**
 * Encryption of what must not be readable in the database. `context` is authenticated, not stored: opening needs
 * the same one, so that a sealed text cannot be moved to another connection.
 */
export interface Vault {
  seal(plain: string, context: string): Promise<string>;
  /**
   * Throws a `VaultError` when the text was not sealed here with this context, or was altered. A vault that cannot
   * be reached throws something else: that passes, and the text is good.
   */
  open(sealed: string, context: string): Promise<string>;
}

/** A sealed text that is not ours, was altered, or belongs to another context. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

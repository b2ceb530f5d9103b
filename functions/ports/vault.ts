/**
 * Encryption of what must not be readable in the database. `context` is authenticated, not stored: opening needs
 * the same one, so that a sealed text cannot be moved to another connection.
 */
export interface Vault {
  seal(plain: string, context: string): Promise<string>;
  /** Throws when the text was not sealed here with this context, or was altered. */
  open(sealed: string, context: string): Promise<string>;
}

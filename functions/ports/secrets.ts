/** Secrets that the module itself hands out, e.g. in hook URLs. */
export interface Secrets {
  /** 256 random bits, letters, digits, `-` and `_`. */
  newSecret(): string;
  /** What is stored to recognise a secret; nothing leads back from it. */
  digest(secret: string): string;
}

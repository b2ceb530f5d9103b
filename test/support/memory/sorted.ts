/** Order of texts as the database has it: by UTF-8 bytes, not by a language's rules. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

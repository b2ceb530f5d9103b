/** Where everything of the emulator lives. */
export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';

export type Json = Readonly<Record<string, unknown>>;

/** A text of a request; empty when it is absent or no text. */
export function textOf(input: Json, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

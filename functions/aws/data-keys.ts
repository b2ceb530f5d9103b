import type { Clock } from '../ports/clock';

export type DataKeyOf = (encryptedKey: string, context: string) => Promise<Uint8Array>;

/** After that KMS is asked again, so that a right that was taken away ends soon. */
const REMEMBERED_MS = 5 * 60_000;
/** Two secrets of some hundred connections and a page of rows; about 300 kB. */
const REMEMBERED_MAX = 1_000;

/**
 * Remembers what was decrypted, in this process only: a tick every minute opens the same secrets again and again,
 * and KMS has a price and a limit per call. A key is remembered with its context, as KMS binds it. Failures are not
 * remembered; the oldest key goes when there are too many.
 */
export function rememberDataKeys(clock: Pick<Clock, 'nowMs'>, ask: DataKeyOf): DataKeyOf {
  const remembered = new Map<string, { readonly key: Uint8Array; readonly untilMs: number }>();

  return async (encryptedKey, context) => {
    const name = `${encryptedKey} ${context}`;
    const known = remembered.get(name);
    if (known && clock.nowMs() < known.untilMs) return known.key;
    const key = await ask(encryptedKey, context);
    // Away first: what is asked anew is youngest.
    remembered.delete(name);
    remembered.set(name, { key, untilMs: clock.nowMs() + REMEMBERED_MS });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED_MAX) break;
      remembered.delete(oldest);
    }
    return key;
  };
}

/** Characters of a remote's own words that are kept for the admin and the log. */
const DETAIL_LENGTH_MAX = 200;

/** A remote's words with our secrets masked, in one line and cut to size. */
export function safeDetail(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    if (secret.length >= 3) safe = safe.replaceAll(secret, '***');
  }
  // Contacts may be quoted back to us in a complaint about them.
  safe = safe
    .replace(/[^\s@<>"']+@[^\s@<>"']+/g, '***@***')
    .replace(/\+?\d[\d\s()-]{8,}\d/g, '***')
    .replace(/\s+/g, ' ')
    .trim();
  return safe.length <= DETAIL_LENGTH_MAX ? safe : `${safe.slice(0, DETAIL_LENGTH_MAX)}…`;
}

/** Characters of a remote's own words that are kept for the admin and the log. */
const DETAIL_LENGTH_MAX = 200;

/** Characters in which contacts are looked for: the time it takes grows with the square. */
const SEARCHED_LENGTH_MAX = 4_000;

/** A remote's words with our secrets masked, in one line and cut to size. */
export function safeDetail(text: string, secrets: readonly string[]): string {
  // Secrets go first: cut or changed, one would not be recognised.
  let safe = text;
  for (const form of formsOf(secrets)) safe = safe.replaceAll(form, '***');
  // Contacts may be quoted back to us in a complaint about them.
  safe = safe
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, SEARCHED_LENGTH_MAX)
    .replace(/[^\s@<>"']+@[^\s@<>"']+/g, '***@***')
    .replace(/\+?\d[\d\s()-]{8,}\d/g, '***');
  if (safe.length <= DETAIL_LENGTH_MAX) return safe;
  return `${safe.slice(0, DETAIL_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Secrets as a remote may quote them: as they are, from a form, from a URL, from JSON. Longest first. */
function formsOf(secrets: readonly string[]): string[] {
  return secrets
    .filter((secret) => secret.length >= 3)
    .flatMap((secret) => [
      secret,
      new URLSearchParams([['', secret]]).toString().slice(1),
      encodeURIComponent(secret.replace(/\p{Cs}/gu, '')),
      JSON.stringify(secret).slice(1, -1),
    ])
    .sort((a, b) => b.length - a.length);
}

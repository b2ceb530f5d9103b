import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Read per request, so that the page can be edited while the sandbox runs. */
export function sandboxPage(): string {
  return readFileSync(join(__dirname, 'page.html'), 'utf8');
}

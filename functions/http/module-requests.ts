import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { HttpProblem } from './problem';
import { readText } from './read-json';
import { sameDigest } from './same-digest';

/** Longest form RetailCRM sends here is under a kilobyte. */
const FORM_BYTES_MAX = 16 * 1024;

// A remote's requests: what is unknown is ignored.
const registration = z.object({
  token: z.string().max(256),
  apiKey: z.string().min(1).max(256),
  systemUrl: z.string().max(255),
});
const activity = z.object({ active: z.boolean(), freeze: z.boolean().nullish() });

/** A form's fields by name; `register[token]` is a field of that name. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request, FORM_BYTES_MAX));
}

/** What was clicked in the marketplace: official code sends JSON in one field, the description names three fields. */
export function readRegistration(form: URLSearchParams): z.infer<typeof registration> {
  const json = form.get('register');
  const fields = ['token', 'apiKey', 'systemUrl'].map((name) => [name, form.get(`register[${name}]`)]);
  return parsed(registration, json === null ? Object.fromEntries(fields) : jsonOf(json));
}

/** Whether the module is on, as RetailCRM tells it: JSON in a field. */
export function readActivity(form: URLSearchParams): { readonly active: boolean; readonly frozen: boolean } {
  const { active, freeze } = parsed(activity, jsonOf(form.get('activity') ?? ''));
  return { active, frozen: freeze === true };
}

/** A token is the key's HMAC under the secret that only RetailCRM and the module know. */
export function isTokenOf(secret: string, apiKey: string, token: string): boolean {
  return sameDigest(createHmac('sha256', secret).update(apiKey).digest('hex'), token.toLowerCase());
}

function parsed<Answer>(schema: z.ZodType<Answer>, given: unknown): Answer {
  const { success, data } = schema.safeParse(given);
  if (success) return data;
  throw unreadable();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): HttpProblem {
  return new HttpProblem({ status: 400, title: 'request-refused', code: 'module-request-unreadable' });
}

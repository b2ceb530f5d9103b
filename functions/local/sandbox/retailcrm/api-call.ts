import type { Account, ApiKey } from './account';
import { ASSUMED_MESSAGE, FOREIGN_SITE_STATUS, TEXT } from './assumptions';
import { mapOf, textOf, type Parameters } from './bracket-parameters';
import { accessDenied, badEntity, missing, Refusal } from './refusal';
import type { OrderSaves } from './order-saves';

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** How many orders the call carried, for the log of calls. */
  readonly orders?: number;
}

/** A call whose key and scope are already checked. */
export interface ApiCall {
  readonly account: Account;
  readonly saves: OrderSaves;
  readonly key: ApiKey;
  readonly fields: Parameters;
  /** Variable parts of the path, decoded. */
  readonly path: readonly string[];
  readonly host: string;
}

export interface ApiMethod {
  readonly verb: 'GET' | 'POST';
  /** `{}` stands for one variable part. */
  readonly path: string;
  /** null = any valid key; 'open' = no key at all. */
  readonly scope: string | null;
  readonly handle: (call: ApiCall) => ApiAnswer;
}

export const ok = (body: Readonly<Record<string, unknown>>, orders?: number): ApiAnswer => ({
  status: 200,
  body: { success: true, ...body },
  ...(orders === undefined ? {} : { orders }),
});

/** A form field that carries JSON, as every nested structure of the API does. */
export function jsonField(call: ApiCall, name: string): unknown {
  const text = textOf(call.fields[name]);
  if (text === undefined || text === '') throw missing(name);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, ASSUMED_MESSAGE.badJsonField, { [name]: 'Invalid JSON.' });
  }
}

export function sitesOf(call: ApiCall): string[] {
  return call.account.siteCodes().filter((site) => call.key.sites?.includes(site) ?? true);
}

/** The store a request is about. Only a key with exactly one store may leave it out. */
export function requiredSite(call: ApiCall): string {
  const given = textOf(call.fields['site']);
  const sites = sitesOf(call);
  if (given === undefined || given === '') {
    const [only, ...others] = sites;
    if (only === undefined || others.length > 0) throw missing('site');
    return only;
  }
  if (sites.includes(given)) return given;
  if (call.account.siteCodes().includes(given))
    throw new Refusal(FOREIGN_SITE_STATUS, accessDenied().message);
  throw badEntity({
    site: TEXT.notInDictionary('Site', given),
  });
}

/** `filter[...]`; a filter the method does not have is refused (assumed: the form behind it allows no extra fields). */
export function filterOf(fields: Parameters, known: readonly string[]): Parameters {
  const filter = mapOf(fields['filter']);
  const extra = Object.keys(filter).filter((name) => !known.includes(name));
  if (extra.length > 0) {
    const problems = extra.map((name) => [`filter[${name}]`, TEXT.extraField] as const);
    throw new Refusal(400, ASSUMED_MESSAGE.unknownFilter, Object.fromEntries(problems));
  }
  return filter;
}

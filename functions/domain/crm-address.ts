/**
 * RetailCRM's SaaS domains known from its own module code; an account is one label below. The full public list
 * could not be read (open question): others are allowed by setting.
 */
export const CRM_DOMAINS = ['retailcrm.ru', 'retailcrm.pro', 'retailcrm.es', 'simla.com'] as const;

export type CrmAddress =
  | { readonly kind: 'accepted'; readonly crmUrl: string }
  | { readonly kind: 'refused'; readonly code: 'crm-url-malformed' | 'crm-url-not-retailcrm' };

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The address of a RetailCRM account as an origin: `https://<label>.<RetailCRM domain>`, or a host that this
 * deployment allows, which may be plain http with a port. Nothing else is ever called with an API key.
 *
 * @param allowedHosts host names, each alone (any port) or with a port
 */
export function acceptCrmAddress(text: string, allowedHosts: readonly string[]): CrmAddress {
  const url = parse(text.trim());
  if (!url) return { kind: 'refused', code: 'crm-url-malformed' };
  const allowed = allowedHosts.some((host) => host === url.hostname || host === url.host);
  if (allowed && (url.protocol === 'https:' || url.protocol === 'http:')) {
    return { kind: 'accepted', crmUrl: url.origin };
  }
  const [label = '', ...rest] = url.hostname.split('.');
  const isRetailCrm = CRM_DOMAINS.some((domain) => domain === rest.join('.')) && LABEL.test(label);
  if (!isRetailCrm || url.protocol !== 'https:' || url.port !== '') {
    return { kind: 'refused', code: 'crm-url-not-retailcrm' };
  }
  return { kind: 'accepted', crmUrl: url.origin };
}

/** An address with nothing but a scheme, a host and perhaps a port. */
function parse(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return bare && url.pathname === '/' && !text.includes('?') && !text.includes('#') ? url : null;
}

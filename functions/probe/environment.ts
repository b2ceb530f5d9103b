import * as z from 'zod';
import { acceptCrmAddress } from '../domain/crm-address';
import { ZZAP_DEFAULT_BASE_URL } from '../zzap/assumptions';
import type { CrmProbeDoor } from './crm-call';
import { NotRunnable } from './not-runnable';
import type { ZzapDoor } from './zzap-call';

/** One question on the terminal; null: there is nobody to ask. */
export type Ask = (question: string, isSecret: boolean) => Promise<string | null>;

export interface ProbeTargets {
  /** Null: left out. */
  readonly zzap: ZzapDoor | null;
  readonly crm: (CrmProbeDoor & { readonly isOwnDomain: boolean | null }) | null;
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

const given = z.string().trim().min(1).optional();
const schema = z.object({
  ZZAP_LOGIN: given,
  ZZAP_PASSWORD: z.string().min(1).optional(),
  ZZAP_API_KEY: given,
  ZZAP_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/$/, ''))
    .default(ZZAP_DEFAULT_BASE_URL),
  CRM_URL: given,
  CRM_API_KEY: given,
  CRM_SITE: given,
  CRM_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((hosts) => hosts.split(',').map((host) => host.trim().toLowerCase())),
});
type Variables = z.infer<typeof schema>;

/** Whom to probe: from the environment, and by asking for what is missing there. Names no value in its errors. */
export async function readTargets(variables: NodeJS.ProcessEnv, ask: Ask): Promise<ProbeTargets> {
  const known = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(known);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new NotRunnable(`wrong environment variables: ${names.join(', ')}`);
  }
  const targets = { zzap: await zzapDoor(parsed.data, ask), crm: await crmDoor(parsed.data, ask) };
  if (!targets.zzap && !targets.crm)
    throw new NotRunnable('neither ZZap nor RetailCRM was named; see --help');
  return targets;
}

async function zzapDoor(variables: Variables, ask: Ask): Promise<ZzapDoor | null> {
  const login = variables.ZZAP_LOGIN ?? (await ask('ZZap login (empty: leave ZZap out): ', false));
  if (login === null || login === '') return null;
  const password = variables.ZZAP_PASSWORD ?? (await ask('ZZap password: ', true));
  const apiKey = variables.ZZAP_API_KEY ?? (await ask('ZZap API key: ', true));
  if (!password || !apiKey) throw new NotRunnable('ZZap needs ZZAP_LOGIN, ZZAP_PASSWORD and ZZAP_API_KEY');
  return { baseUrl: variables.ZZAP_BASE_URL, credentials: { login, password, apiKey } };
}

async function crmDoor(variables: Variables, ask: Ask): Promise<ProbeTargets['crm']> {
  const url = variables.CRM_URL ?? (await ask('RetailCRM address (empty: leave RetailCRM out): ', false));
  if (url === null || url === '') return null;
  const address = acceptCrmAddress(url, [...LOOPBACK_HOSTS, ...variables.CRM_ALLOWED_HOSTS]);
  if (address.kind === 'refused') {
    throw new NotRunnable(
      address.code === 'crm-url-malformed'
        ? 'CRM_URL is no address of a RetailCRM account'
        : 'R13 differs: CRM_URL is not below a known RetailCRM domain; to go on, name its host in CRM_ALLOWED_HOSTS',
    );
  }
  const apiKey = variables.CRM_API_KEY ?? (await ask('RetailCRM API key: ', true));
  if (!apiKey) throw new NotRunnable('RetailCRM needs CRM_URL and CRM_API_KEY');
  const isLoopback = LOOPBACK_HOSTS.includes(new URL(address.crmUrl).hostname);
  const isOwnDomain = acceptCrmAddress(url, []).kind === 'accepted';
  return {
    crmUrl: address.crmUrl,
    apiKey,
    site: variables.CRM_SITE ?? null,
    isOwnDomain: isLoopback ? null : isOwnDomain,
  };
}

import * as z from 'zod';
import { REQUESTS_PER_SECOND } from '../retailcrm/assumptions';
import { ZZAP_DEFAULT_BASE_URL, ZZAP_MIN_INTERVAL_MS } from '../zzap/assumptions';

function originOf(text: string): string | null {
  return URL.canParse(text) ? new URL(text).origin : null;
}

const port = z.coerce.number().int().min(0).max(65_533);
const origin = z
  .url({ protocol: /^https?$/ })
  // Also asked of a text that is no URL at all.
  .refine((text) => originOf(text) === text.replace(/\/$/, ''), 'must be an origin without a path')
  .transform((text) => text.replace(/\/$/, ''));

const schema = z.object({
  PORT: port.default(3000),
  DATA_DIR: z.string().min(1).default('.data'),
  SANDBOX: z.enum(['on', 'off']).default('on'),
  ZZAP_BASE_URL: origin.optional(),
  CRM_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    ),
  CRM_REQUESTS_PER_SECOND: z.coerce.number().min(0.1).max(REQUESTS_PER_SECOND).default(REQUESTS_PER_SECOND),
  ZZAP_MIN_INTERVAL_MS: z.coerce.number().int().min(0).max(600_000).default(ZZAP_MIN_INTERVAL_MS),
  PUBLIC_URL: origin.optional(),
  RETAILCRM_MODULE_SECRET: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type LocalEnvironment = z.infer<typeof schema>;

/** Hosts a sandbox or a stub on this machine may have. */
export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

export { ZZAP_DEFAULT_BASE_URL };

/** Reads the variables of the local run. Throws one message that names every wrong one, without its value. */
export function readLocalEnvironment(variables: NodeJS.ProcessEnv): LocalEnvironment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Wrong environment variables:\n${problems.join('\n')}`);
}

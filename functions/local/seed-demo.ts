import { HOOKS_PREFIX } from '../http/hook-paths';
import { DEMO_API_KEY } from './sandbox/retailcrm/start';
import { DEMO_CABINET } from './sandbox/zzap/start';

const DAY_MS = 24 * 3_600_000;

/**
 * Makes a demo account and connection over the product's own HTTP contract, unless there is an account already.
 * Returns the connection's id, or null when nothing was made.
 */
export async function seedDemo(productUrl: string, crmUrl: string): Promise<string | null> {
  const accounts = await call<{ items: unknown[] }>(productUrl, '/api/accounts?limit=1');
  if (accounts.items.length > 0) return null;
  const { accountId } = await call<{ accountId: string }>(productUrl, '/api/accounts', {
    name: 'Демо-магазин',
    crmUrl,
    apiKey: DEMO_API_KEY,
  });
  const { connectionId } = await call<{ connectionId: string }>(
    productUrl,
    `/api/accounts/${accountId}/connections`,
    {
      name: 'Заказ с ZZap',
      login: DEMO_CABINET.login,
      password: DEMO_CABINET.password,
      zzapApiKey: DEMO_CABINET.apiKey,
      site: 'auto',
      intervalMinutes: 1,
      itemLink: 'article',
      statusDirection: 'crmToZzap',
      importFrom: new Date(Date.now() - 7 * DAY_MS).toISOString(),
    },
  );
  const pairs = DEMO_PAIRS.map(([crmStatus, zzapStatus]) => ({ crmStatus, zzapStatus }));
  await call(productUrl, `/api/connections/${connectionId}/mapping`, { version: 0, pairs }, 'PUT');
  return connectionId;
}

/** Statuses of the sandboxes that mean the same; ZZap's codes are invented there. */
const DEMO_PAIRS = [
  ['new', 10],
  ['client-confirmed', 20],
  ['send-to-assembling', 30],
  ['assembling-complete', 40],
  ['delivering', 50],
  ['complete', 60],
  ['no-product', 70],
  ['cancel-other', 80],
] as const;

interface Page<Item> {
  readonly items: readonly Item[];
}

interface DemoConnection {
  readonly login: string;
  readonly includeApiChanges: boolean;
  /** Null when the key that seals them was lost. */
  readonly hooks: { readonly retailcrm: string; readonly zzap: string } | null;
}

/**
 * Lets both sandboxes knock at the connection of the demo cabinet, as an admin would set them up by its
 * instructions. At every start: ports, and with them addresses, may be others than before. A trigger that somebody
 * made for another purpose stays as it is.
 */
export async function letSandboxesKnock(
  productUrl: string,
  sandbox: { readonly zzapUrl: string; readonly crmUrl: string },
): Promise<void> {
  const connection = await findDemoConnection(productUrl);
  // Without readable addresses there is nothing to set up until somebody makes new ones.
  if (!connection?.hooks) return;
  const { hooks } = connection;
  // From loopback to loopback, whatever base the product shows to others.
  const local = (url: string) => new URL(new URL(url).pathname, productUrl).href;
  const { trigger } = await call<{ trigger: { url: string } | null }>(sandbox.crmUrl, '/sandbox/settings');
  if (trigger === null || new URL(trigger.url).pathname.startsWith(HOOKS_PREFIX)) {
    const url = local(hooks.retailcrm);
    const excludeApi = !connection.includeApiChanges;
    await call(sandbox.crmUrl, '/sandbox/settings', { trigger: { ...trigger, url, excludeApi } }, 'PUT');
  }
  const cabinet = `/sandbox/accounts/${encodeURIComponent(DEMO_CABINET.login)}`;
  await call(sandbox.zzapUrl, cabinet, { pushUrl: local(hooks.zzap) }, 'PATCH');
}

async function findDemoConnection(productUrl: string): Promise<DemoConnection | null> {
  const accounts = await call<Page<{ accountId: string }>>(productUrl, '/api/accounts?limit=100');
  for (const { accountId } of accounts.items) {
    const path = `/api/accounts/${accountId}/connections?limit=100`;
    const { items } = await call<Page<DemoConnection>>(productUrl, path);
    const found = items.find(({ login }) => login === DEMO_CABINET.login);
    if (found) return found;
  }
  return null;
}

async function call<Answer>(base: string, path: string, body?: object, method = 'POST'): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    ...(body && {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`the demo could not be set up: ${path} answered ${response.status}`);
  return (await response.json()) as Answer;
}

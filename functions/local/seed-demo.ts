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
      importFrom: new Date(Date.now() - 7 * DAY_MS).toISOString(),
    },
  );
  return connectionId;
}

async function call<Answer>(base: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`the demo could not be made: ${path} answered ${response.status}`);
  return (await response.json()) as Answer;
}

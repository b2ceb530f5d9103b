import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openJournal } from '../journal';
import { accountTime } from './account-time';
import { openAccount, type ApiKey } from './account';
import { handleApi } from './api-traffic';
import { createCallLog } from './call-log';
import { handleControl } from './control';
import { createFaults } from './faults';
import { createOrderSaves } from './order-saves';
import { createPace } from './pace';
import { sandboxPage } from './page';
import { jsonReply, sendReply, type Reply } from './reply';
import type { ReceivedRequest } from './request-fields';
import { seedCatalogue } from './seed-catalogue';
import { SEED_DICTIONARIES } from './seed-dictionaries';
import { defaultSettings } from './settings';
import { createTriggerSender } from './trigger';

/** Invented keys of an invented account. */
export const DEMO_API_KEY = 'demo-retailcrm-key-for-the-module';
export const WAREHOUSE_API_KEY = 'demo-retailcrm-key-of-the-warehouse';

const ALL_SCOPES = ['order', 'customer', 'reference', 'store', 'integration', 'custom_fields'].flatMap(
  (area) => [`${area}_read`, `${area}_write`],
);

const DEFAULT_KEYS: readonly ApiKey[] = [
  { key: DEMO_API_KEY, name: 'module', scopes: ALL_SCOPES },
  { key: WAREHOUSE_API_KEY, name: 'warehouse', scopes: ALL_SCOPES },
];

export interface SandboxRetailCrmOptions {
  /** 0 or absent = any free one. Bound to the loopback only. */
  port?: number;
  /** Journal of every acknowledged change; survives kill -9. Absent = memory. */
  dataFile?: string;
  /** Also the clock of the rate limit. */
  nowMs?: () => number;
  timeZone?: string;
  /** Per key, over a sliding second; 0 = off. */
  requestsPerSecond?: number;
  keys?: { key: string; name: string; scopes: string[]; sites?: string[] }[];
}

export interface SandboxRetailCrm {
  url: string;
  close(): Promise<void>;
}

/** As long as a usual front server keeps a connection: a shorter time would break pooled clients at random. */
const KEEP_ALIVE_MS = 75_000;
const BODY_MAX_BYTES = 32 * 1024 * 1024;

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > BODY_MAX_BYTES) throw new Error('Request body is too large');
    chunks.push(bytes);
  }
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

/** Starts one RetailCRM account as a real HTTP server. Its control API is described in control.ts. */
export async function startSandboxRetailCrm(
  options: SandboxRetailCrmOptions = {},
): Promise<SandboxRetailCrm> {
  const nowMs = options.nowMs ?? Date.now;
  const settings = defaultSettings(options.timeZone, options.requestsPerSecond);
  const journal = openJournal(options.dataFile);
  const account = openAccount(
    {
      dictionaries: SEED_DICTIONARIES,
      products: seedCatalogue(accountTime(nowMs(), settings.timeZone)),
      settings,
      keys: options.keys ?? DEFAULT_KEYS,
    },
    journal,
    nowMs,
  );
  const trigger = createTriggerSender(account);
  const saves = createOrderSaves(account, (change) => trigger.onStatusChange(change));
  const sandbox = {
    account,
    saves,
    trigger,
    pace: createPace(),
    faults: createFaults(),
    calls: createCallLog(),
  };

  const replyTo = async (request: ReceivedRequest): Promise<Reply> => {
    if (request.path.startsWith('/api/')) return handleApi(sandbox, request);
    if (request.path.startsWith('/sandbox')) return handleControl(sandbox, request);
    if (request.path === '/')
      return { kind: 'answer', status: 200, contentType: 'text/html', body: sandboxPage() };
    return jsonReply(404, { success: false, errorMsg: 'Not found' });
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const reply = await received(incoming)
      .then(replyTo)
      .catch((error: unknown) => jsonReply(500, { success: false, errorMsg: String(error) }));
    await sendReply(response, reply);
  };

  const server = createServer((incoming, response) => void serve(incoming, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      trigger.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      journal.close();
    },
  };
}

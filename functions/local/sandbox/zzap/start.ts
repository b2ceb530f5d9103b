import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { openJournal } from '../journal';
import { DEMO_CABINET } from './accounts';
import { DEFAULT_SETTINGS } from './assumptions';
import { createCallLog } from './calls';
import { createControl, type ControlParts } from './control';
import { startDemoOrders } from './demo-stream';
import { createFaultScript } from './faults';
import { isForeignPage } from './foreign-page';
import { createPace } from './pace';
import { servePage } from './page';
import { createOrderPush } from './push';
import { createState } from './state';
import { createWebService, WEB_SERVICE_PATH } from './web-service';

export { DEMO_CABINET };

export interface SandboxZzapOptions {
  /** 0 or absent = any free one. Always on 127.0.0.1. */
  port?: number;
  /** Journal that keeps every acknowledged change over kill -9; absent = memory only. */
  dataFile?: string;
  nowMs?: () => number;
  /** Pause each API key owes, from the end of an answer to the start of the next request; 0 = not watched. */
  minIntervalMs?: number;
  /** Reads show a status this long after SetOrderStatusV3. */
  replicaLagMs?: number;
  accounts?: { login: string; password: string; apiKey: string }[];
  /** When set, the first cabinet has a few orders at its first start and gets another this often. */
  demoOrderEveryMs?: number;
}

export interface SandboxZzap {
  /** Base of the web service host, e.g. http://127.0.0.1:4100 */
  url: string;
  close(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Starts a stateful ZZap: the web service, its control API (control.ts) and a page at `/`. */
export async function startSandboxZzap(options: SandboxZzapOptions = {}): Promise<SandboxZzap> {
  const journal = openJournal(options.dataFile);
  const parts: ControlParts = {
    state: createState({
      journal,
      initialSettings: {
        ...DEFAULT_SETTINGS,
        minIntervalMs: options.minIntervalMs ?? DEFAULT_SETTINGS.minIntervalMs,
        replicaLagMs: options.replicaLagMs ?? DEFAULT_SETTINGS.replicaLagMs,
      },
      initialAccounts: options.accounts ?? [DEMO_CABINET],
    }),
    push: createOrderPush(),
    pace: createPace(),
    calls: createCallLog(),
    faults: createFaultScript(),
    nowMs: options.nowMs ?? Date.now,
  };
  const server = createServer(whole(createListener(parts)));
  // Longer than any pause a client keeps, so that an idle connection is not closed under its next request.
  server.keepAliveTimeout = 120_000;
  await listen(server, options.port ?? 0).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  const stopDemo = startDemoOrders(parts, options.demoOrderEveryMs);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      stopDemo();
      parts.push.close();
      await stop(server);
      journal.close();
    },
  };
}

function createListener(parts: ControlParts): Listener {
  const webService = createWebService(parts);
  const control = getRequestListener(createControl(parts).fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path.startsWith(WEB_SERVICE_PATH)) return webService(request, response);
    if (isForeignPage(request.headers)) return refuseForeignPage(response);
    return path === '/' ? servePage(response) : control(request, response);
  };
}

function refuseForeignPage(response: ServerResponse): Promise<void> {
  response.writeHead(403, { 'content-type': 'application/json' }).end('{"error":"foreign page"}');
  return Promise.resolve();
}

/** A request that breaks off or a full disk must not end the process. */
const whole = (listener: Listener) => (request: IncomingMessage, response: ServerResponse) => {
  listener(request, response).catch(() => {
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
    response.end();
  });
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

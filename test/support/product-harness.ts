import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type * as z from 'zod';
import * as schemas from '../../functions/http/schemas';
import { openStorage, startProduct, type Product, type Storage } from '../../functions/local/product';
import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET } from '../../functions/local/sandbox/zzap/start';
import { createJsonLog } from '../../functions/wiring/json-log';
import {
  startRemotes,
  type CrmHand,
  type Remotes,
  type RemotesOptions,
  type ZzapHand,
} from './sandbox-hands';

// What the SDK says about Node's future belongs to nobody's test.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

export type Language = 'ru' | 'en';
export type Account = z.output<typeof schemas.accountOut>;
/** Its hook addresses can be read: they are null only where a key was lost. */
const connectionOut = schemas.connectionOut.extend({ hooks: schemas.connectionOut.shape.hooks.unwrap() });
export type Connection = z.output<typeof connectionOut>;
export type Run = z.output<typeof schemas.runOut>;
export type Order = z.output<typeof schemas.orderOut>;
export type Problem = z.output<typeof schemas.problemOut>;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks again until there is an answer other than undefined; says what it waited for when there is none in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  withinMs = 20_000,
): Promise<T> {
  const endsAtMs = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > endsAtMs) throw new Error(`waited in vain for: ${what}`);
    await wait(20);
  }
}

const SETTLED: readonly Run['state'][] = ['done', 'failed', 'continued', 'answered', 'dropped'];
export const DAY_MS = 24 * 3_600_000;

/** The product's HTTP contract as its callers use it. Every answer is held against the published schema. */
export class Api {
  /** Bodies of all answers, as they came. */
  readonly answers: string[] = [];
  private readonly base: () => string;

  constructor(base: () => string) {
    this.base = base;
  }

  async call(method: string, path: string, body?: object, language: Language = 'en'): Promise<Answer> {
    const response = await fetch(`${this.base()}${path}`, {
      method,
      headers: {
        'accept-language': language,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    this.answers.push(text);
    return { status: response.status, text };
  }

  private async expect<Schema extends z.ZodType>(
    schema: Schema,
    request: Promise<Answer>,
  ): Promise<z.output<Schema>> {
    const { status, text } = await request;
    if (status >= 300) throw new Error(`HTTP ${status}: ${text}`);
    return schema.parse(JSON.parse(text));
  }

  /** The problem that a refused request is answered with. */
  async refusal(method: string, path: string, body?: object, language: Language = 'en'): Promise<Problem> {
    const { status, text } = await this.call(method, path, body, language);
    const problem = schemas.problemOut.parse(JSON.parse(text));
    if (problem.status !== status) throw new Error(`HTTP ${status} with a problem of ${problem.status}`);
    return problem;
  }

  addAccount(crm: CrmHand, more: { name?: string; apiKey?: string } = {}): Promise<Account> {
    const body = { name: 'Магазин', crmUrl: crm.url, apiKey: DEMO_API_KEY, ...more };
    return this.expect(schemas.accountOut, this.call('POST', '/api/accounts', body));
  }

  changeAccount(accountId: string, changes: object): Promise<Account> {
    return this.expect(schemas.accountOut, this.call('PATCH', `/api/accounts/${accountId}`, changes));
  }

  /** Adds a connection; an active one has made its first run when this returns. */
  async addConnection(accountId: string, more: object = {}): Promise<Connection> {
    const made = await this.startConnection(accountId, more);
    if (!made.active) return made;
    return until('the first run', async () => {
      const now = await this.connection(made.connectionId);
      return now.lastSyncAt === null ? undefined : now;
    });
  }

  startConnection(accountId: string, more: object = {}): Promise<Connection> {
    const path = `/api/accounts/${accountId}/connections`;
    return this.expect(connectionOut, this.call('POST', path, aConnection(more)));
  }

  connection(connectionId: string): Promise<Connection> {
    return this.expect(connectionOut, this.call('GET', `/api/connections/${connectionId}`));
  }

  change(connectionId: string, changes: object): Promise<Connection> {
    const path = `/api/connections/${connectionId}`;
    return this.expect(connectionOut, this.call('PATCH', path, changes));
  }

  async saveMapping(connectionId: string, pairs: { crmStatus: string; zzapStatus: number }[]): Promise<void> {
    const path = `/api/connections/${connectionId}/mapping`;
    const { version } = await this.expect(schemas.mappingOut, this.call('GET', path));
    await this.expect(schemas.mappingOut, this.call('PUT', path, { version, pairs }));
  }

  /** «Синхронизировать сейчас», up to the end of that run. */
  async sync(connectionId: string, withinMs?: number): Promise<Run> {
    return this.settled(connectionId, await this.requestSync(connectionId), withinMs);
  }

  async requestSync(connectionId: string): Promise<string> {
    const path = `/api/connections/${connectionId}/sync`;
    return (await this.expect(schemas.runAccepted, this.call('POST', path))).runId;
  }

  async replay(connectionId: string, code: string): Promise<Run> {
    const path = `/api/connections/${connectionId}/orders/${code}/replay`;
    const { runId } = await this.expect(schemas.runAccepted, this.call('POST', path));
    return this.settled(connectionId, runId);
  }

  run(connectionId: string, runId: string, language?: Language): Promise<Run> {
    const path = `/api/connections/${connectionId}/runs/${runId}`;
    return this.expect(schemas.runOut, this.call('GET', path, undefined, language));
  }

  settled(connectionId: string, runId: string, withinMs?: number): Promise<Run> {
    const look = async () => {
      const run = await this.run(connectionId, runId);
      return SETTLED.includes(run.state) ? run : undefined;
    };
    return until(`the end of run ${runId}`, look, withinMs);
  }

  async runs(connectionId: string, language?: Language): Promise<Run[]> {
    const path = `/api/connections/${connectionId}/runs?limit=100`;
    const page = await this.expect(
      schemas.listOf(schemas.runOut),
      this.call('GET', path, undefined, language),
    );
    return page.items;
  }

  /** The newest run in that state, once there is one. */
  runIn(connectionId: string, state: Run['state'], withinMs?: number): Promise<Run> {
    const look = async () => (await this.runs(connectionId)).find((run) => run.state === state);
    return until(`a run that is ${state}`, look, withinMs);
  }

  async orders(connectionId: string, query: Record<string, string> = {}): Promise<Order[]> {
    const items: Order[] = [];
    let cursor: string | undefined;
    do {
      const search = new URLSearchParams({ limit: '100', ...query, ...(cursor !== undefined && { cursor }) });
      const path = `/api/connections/${connectionId}/orders?${search.toString()}`;
      const page = await this.expect(schemas.listOf(schemas.orderOut), this.call('GET', path));
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return items;
  }

  /** «Где мой заказ?» for one number. */
  async order(connectionId: string, number: string | number, language?: Language): Promise<Order> {
    const path = `/api/connections/${connectionId}/orders?number=${number}`;
    const request = this.call('GET', path, undefined, language);
    const { items } = await this.expect(schemas.listOf(schemas.orderOut), request);
    if (items.length !== 1 || !items[0]) throw new Error(`${items.length} orders for ${number}`);
    return items[0];
  }
}

export function aConnection(more: object = {}) {
  return {
    name: 'Заказ с ZZap',
    login: DEMO_CABINET.login,
    password: DEMO_CABINET.password,
    zzapApiKey: DEMO_CABINET.apiKey,
    site: 'auto',
    intervalMinutes: 1440,
    itemLink: 'none',
    importFrom: new Date(Date.now() - 7 * DAY_MS).toISOString(),
    ...more,
  };
}

export interface StageOptions extends RemotesOptions {
  readonly crmRequestsPerSecond?: number;
  readonly runMsMax?: number;
  readonly publicUrl?: string;
}

/** The product beside both sandboxes, over HTTP like everything else here. */
export interface Stage {
  readonly api: Api;
  /** The product's own address; another one after each restart. */
  url(): string;
  readonly zzap: ZzapHand;
  readonly crm: CrmHand;
  /** What the product logged at level debug, one JSON text per event. */
  readonly log: string[];
  storage(): Storage;
  /** Ends the product and starts it again on what it stored. `between` runs while it is down. */
  restart(between?: (storage: Storage, dataDir: string) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const { zzapMinIntervalMs = 60, crmRequestsPerSecond = 500, runMsMax } = options;
  const dataDir = mkdtempSync(join(tmpdir(), 'zzap-retailcrm-'));
  const remotes: Remotes = await startRemotes({ crmLimit: 0, ...options, zzapMinIntervalMs });
  const storage = await openStorage(dataDir);
  const log: string[] = [];
  const start = (): Promise<Product> =>
    startProduct({
      storage,
      port: 0,
      dataDir,
      zzapBaseUrl: remotes.zzap.url,
      zzapMinIntervalMs,
      crmAllowedHosts: ['127.0.0.1'],
      crmRequestsPerSecond,
      publicUrl: options.publicUrl ?? null,
      log: createJsonLog('debug', (line) => log.push(line)),
      ...(runMsMax !== undefined && { runMsMax }),
    });
  let product = await start();
  return {
    api: new Api(() => product.url),
    url: () => product.url,
    zzap: remotes.zzap,
    crm: remotes.crm,
    log,
    storage: () => storage,
    async restart(between) {
      await product.close();
      await between?.(storage, dataDir);
      product = await start();
    },
    async close() {
      await product.close();
      await storage.close();
      await remotes.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

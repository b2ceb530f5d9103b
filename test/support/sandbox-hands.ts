import {
  startSandboxRetailCrm,
  type SandboxRetailCrmOptions,
} from '../../functions/local/sandbox/retailcrm/start';
import { startSandbox } from '../../functions/local/sandbox-thread';
import { DEMO_CABINET, startSandboxZzap } from '../../functions/local/sandbox/zzap/start';

/** An order of the RetailCRM sandbox as its control API shows it. */
export interface CrmOrder {
  readonly id: number;
  readonly number: string;
  readonly externalId: string;
  readonly site: string;
  readonly status: string;
  readonly createdAt: string;
  readonly orderMethod: string;
  readonly orderMethodName: string;
  readonly firstName?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly customerComment?: string;
  readonly managerComment?: string;
  readonly summ: number;
  readonly items: readonly CrmItem[];
}

export interface CrmItem {
  readonly productName: string;
  readonly initialPrice: number;
  readonly quantity: number;
  readonly externalIds: readonly { readonly code: string; readonly value: string }[];
  readonly properties: readonly { readonly code: string; readonly value: string }[];
  readonly offer?: { readonly id: number; readonly externalId: string };
}

export interface CrmCall {
  readonly method: string;
  readonly path: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly status: number | null;
  readonly orders: number;
  /** Beginning of the answer. */
  readonly answer: string;
}

export interface ZzapCall {
  readonly method: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly answer: string;
  readonly rows?: number;
  readonly params: Readonly<Record<string, string>>;
}

/** An order of the ZZap sandbox: the truth, what reads show, and everything that happened to it. */
export interface ZzapOrder {
  readonly code: number;
  readonly status: number;
  readonly shownStatus: number | null;
  readonly events: readonly { readonly atMs: number; readonly by: string; readonly status: number }[];
}

/** A seller's cabinet at ZZap, as the form takes it. */
export interface Cabinet {
  readonly login: string;
  readonly password: string;
  readonly zzapApiKey: string;
}

async function control<Answer>(base: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${base}/sandbox${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`sandbox ${method} ${path}: ${text}`);
  return JSON.parse(text) as Answer;
}

/** What people do inside RetailCRM, and what makes it misbehave. */
export class CrmHand {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Oldest first. */
  async orders(): Promise<CrmOrder[]> {
    const { orders } = await control<{ orders: CrmOrder[] }>(this.url, 'GET', '/state?limit=100000');
    return orders.reverse();
  }

  async order(code: string | number): Promise<CrmOrder> {
    return control(this.url, 'GET', `/orders/zzap-${code}?by=externalId`);
  }

  async orderCount(): Promise<number> {
    return (await control<{ orderCount: number }>(this.url, 'GET', '/state?limit=0')).orderCount;
  }

  async calls(path = ''): Promise<CrmCall[]> {
    const { calls } = await control<{ calls: CrmCall[] }>(this.url, 'GET', '/calls?since=0');
    return calls.filter((call) => call.path.startsWith(`/api${path}`));
  }

  async violations(): Promise<number> {
    return (await control<{ violations: number }>(this.url, 'GET', '/calls?newest=0')).violations;
  }

  async fault(fault: object): Promise<void> {
    await control(this.url, 'POST', '/faults', fault);
  }

  async heal(): Promise<void> {
    await control(this.url, 'DELETE', '/faults');
  }

  /** The newest record of the history: moves with every change of any order. */
  async lastHistoryId(): Promise<number> {
    return (await control<{ lastHistoryId: number }>(this.url, 'GET', '/state?limit=0')).lastHistoryId;
  }

  async set(settings: object): Promise<void> {
    await control(this.url, 'PUT', '/settings', settings);
  }

  async put(path: string, body: object): Promise<void> {
    await control(this.url, 'POST', path, body);
  }

  async patch(path: string, body: object): Promise<void> {
    await control(this.url, 'PATCH', path, body);
  }

  async remove(path: string): Promise<void> {
    await control(this.url, 'DELETE', path);
  }
}

/** What buyers, sellers and misfortune do at ZZap. */
export class ZzapHand {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** A cabinet with a key of its own, so that its pace is its own. */
  async addCabinet(name: string, apiKey = `key/of+${name}==`): Promise<Cabinet> {
    const account = { login: `${name}@zzap.example`, password: `password-of-${name}`, apiKey };
    await control(this.url, 'POST', '/accounts', account);
    return { login: account.login, password: account.password, zzapApiKey: apiKey };
  }

  async changeCabinet(login: string, changes: object): Promise<void> {
    await control(this.url, 'PATCH', `/accounts/${login}`, changes);
  }

  async addOrders(body: object): Promise<string[]> {
    const { codes } = await control<{ codes: number[] }>(this.url, 'POST', '/orders', body);
    return codes.map(String);
  }

  async addOrder(row: object = {}): Promise<string> {
    const [code = ''] = await this.addOrders(row);
    return code;
  }

  async change(code: string, changes: object): Promise<void> {
    await control(this.url, 'PATCH', `/orders/${code}`, changes);
  }

  /** Newest number first. */
  async orders(): Promise<ZzapOrder[]> {
    return (await control<{ orders: ZzapOrder[] }>(this.url, 'GET', '/state?limit=100000')).orders;
  }

  async order(code: string): Promise<ZzapOrder> {
    return control(this.url, 'GET', `/orders/${code}`);
  }

  async calls(method?: string): Promise<ZzapCall[]> {
    const { calls } = await control<{ calls: ZzapCall[] }>(this.url, 'GET', '/calls');
    return calls.filter((call) => method === undefined || call.method === method);
  }

  async violations(): Promise<number> {
    return (await control<{ violations: number }>(this.url, 'GET', '/calls?limit=1')).violations;
  }

  async set(settings: object): Promise<void> {
    await control(this.url, 'PUT', '/settings', settings);
  }

  async fault(fault: object): Promise<void> {
    await control(this.url, 'POST', '/faults', fault);
  }

  async heal(): Promise<void> {
    await control(this.url, 'DELETE', '/faults');
  }
}

export const DEMO: Cabinet = {
  login: DEMO_CABINET.login,
  password: DEMO_CABINET.password,
  zzapApiKey: DEMO_CABINET.apiKey,
};

export interface RemotesOptions {
  readonly zzapMinIntervalMs?: number;
  /** Requests per second that RetailCRM allows a key; 0: any number. */
  readonly crmLimit?: number;
  readonly timeZone?: string;
  readonly crmKeys?: NonNullable<SandboxRetailCrmOptions['keys']>;
  /** The time of both; the computer's when absent. */
  readonly nowMs?: () => number;
}

export interface Remotes {
  readonly zzap: ZzapHand;
  readonly crm: CrmHand;
  close(): Promise<void>;
}

/** Both remote systems on ports of their own, in memory. */
export async function startRemotes(options: RemotesOptions): Promise<Remotes> {
  const { zzapMinIntervalMs = 60, crmLimit = 0, timeZone, crmKeys, nowMs } = options;
  const zzap = await startSandboxZzap({ minIntervalMs: zzapMinIntervalMs, ...(nowMs && { nowMs }) });
  const crm = await startSandboxRetailCrm({
    requestsPerSecond: crmLimit,
    ...(nowMs && { nowMs }),
    ...(timeZone !== undefined && { timeZone }),
    ...(crmKeys && { keys: crmKeys }),
  });
  return {
    zzap: new ZzapHand(zzap.url),
    crm: new CrmHand(crm.url),
    async close() {
      await zzap.close();
      await crm.close();
    },
  };
}

/**
 * Both remote systems in a thread of their own: what a test computes does not delay the moment at which they see
 * an answer leave, so a pace may be watched to the millisecond.
 */
export async function startRemotesApart(options: {
  readonly zzapMinIntervalMs: number;
  readonly replicaLagMs: number;
}): Promise<Remotes> {
  const { zzapMinIntervalMs, replicaLagMs } = options;
  const sandbox = await startSandbox({
    zzap: { minIntervalMs: zzapMinIntervalMs, replicaLagMs },
    crm: { requestsPerSecond: 0 },
  });
  return {
    zzap: new ZzapHand(sandbox.zzapUrl),
    crm: new CrmHand(sandbox.crmUrl),
    close: () => sandbox.close(),
  };
}

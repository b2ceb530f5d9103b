import type { ProbeTargets } from '../../functions/probe/environment';
import { runProbe, type ProbeOutcome, type ProbeWishes } from '../../functions/probe/run';
import { DEMO_API_KEY, startSandboxRetailCrm } from '../../functions/local/sandbox/retailcrm/start';
import { DEMO_CABINET, startSandboxZzap } from '../../functions/local/sandbox/zzap/start';
import { startBendingProxy, type Bends } from './bending-proxy';
import { createSkippingClock, type SkippingClock } from './clock';
import { CrmHand, ZzapHand } from './sandbox-hands';

export interface ProbeWorld {
  readonly clock: SkippingClock;
  readonly zzap: ZzapHand;
  readonly crm: CrmHand;
  /** An order made ten days ago whose status has changed today. */
  readonly oldOrder: string;
  /** CRM id of an order with a linked item and a free one. */
  readonly crmOrder: string;
  /** Changes the settings of the ZZap sandbox. */
  readonly setZzap: (settings: object) => Promise<void>;
  readonly probe: (changes?: ProbeChanges) => Promise<ProbeOutcome>;
  close(): Promise<void>;
}

export interface ProbeChanges {
  readonly wishes?: Partial<ProbeWishes>;
  readonly bendZzap?: Bends;
  readonly bendCrm?: Bends;
  readonly password?: string;
  readonly zzapKey?: string;
  readonly isOwnDomain?: boolean;
  readonly without?: 'zzap' | 'crm';
}

const DAY_MS = 24 * 3_600_000;
const NO_WISHES: ProbeWishes = {
  tryWrongPassword: false,
  tryWrongKey: false,
  writeOrder: null,
  writeCrmOrder: null,
};

/** Both sandboxes with their real pace, on one clock that skips pauses, and a shop that has traded for a while. */
export async function startProbeWorld(row: object = {}): Promise<ProbeWorld> {
  const clock = createSkippingClock();
  const zzapServer = await startSandboxZzap({ nowMs: () => clock.nowMs() });
  const crmServer = await startSandboxRetailCrm({ nowMs: () => clock.nowMs() });
  const zzap = new ZzapHand(zzapServer.url);
  const crm = new CrmHand(crmServer.url);
  const oldOrder = await zzap.addOrder({ createdAtMs: clock.nowMs() - 10 * DAY_MS });
  await zzap.change(oldOrder, { status: 20 });
  await zzap.addOrders({ count: 5, spreadMinutes: 300, ...row });
  const crmOrder = await tradeInCrm(crm);
  clock.skip(10 * 60_000);
  return {
    clock,
    zzap,
    crm,
    oldOrder,
    crmOrder,
    setZzap: async (settings) => {
      const body = JSON.stringify(settings);
      const headers = { 'content-type': 'application/json' };
      const { ok } = await fetch(`${zzap.url}/sandbox/settings`, { method: 'PUT', headers, body });
      if (!ok) throw new Error('the sandbox refuses the settings');
    },
    probe: (changes = {}) => probe({ zzap, crm, clock }, changes),
    async close() {
      await zzapServer.close();
      await crmServer.close();
    },
  };
}

async function tradeInCrm(crm: CrmHand): Promise<string> {
  const linked = { offer: { externalId: 'BKR6E-11' }, quantity: 1, initialPrice: 310 };
  const free = { productName: 'Коврик', quantity: 2, initialPrice: 700 };
  await crm.put('/orders', { order: { externalId: 'shop-1', firstName: 'Анна', items: [linked, free] } });
  await crm.put('/orders', { order: { externalId: 'shop-2', firstName: 'Пётр', items: [free] } });
  const [first] = await crm.orders();
  const id = String(first?.id);
  await crm.patch(`/orders/${id}`, { status: 'assembling' });
  await crm.patch(`/orders/${id}`, { as: 'api', order: { customerComment: 'Позвонить' } });
  return id;
}

type Sandboxes = Pick<ProbeWorld, 'zzap' | 'crm' | 'clock'>;

async function probe(sandboxes: Sandboxes, changes: ProbeChanges): Promise<ProbeOutcome> {
  const { zzap, crm, clock } = sandboxes;
  const proxies = [
    await startBendingProxy(zzap.url, changes.bendZzap ?? {}),
    await startBendingProxy(crm.url, changes.bendCrm ?? {}),
  ] as const;
  const [zzapUrl, crmUrl] = [
    changes.bendZzap ? proxies[0].url : zzap.url,
    changes.bendCrm ? proxies[1].url : crm.url,
  ];
  try {
    return await runProbe(targetsOf(zzapUrl, crmUrl, changes), { ...NO_WISHES, ...changes.wishes }, clock);
  } finally {
    for (const proxy of proxies) await proxy.close();
  }
}

function targetsOf(zzapUrl: string, crmUrl: string, changes: ProbeChanges): ProbeTargets {
  const { login, password, apiKey } = DEMO_CABINET;
  const credentials = {
    login,
    password: changes.password ?? password,
    apiKey: changes.zzapKey ?? apiKey,
  };
  const isOwnDomain = changes.isOwnDomain ?? null;
  return {
    zzap: changes.without === 'zzap' ? null : { baseUrl: zzapUrl, credentials },
    crm: changes.without === 'crm' ? null : { crmUrl, apiKey: DEMO_API_KEY, site: null, isOwnDomain },
  };
}

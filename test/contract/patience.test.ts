import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asRemoteError } from '../../functions/domain/remote-error';
import type { ZzapGate } from '../../functions/ports/zzap-gate';
import { createRetailCrm } from '../../functions/retailcrm/client';
import { createZzap } from '../../functions/zzap/client';
import { createRealClock } from '../support/clock';
import { createMemoryRequestBudget } from '../support/memory/request-budget';
import { createMemoryZzapGate } from '../support/memory/zzap-gate';

const PATIENCE_MS = 1_500;
const clock = createRealClock();

let server: Server;
let url: string;
let asked: number;
let failing: boolean;

/** Takes every request; answers 500, or never. */
beforeEach(async () => {
  asked = 0;
  failing = false;
  server = createServer((_, answer) => {
    asked += 1;
    if (failing) answer.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const openZzap = (gate: ZzapGate = createMemoryZzapGate()) =>
  createZzap({
    baseUrl: url,
    minIntervalMs: 3_000,
    gate,
    clock,
    newHolder: () => 'form',
    patienceMs: PATIENCE_MS,
  })({
    login: 'one@example.test',
    password: 'password',
    apiKey: 'key',
  });
const openCrm = () =>
  createRetailCrm({
    budget: createMemoryRequestBudget(),
    clock,
    requestsPerSecond: 9,
    patienceMs: PATIENCE_MS,
  })({ crmUrl: url, apiKey: 'key', timeZone: 'Europe/Moscow' });

async function outcomeOf(work: Promise<unknown>) {
  const startedAtMs = clock.nowMs();
  const error = await work.then(
    () => new Error('it was answered'),
    (thrown: unknown) => thrown,
  );
  return { kind: asRemoteError(error)?.facts.kind, tookMs: clock.nowMs() - startedAtMs };
}

describe.each([
  ['ZZap', () => openZzap().listStatuses()],
  ['RetailCRM', () => openCrm().access.readAccess()],
])('%s, when somebody waits', (_, ask) => {
  it('that does not answer is given up in time', async () => {
    const { kind, tookMs } = await outcomeOf(ask());

    expect(kind).toBe('unavailable');
    expect(tookMs).toBeGreaterThanOrEqual(PATIENCE_MS - 50);
    expect(tookMs).toBeLessThan(PATIENCE_MS + 1_000);
    expect(asked).toBe(1);
  });

  it('that fails at once is not asked again when no time is left for it', async () => {
    failing = true;

    const { kind, tookMs } = await outcomeOf(ask());

    expect(kind).toBe('unavailable');
    expect(tookMs).toBeLessThan(PATIENCE_MS);
    expect(asked).toBe(1);
  });
});

describe('a ZZap key that a run is using', () => {
  it('is not waited for longer than somebody waits, and not used out of turn', async () => {
    const gate = createMemoryZzapGate();
    const nowMs = clock.nowMs();
    const own = (keyTag: string) => ({ keyTag, holder: 'run', nowMs, leaseUntilMs: nowMs + 30_000 });
    const acquire = gate.acquire.bind(gate);
    const busy = {
      ...gate,
      acquire: async (wanted: Parameters<typeof acquire>[0]) => {
        if (wanted.holder !== 'run') await acquire(own(wanted.keyTag));
        return acquire(wanted);
      },
    };

    const { kind, tookMs } = await outcomeOf(openZzap(busy).listStatuses());

    expect(kind).toBe('unavailable');
    expect(tookMs).toBeLessThan(PATIENCE_MS + 500);
    expect(asked).toBe(0);
  });
});

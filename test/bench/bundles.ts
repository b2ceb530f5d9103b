import { setTimeout as sleep } from 'node:timers/promises';
import { BUNDLE_NAMES, type BundleName } from '../../lib/bundling';
import { buildBundles, type Bundles } from '../support/bundles/built';
import { setCloudStage } from '../support/bundles/cloud-stage';
import { startFunction } from '../support/bundles/function-process';
import { sqsRecord } from '../support/bundles/lane-poller';
import { median } from './median';

export interface BundleFigures {
  readonly name: BundleName;
  readonly kb: number;
  readonly budgetKb: number;
  /** Median of fresh processes. */
  readonly importMs: number;
}

export interface TickFigures {
  readonly durationMs: number;
  /** The most memory the process has had at once, from its start. */
  readonly peakMb: number;
}

export interface CloudFigures {
  readonly bundles: readonly BundleFigures[];
  readonly idleTick: TickFigures;
  readonly orders: number;
  readonly fullTick: TickFigures;
}

const BUDGETS_KB: Readonly<Record<BundleName, number>> = { webhook: 250, settings: 600, sync: 800 };
const PROCESSES = 15;
const ORDERS = 1_000;

/** Of the bundles as they are deployed: size, time to load, and what ticks cost the function that synchronises. */
export async function measureBundles(): Promise<CloudFigures> {
  const built = buildBundles();
  try {
    const bundles: BundleFigures[] = [];
    for (const name of BUNDLE_NAMES) {
      const kb = built.of[name].bytes / 1024;
      bundles.push({ name, kb, budgetKb: BUDGETS_KB[name], importMs: await importMs(built, name) });
    }
    return { bundles, orders: ORDERS, ...(await measureTicks(built)) };
  } finally {
    built.remove();
  }
}

/** Values of the right kind: nothing is asked of anybody while a bundle loads. */
const ANY_VALUES = {
  AWS_REGION: 'eu-central-1',
  LANE_QUEUE_URL: 'https://sqs.test/1/lane.fifo',
  ...{ TABLE_CONNECTIONS: 'c', TABLE_MAPPINGS: 'm', TABLE_CURSORS: 'u', TABLE_ORDERS: 'o', TABLE_RUNS: 'r' },
  ...{ ZZAP_BASE_URL: 'https://zzap.test', ZZAP_MIN_INTERVAL_MS: '3000', CRM_REQUESTS_PER_SECOND: '9' },
  ...{ SCHEDULE_GROUP: 'g', SCHEDULE_ROLE_ARN: 'arn:r', LANE_QUEUE_ARN: 'arn:q' },
  ...{ SCHEDULE_DEAD_LETTER_ARN: 'arn:d', VAULT_KEY_ARN: 'arn:k' },
};

async function importMs({ of }: Bundles, name: BundleName): Promise<number> {
  const times: number[] = [];
  for (let process = 0; process < PROCESSES; process += 1) {
    const loaded = await startFunction(of[name].file, ANY_VALUES);
    times.push(loaded.importMs);
    await loaded.stop();
  }
  return median(times);
}

async function measureTicks(built: Bundles): Promise<Pick<CloudFigures, 'idleTick' | 'fullTick'>> {
  const stage = await setCloudStage(built);
  try {
    const { accountId } = await stage.api.addAccount(stage.crm);
    const { connectionId } = await stage.api.startConnection(accountId, { site: 'auto' });
    const tick = async (): Promise<TickFigures> => {
      // A message younger than what was read last; the key's slot is free again.
      await sleep(100);
      const body = JSON.stringify({ accountId, connectionId, trigger: 'tick', atMs: Date.now() });
      const startedMs = performance.now();
      const { peakMb } = await stage.sync.invoke('handler', {
        Records: [sqsRecord({ body, groupId: connectionId })],
      });
      return { durationMs: performance.now() - startedMs, peakMb };
    };
    await stage.work();
    await tick();
    const asked = (await stage.zzap.calls()).length;
    const idleTick = await tick();
    if ((await stage.zzap.calls()).length !== asked + 1) throw new Error('the idle tick did not ask ZZap');
    await stage.zzap.addOrders({ count: ORDERS, spreadMinutes: 60 });
    const fullTick = await tick();
    const created = await stage.crm.orderCount();
    if (created !== ORDERS) throw new Error(`${created} orders instead of ${ORDERS}`);
    return { idleTick, fullTick };
  } finally {
    await stage.close();
  }
}

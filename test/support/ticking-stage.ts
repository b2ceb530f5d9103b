import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createSettingsApp } from '../../functions/http/app';
import { HOOKS_PREFIX } from '../../functions/http/hook-paths';
import { createHooksApp } from '../../functions/http/hooks-app';
import { openKeyFileVault } from '../../functions/local/key-file-vault';
import { createLocalLane } from '../../functions/local/lane';
import { LANE_TABLE } from '../../functions/local/local-tables';
import { openStorage, type Storage } from '../../functions/local/product';
import { createLocalSchedules } from '../../functions/local/schedules';
import { syncConnection } from '../../functions/sync/sync-connection';
import { compose } from '../../functions/wiring/compose';
import { createJsonLog } from '../../functions/wiring/json-log';
import { randomIds } from '../../functions/wiring/system';
import { createAheadClock } from './clock';
import { Api, until } from './product-harness';
import { startRemotes, type CrmHand, type ZzapHand } from './sandbox-hands';

/** A message as the lane has stored it. */
export interface LaneEntry {
  readonly trigger: string;
  readonly atMs: number;
}

/** The product's own parts over HTTP with a clock that can be put forward, shared with both sandboxes. */
export interface TickingStage {
  readonly api: Api;
  readonly zzap: ZzapHand;
  readonly crm: CrmHand;
  readonly nowMs: () => number;
  /** Puts everybody's clock forward. */
  readonly skip: (ms: number) => void;
  /** What the ticker of the local run does every second. */
  tick(): Promise<void>;
  /** Every message the lane has taken so far. */
  readonly lane: readonly LaneEntry[];
  /** Waits until the lane holds nothing any more. */
  empty(withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function setTickingStage(options: {
  readonly zzapMinIntervalMs: number;
  readonly runMsMax?: number;
}): Promise<TickingStage> {
  const { zzapMinIntervalMs, runMsMax = 60_000 } = options;
  const clock = createAheadClock();
  const nowMs = () => clock.nowMs();
  const dataDir = mkdtempSync(join(tmpdir(), 'zzap-retailcrm-'));
  const remotes = await startRemotes({ zzapMinIntervalMs, nowMs });
  const storage = await openStorage(dataDir);
  const log = createJsonLog('silent');
  const entries = laneEntries(storage);
  const lane = createLocalLane({ db: storage.db, clock, log });
  const schedules = createLocalSchedules({ db: storage.db, lane, clock, log });
  let url = '';
  const ports = compose({
    ...{ db: storage.db, lane, schedules, clock, log, zzapMinIntervalMs },
    vault: openKeyFileVault(join(dataDir, 'vault.key')),
    ids: randomIds,
    zzapBaseUrl: remotes.zzap.url,
    crmRequestsPerSecond: 500,
    crmAllowedHosts: ['127.0.0.1'],
    publicUrl: () => url,
  });
  await lane.start((message) => syncConnection(ports, message, clock.nowMs() + runMsMax));
  const [hooks, settings] = [createHooksApp(ports), createSettingsApp(ports)];
  const server = createAdaptorServer({
    fetch: (request: Request) =>
      new URL(request.url).pathname.startsWith(HOOKS_PREFIX) ? hooks(request) : settings(request),
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    api: new Api(() => url),
    zzap: remotes.zzap,
    crm: remotes.crm,
    nowMs,
    skip: clock.skip,
    tick: () => schedules.tick(),
    lane: entries,
    empty: (withinMs) => untilEmpty(storage, withinMs),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lane.stop(5_000);
      await storage.close();
      await remotes.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Collects the messages that reach the lane's table: those that deduplication has let through. */
export function laneEntries({ db }: Storage): readonly LaneEntry[] {
  const entries: LaneEntry[] = [];
  const { client } = db;
  const send = client.send.bind(client);
  client.send = ((command: Parameters<typeof send>[0]) => {
    if (command instanceof PutCommand && command.input.TableName === LANE_TABLE) {
      entries.push(command.input.Item as unknown as LaneEntry);
    }
    return send(command);
  }) as typeof client.send;
  return entries;
}

/** A message leaves the lane when its run has ended. */
export async function untilEmpty({ db }: Storage, withinMs?: number): Promise<void> {
  const look = async () => {
    const { Count } = await db.client.send(new ScanCommand({ TableName: LANE_TABLE, ConsistentRead: true }));
    return Count === 0 ? true : undefined;
  };
  await until('an empty lane', look, withinMs);
}

import { Refusal } from '../domain/refusal';
import { queuedRun, type RunRecord } from '../domain/run-record';
import { replayRequested } from '../domain/order-link-steps';
import type { Connection } from '../domain/connection';
import { getConnection } from './get-connection';
import { staleVersion } from './save-account';
import type { SettingsPorts } from './settings-ports';

/** «Синхронизировать сейчас»: a run of its own record, waiting in the connection's lane. */
export async function requestSync(ports: SettingsPorts, connectionId: string): Promise<RunRecord> {
  return queueRun(ports, await getActive(ports, connectionId), 'manual');
}

/** Tries an order set aside once more, by the same path as every run. */
export async function replayOrder(
  ports: SettingsPorts,
  connectionId: string,
  zzapOrderCode: string,
): Promise<RunRecord> {
  const connection = await getActive(ports, connectionId);
  const links = await ports.links.findMany(connectionId, [zzapOrderCode]);
  const link = links.get(zzapOrderCode);
  if (!link) throw new Refusal('not-found', 'order-not-found');
  if (!link.quarantine) throw new Refusal('conflict', 'order-needs-no-replay');
  if (!(await ports.links.save(replayRequested(link, ports.clock.nowMs())))) throw staleVersion();
  return queueRun(ports, connection, 'replay');
}

async function getActive(ports: SettingsPorts, connectionId: string): Promise<Connection> {
  const connection = await getConnection(ports, connectionId);
  if (connection.state === 'active') return connection;
  throw new Refusal('conflict', 'connection-not-active', { params: { state: connection.state } });
}

async function queueRun(
  ports: SettingsPorts,
  { accountId, connectionId }: Connection,
  trigger: 'manual' | 'replay',
): Promise<RunRecord> {
  const nowMs = ports.clock.nowMs();
  const record = queuedRun(connectionId, ports.ids.newRunId(nowMs), trigger, nowMs);
  await ports.runs.put(record);
  await ports.lane.send({ accountId, connectionId, trigger, atMs: nowMs, runId: record.runId });
  return record;
}

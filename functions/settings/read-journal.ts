import type { OrderLink } from '../domain/order-link';
import { Refusal } from '../domain/refusal';
import { idleRecord, type RunRecord } from '../domain/run-record';
import { getConnection } from './get-connection';
import type { SettingsPorts } from './settings-ports';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Runs, newest first; the idle ones since the last busy run are one line on top. */
export async function listRuns(
  ports: SettingsPorts,
  connectionId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<RunRecord>> {
  await getConnection(ports, connectionId);
  const { idle } = await ports.cursors.read(connectionId);
  const top = idle && (cursor === undefined || idle.runId < cursor) ? [idleRecord(connectionId, idle)] : [];
  const stored = await ports.runs.list(connectionId, {
    limit: limit + 1,
    ...(cursor !== undefined && { before: cursor }),
  });
  const items = [...top, ...stored].sort((a, b) => (a.runId < b.runId ? 1 : -1));
  return pageOf(items, limit, (run) => run.runId);
}

export async function getRun(ports: SettingsPorts, connectionId: string, runId: string): Promise<RunRecord> {
  await getConnection(ports, connectionId);
  const { idle } = await ports.cursors.read(connectionId);
  if (idle?.runId === runId) return idleRecord(connectionId, idle);
  const run = await ports.runs.find(connectionId, runId);
  if (!run) throw new Refusal('not-found', 'run-not-found');
  return run;
}

/** «Где мой заказ?»: by either side's number, or those that need attention, or all. */
export async function listOrders(
  ports: SettingsPorts,
  connectionId: string,
  filter: { readonly number?: string | undefined; readonly state?: 'attention' | undefined },
  { limit, cursor }: PageRequest,
): Promise<Page<OrderLink>> {
  await getConnection(ports, connectionId);
  if (filter.number !== undefined)
    return { items: await findByNumber(ports, connectionId, filter.number), nextCursor: null };
  const page = { limit, ...(cursor !== undefined && { after: cursor }) };
  const { links, next } =
    filter.state === 'attention'
      ? await ports.links.listAttention(connectionId, page)
      : await ports.links.list(connectionId, page);
  return { items: links, nextCursor: next };
}

async function findByNumber(
  ports: SettingsPorts,
  connectionId: string,
  number: string,
): Promise<OrderLink[]> {
  const typed = number.trim().replace(/^zzap-/i, '');
  const [byCode, byCrmNumber] = await Promise.all([
    ports.links.findMany(connectionId, [typed]),
    ports.links.findByCrmNumber(connectionId, typed),
  ]);
  const others = byCrmNumber.filter((link) => !byCode.has(link.zzapOrderCode));
  return [...byCode.values(), ...others];
}

function pageOf<Item>(items: readonly Item[], limit: number, keyOf: (item: Item) => string): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: items.length > limit && last ? keyOf(last) : null };
}

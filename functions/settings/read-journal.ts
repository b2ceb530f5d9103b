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

/** An order with its place in the status queue, counted from 1; null when nothing of it waits. */
export interface ListedOrder {
  readonly link: OrderLink;
  readonly position: number | null;
}

export type OrderFilter = {
  readonly number?: string | undefined;
  readonly state?: 'attention' | 'pending' | undefined;
};

/** «Где мой заказ?»: by either side's number, those that need attention, the status queue, or all. */
export async function listOrders(
  ports: SettingsPorts,
  connectionId: string,
  { number, state }: OrderFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<ListedOrder>> {
  await getConnection(ports, connectionId);
  if (number !== undefined) {
    const found = await findByNumber(ports, connectionId, number);
    return { items: found.map(withoutPosition), nextCursor: null };
  }
  if (state === 'pending') return listQueue(ports, connectionId, { limit, cursor });
  const page = { limit, ...(cursor !== undefined && { after: cursor }) };
  const { links, next } =
    state === 'attention'
      ? await ports.links.listAttention(connectionId, page)
      : await ports.links.list(connectionId, page);
  return { items: links.map(withoutPosition), nextCursor: next };
}

function withoutPosition(link: OrderLink): ListedOrder {
  return { link, position: null };
}

/** The cursor of a further page carries how many stand before it. */
const QUEUE_CURSOR = /^(\d{1,9}):(.+)$/;

async function listQueue(
  ports: SettingsPorts,
  connectionId: string,
  { limit, cursor }: PageRequest,
): Promise<Page<ListedOrder>> {
  const [, before = '0', after] = QUEUE_CURSOR.exec(cursor ?? '') ?? [];
  const { links, next } = await ports.links.listPushes(connectionId, {
    limit,
    ...(after !== undefined && { after }),
  });
  const items = links.map((link, index) => ({ link, position: Number(before) + index + 1 }));
  const nextCursor = next === null ? null : `${Number(before) + links.length}:${next}`;
  return { items, nextCursor };
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

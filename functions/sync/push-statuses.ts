import type { OrderLink, PendingPush } from '../domain/order-link';
import {
  pushConfirmed,
  pushDropped,
  pushNotSent,
  pushRejected,
  pushSent,
  pushUnanswered,
} from '../domain/push-steps';
import { asRemoteError, type RemoteFailure } from '../domain/remote-error';
import { mayRepeat, verifyAtMs } from '../domain/status-wish';
import { earliest, type SyncCursor } from '../domain/sync-cursor';
import type { ZzapCabinet } from '../ports/zzap-cabinet';
import type { ImportContext } from './import-context';
import { save, stepOf } from './settle-orders';

/**
 * Slots spent on pushes before the lane is looked at again: a cancellation that came meanwhile must not wait for
 * the whole queue.
 */
const STRETCH_MS = 30_000;
const PAGE_LIMIT = 50;

export interface PushTimes {
  /** A pull that is due goes first. */
  readonly pullDueAtMs: number;
  /** When ZZap was last asked for orders: shows what became of unanswered pushes. */
  readonly pulledAtMs: number | null;
}

export interface PushOutcome {
  readonly cursor: SyncCursor;
  /** The queue holds more that may be sent now. */
  readonly rest: boolean;
}

/**
 * RetailCRM → ZZap, second half: sends the queue at the pace of the gate, cancellations first, then the longest
 * waiting. Claim, send, confirm: a push whose answer is lost is sent again only after a pull has shown that it
 * took no effect.
 */
export async function pushStatuses(
  context: ImportContext,
  zzap: ZzapCabinet,
  cursor: SyncCursor,
  times: PushTimes,
): Promise<PushOutcome> {
  const { clock, links } = context.ports;
  const { connectionId } = context.snapshot.connection;
  const untilMs = Math.min(context.deadlineMs, clock.nowMs() + STRETCH_MS, times.pullDueAtMs);
  context.journal.enter('pushing-statuses');
  for (;;) {
    const { links: queue } = await links.listPushes(connectionId, { limit: PAGE_LIMIT });
    const waiting = queue.filter((link) => !sendable(link, times.pulledAtMs));
    const verify = waiting
      .flatMap(({ push }) => (push ? [verifyAtMs(push)] : []))
      .reduce<number | null>(earliest, null);
    const sent = await sendAll(context, zzap, queue, { ...times, untilMs });
    if (sent === 'stopped') {
      const pushAtMs = cursor.pushAtMs ?? clock.nowMs();
      return { cursor: { ...cursor, pushAtMs, verifyAtMs: verify }, rest: true };
    }
    // What is left waits for a pull to show what became of it, or was changed by somebody else just now.
    if (sent === 0) return { cursor: { ...cursor, pushAtMs: null, verifyAtMs: verify }, rest: false };
  }
}

async function sendAll(
  context: ImportContext,
  zzap: ZzapCabinet,
  queue: readonly OrderLink[],
  times: { readonly pulledAtMs: number | null; readonly untilMs: number },
): Promise<number | 'stopped'> {
  let sent = 0;
  for (const link of queue) {
    const push = sendable(link, times.pulledAtMs);
    if (!push) continue;
    if (context.ports.clock.nowMs() >= times.untilMs || (await isOutdated(context))) return 'stopped';
    if (await sendOne(context, zzap, link, push)) sent += 1;
  }
  return sent;
}

/** Somebody has saved the connection since the run began: from here on its new settings count, in a run of their own. */
async function isOutdated({ ports, snapshot }: ImportContext): Promise<boolean> {
  const { connectionId, version } = snapshot.connection;
  return (await ports.connections.find(connectionId))?.version !== version;
}

function sendable(link: OrderLink, pulledAtMs: number | null): PendingPush | null {
  const { push } = link;
  if (push?.state === 'waiting') return push;
  return push && mayRepeat(push, pulledAtMs) ? push : null;
}

/** False when somebody else changed the order since the queue was read. */
async function sendOne(
  context: ImportContext,
  zzap: ZzapCabinet,
  link: OrderLink,
  push: PendingPush,
): Promise<boolean> {
  const claimed = await context.ports.links.save(pushSent(link, push, stepOf(context)));
  if (!claimed) return false;
  const { connectionId, zzapOrderCode } = claimed;
  try {
    await zzap.setStatus(zzapOrderCode, push.zzapStatus, '');
  } catch (error) {
    const failure = asRemoteError(error);
    if (!failure) throw error;
    await settleFailure(context, claimed, push, failure);
    return true;
  }
  await save(context, pushConfirmed(claimed, push, stepOf(context)));
  context.journal.count('pushed');
  context.ports.log.info('status.pushed', { connectionId, zzapOrderCode, zzapStatus: push.zzapStatus });
  return true;
}

async function settleFailure(
  context: ImportContext,
  link: OrderLink,
  push: PendingPush,
  failure: RemoteFailure,
): Promise<void> {
  const { kind, detail, effectUnknown } = failure.facts;
  const step = stepOf(context);
  if (effectUnknown) {
    await save(context, pushUnanswered(link, step));
    context.ports.log.warn('status.push-unanswered', {
      connectionId: link.connectionId,
      zzapOrderCode: link.zzapOrderCode,
    });
    return;
  }
  if (kind === 'invalid' || kind === 'not-found') {
    await save(context, pushRejected(link, push, detail, step));
    context.journal.fail(link.zzapOrderCode, 'status-refused-by-zzap', detail);
    return;
  }
  await save(context, pushNotSent(link, push, step));
  throw failure;
}

/** The direction is off: what waits or was rejected is dropped, and every order says so. */
export async function dropPushes(context: ImportContext): Promise<void> {
  const { links } = context.ports;
  const { connectionId } = context.snapshot.connection;
  for (;;) {
    const { links: queue } = await links.listPushes(connectionId, { limit: PAGE_LIMIT });
    if ((await dropAll(context, queue)) === 0) break;
  }
  let after: string | null = '';
  while (after !== null) {
    const page = await links.listAttention(connectionId, {
      limit: PAGE_LIMIT,
      ...(after !== '' && { after }),
    });
    await dropAll(
      context,
      page.links.filter(({ push }) => push !== null),
    );
    after = page.next;
  }
}

async function dropAll(context: ImportContext, queue: readonly OrderLink[]): Promise<number> {
  let dropped = 0;
  for (const link of queue) {
    if (await context.ports.links.save(pushDropped(link, stepOf(context)))) dropped += 1;
  }
  return dropped;
}

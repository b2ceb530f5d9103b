import { PUSHES_REMEMBERED_MAX, type DonePush, type OrderLink, type PendingPush } from './order-link';
import { pendingPush, type Wish } from './status-wish';
import { appendTrace, type TraceEntry, type TraceEvent } from './trace';

/** When and in which run a link takes a step. */
export interface Step {
  readonly nowMs: number;
  readonly runId: string;
}

export function entry(
  step: Step,
  event: TraceEvent,
  details: Record<string, string | number> = {},
): TraceEntry {
  return { atMs: step.nowMs, event, details: { runId: step.runId, ...details } };
}

/** Steps of a status on its way to ZZap. Each gives the next link to be written; none writes. */
function withPush(link: OrderLink, push: PendingPush | null, step: Step, ...told: TraceEntry[]): OrderLink {
  return { ...link, push, changedAtMs: step.nowMs, trace: appendTrace(link.trace, ...told) };
}

function withPushed(link: OrderLink, done: DonePush): OrderLink {
  return { ...link, pushed: [...link.pushed, done].slice(-PUSHES_REMEMBERED_MAX) };
}

/** A request whose fate is open is not waited for any more: what it may have done is ours all the same. */
function letGo(link: OrderLink): OrderLink {
  const { push, zzapStatus: previous } = link;
  if (!push || push.attempts === 0 || push.sentAtMs === null) return link;
  return withPushed(link, { zzapStatus: push.zzapStatus, previous, atMs: push.sentAtMs, sure: false });
}

/** RetailCRM's order has a new status: what that asks of ZZap becomes the order's one pending push. */
export function wished(
  link: OrderLink,
  crmStatus: string,
  wish: Wish & { readonly urgent?: boolean },
  step: Step,
): OrderLink {
  const seen = { ...link, crmStatus };
  switch (wish.kind) {
    case 'agreed':
      if (link.push === null) return seen;
      return forgiven(withPush(seen, null, step, entry(step, 'push-cancelled', { crmStatus })));
    case 'unmapped':
      return forgiven(withPush(letGo(seen), null, step, entry(step, 'status-unmapped', { crmStatus })));
    case 'push': {
      const { zzapStatus, urgent = false } = wish;
      const push = pendingPush(link.push, { zzapStatus, crmStatus, urgent }, step.nowMs);
      const isKept = link.push?.zzapStatus === zzapStatus && link.push.state !== 'rejected';
      if (isKept) return { ...seen, push };
      const told = entry(step, 'push-wanted', { crmStatus, zzapStatus });
      return forgiven(withPush(letGo(seen), push, step, told));
    }
  }
}

/** The request is about to be sent: from here on its fate is open. */
export function pushSent(link: OrderLink, push: PendingPush, step: Step): OrderLink {
  const attempts = push.attempts + 1;
  const sent = { ...push, state: 'sent' as const, attempts, sentAtMs: step.nowMs };
  const told = entry(step, 'push-sent', { zzapStatus: push.zzapStatus, attempt: attempts });
  return withPush(link, sent, step, told);
}

/** The request certainly did not go out. An earlier one of unknown fate is not forgotten. */
export function pushNotSent(link: OrderLink, push: PendingPush, step: Step): OrderLink {
  return withPush(link, { ...push, state: 'waiting' }, step);
}

export function pushUnanswered(link: OrderLink, step: Step): OrderLink {
  return withPush(link, link.push, step, entry(step, 'push-unanswered'));
}

/** ZZap took it. */
export function pushConfirmed(link: OrderLink, push: PendingPush, step: Step): OrderLink {
  const { zzapStatus } = push;
  const done = forgiven(withPush(link, null, step, entry(step, 'push-confirmed', { zzapStatus })));
  const pushed = { zzapStatus, previous: link.zzapStatus, atMs: step.nowMs, sure: true };
  return { ...withPushed(done, pushed), zzapStatus };
}

/** ZZap does not want it: a person has to look. */
export function pushRejected(link: OrderLink, push: PendingPush, detail: string, step: Step): OrderLink {
  const told = entry(step, 'push-rejected', { zzapStatus: push.zzapStatus, why: detail });
  const attempts = push.attempts + 1;
  return {
    ...withPush(link, { ...push, state: 'rejected', attempts }, step, told),
    quarantine: {
      reason: 'status-refused-by-zzap',
      detail,
      sinceMs: step.nowMs,
      attempts,
      retryAtMs: null,
    },
  };
}

/** The direction was switched off: nothing is sent any more. */
export function pushDropped(link: OrderLink, step: Step): OrderLink {
  return forgiven(withPush(letGo(link), null, step, entry(step, 'push-dropped')));
}

/** A reading of ZZap shows the status that was wanted: the push is done, whoever set it. */
export function settledPush(link: OrderLink, previous: number | null, step: Step): OrderLink {
  if (link.push === null || link.push.zzapStatus !== link.zzapStatus) return link;
  const { zzapStatus } = link.push;
  const done = forgiven(withPush(link, null, step, entry(step, 'push-confirmed', { zzapStatus })));
  return withPushed(done, { zzapStatus, previous, atMs: step.nowMs, sure: true });
}

/** A rejection is over when its push is. */
function forgiven(link: OrderLink): OrderLink {
  return link.quarantine?.reason === 'status-refused-by-zzap' ? { ...link, quarantine: null } : link;
}

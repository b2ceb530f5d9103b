import { missingScopes, type Account } from '../domain/account';
import type { Connection } from '../domain/connection';
import { externalIdOf } from '../domain/marketplace-order';
import type { RunRecord } from '../domain/run-record';
import type { SyncCursor } from '../domain/sync-cursor';
import type { ListedOrder } from '../settings/read-journal';
import type { Language } from './language';
import { outageText } from './outage-text';
import { runSummary, traceText } from './trace-texts';
import { toIso, toLabel, toZonedIso } from './times';

/** Stored facts as the contract shows them. Secrets have no place here, not even sealed. */
export function presentAccount(account: Account) {
  const { accountId, version, name, crmUrl, timeZone, scopes, createdAtMs } = account;
  const missing = missingScopes(scopes);
  return {
    accountId,
    version,
    name,
    crmUrl,
    timeZone,
    scopes,
    missingScopes: [...missing.required, ...missing.optional],
    createdAt: toIso(createdAtMs),
  };
}

/** Told only of a connection that is to run: the outage of a paused one is nobody's concern. */
function presentOutage({ state }: Connection, { outage }: SyncCursor, language: Language) {
  if (state !== 'active' || outage === null) return null;
  const { remote, kind, sinceMs, failures, nextAttemptAtMs } = outage;
  const text = outageText(outage, language);
  return { remote, kind, text, since: toIso(sinceMs), failures, nextAttemptAt: toIso(nextAttemptAtMs) };
}

export function presentConnection(
  connection: Connection,
  { timeZone }: Account,
  cursor: SyncCursor,
  language: Language,
) {
  const { lastSyncAtMs } = cursor;
  return {
    connectionId: connection.connectionId,
    accountId: connection.accountId,
    version: connection.version,
    name: connection.name,
    login: connection.login,
    site: connection.site,
    intervalMinutes: connection.intervalMinutes,
    itemLink: connection.itemLink,
    statusDirection: connection.statusDirection,
    includeApiChanges: connection.includeApiChanges,
    importFrom: toZonedIso(connection.importFromMs, timeZone),
    active: connection.state === 'active',
    state: connection.state,
    suspension: connection.suspension,
    outage: presentOutage(connection, cursor, language),
    orderMethod: connection.orderMethod,
    lastSyncAt: toIso(lastSyncAtMs),
    lastSyncLabel: lastSyncAtMs === null ? null : toLabel(lastSyncAtMs, timeZone),
    createdAt: toIso(connection.createdAtMs),
  };
}

export function presentRun(run: RunRecord, language: Language) {
  const { counts, startedAtMs, finishedAtMs } = run;
  return {
    runId: run.runId,
    trigger: run.trigger,
    state: run.state,
    requestedAt: toIso(run.requestedAtMs),
    startedAt: toIso(startedAtMs),
    finishedAt: toIso(finishedAtMs),
    durationMs: startedAtMs === null || finishedAtMs === null ? null : finishedAtMs - startedAtMs,
    runs: run.runs,
    stage: run.stage,
    progress: run.progress,
    waiting: run.waiting && { remote: run.waiting.remote, until: toIso(run.waiting.untilMs) },
    ...counts,
    calls: run.calls,
    problems: run.problems,
    overfullFrom: toIso(run.overfullFromMs),
    failure: run.failure,
    summary: runSummary(run, language),
  };
}

/** How the queue moves: `nowMs` and the pause between two requests with the connection's key. */
export interface QueuePace {
  readonly nowMs: number;
  readonly zzapMinIntervalMs: number;
}

function presentPush({ link: { push }, position }: ListedOrder, pace: QueuePace) {
  if (!push) return null;
  const { zzapStatus, crmStatus, state, urgent, sinceMs, attempts } = push;
  const eta = position === null ? null : toIso(pace.nowMs + position * pace.zzapMinIntervalMs);
  return { zzapStatus, crmStatus, state, urgent, since: toIso(sinceMs), attempts, position, eta };
}

export function presentOrder(listed: ListedOrder, language: Language, pace: QueuePace) {
  const { link } = listed;
  const { quarantine } = link;
  return {
    zzapOrderCode: link.zzapOrderCode,
    externalId: externalIdOf(link.zzapOrderCode),
    state: link.state,
    crmOrderId: link.crmOrderId,
    crmNumber: link.crmNumber,
    zzapStatus: link.zzapStatus,
    crmStatus: link.crmStatus,
    firstSeenAt: toIso(link.firstSeenAtMs),
    changedAt: toIso(link.changedAtMs),
    attention: quarantine && {
      reason: quarantine.reason,
      detail: quarantine.detail,
      since: toIso(quarantine.sinceMs),
      attempts: quarantine.attempts,
      nextAttemptAt: toIso(quarantine.retryAtMs),
    },
    push: presentPush(listed, pace),
    trace: link.trace.map((entry) => ({
      at: toIso(entry.atMs),
      event: entry.event,
      text: traceText(entry, language),
      details: entry.details ?? {},
    })),
  };
}

export function presentPage<Item, Shown>(
  page: { readonly items: readonly Item[]; readonly nextCursor: string | null },
  present: (item: Item) => Shown,
) {
  return {
    items: page.items.map(present),
    ...(page.nextCursor !== null && { nextCursor: page.nextCursor }),
  };
}

import type { CrmChange } from '../../../functions/domain/crm-change';
import type { ListedRow } from '../../../functions/domain/marketplace-order';
import type { OrderLink } from '../../../functions/domain/order-link';
import { queuedRun } from '../../../functions/domain/run-record';
import { newCursor } from '../../../functions/domain/sync-cursor';
import type { CrmSystem } from '../../../functions/ports/crm-system';
import { collectCrmChanges } from '../../../functions/sync/collect-crm-changes';
import type { ImportContext } from '../../../functions/sync/import-context';
import { importRows } from '../../../functions/sync/import-orders';
import { createRunJournal } from '../../../functions/sync/run-journal';
import type { SyncPorts } from '../../../functions/sync/sync-ports';
import { aConnection } from '../../contract/stores/builders';
import { createVirtualClock } from '../../support/clock';
import { createMemoryLog } from '../../support/memory/log';
import { createMemoryOrderLinkStore } from '../../support/memory/order-link-store';
import { createMemoryRunStore } from '../../support/memory/run-store';
import { aLink, anOrder } from '../domain/builders';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;
const SITE = 'moscow';

/** What a run finds whose predecessor wrote a link and died before it wrote the cursor. */
function aWorld() {
  const clock = createVirtualClock(NOW);
  const links = createMemoryOrderLinkStore();
  const parts = { clock, links, log: createMemoryLog(), runs: createMemoryRunStore() };
  const ports = parts as Partial<SyncPorts> as SyncPorts;
  const connection = { ...aConnection({ accountId: 'a-1', connectionId: 'connection' }), site: SITE };
  const pairs = [{ crmStatus: 'assembling', zzapStatus: 20 }];
  const mapping = { connectionId: 'connection', version: 1, pairs };
  const context = {
    ports,
    snapshot: { connection, mapping, cursor: newCursor('connection') },
    journal: createRunJournal(ports, queuedRun('connection', 'r-2', 'tick', NOW)),
    deadlineMs: NOW + 60 * MINUTE_MS,
    unsettled: new Set(),
    retries: [],
  } as Partial<ImportContext> as ImportContext;
  const left = (changes: Partial<OrderLink>) => links.save(aLink({ version: 0, ...changes }));
  return { context, left };
}

describe('a status that was sent by a run that died before it wrote the cursor', () => {
  const change: CrmChange = {
    historyId: 1,
    atMs: NOW - 5 * MINUTE_MS,
    source: 'user',
    ownKey: false,
    field: 'status',
    newCode: 'assembling',
    crmOrderId: 7,
    externalId: 'zzap-512000101',
    site: SITE,
    created: false,
    deleted: false,
  };
  const crm = {
    history: { listChanges: () => Promise.resolve({ changes: [change], more: false }) },
    statuses: { readMany: () => Promise.resolve(new Map([[7, 'assembling']])) },
    directories: { listStatuses: () => Promise.resolve([]) },
  } as Partial<Record<keyof CrmSystem, object>> as CrmSystem;
  const push = { zzapStatus: 20, crmStatus: 'assembling', urgent: false, sinceMs: NOW - 2 * MINUTE_MS };

  it.each([
    ['still waits', { state: 'waiting', attempts: 0, sentAtMs: null }],
    ['has an open fate', { state: 'sent', attempts: 1, sentAtMs: NOW - MINUTE_MS }],
  ] as const)('is looked after when it %s', async (_, state) => {
    const { context, left } = aWorld();
    await left({ push: { ...push, ...state } });

    const cursor = await collectCrmChanges(context, crm, newCursor('connection'), 0);

    expect(cursor.pushAtMs).toBe(NOW);
  });
});

describe('an order that was set aside by a run that died before it wrote the cursor', () => {
  const retryAtMs = NOW + 4 * MINUTE_MS;
  const quarantine = { detail: '', sinceMs: NOW - MINUTE_MS, attempts: 1, retryAtMs };
  const unreadable = { code: '512000101', problem: 'qty', fields: {} };

  it.each<[string, ListedRow, Partial<OrderLink>]>([
    [
      'was refused',
      { kind: 'order', order: anOrder(), raw: '{}' },
      { state: 'attention', quarantine: { ...quarantine, reason: 'refused-by-crm' } },
    ],
    [
      'could not be read',
      { kind: 'unreadable', row: unreadable, raw: '{}' },
      { state: 'attention', fingerprint: '', quarantine: { ...quarantine, reason: 'unreadable-row' } },
    ],
  ])('keeps its next try when it %s', async (_, row, link) => {
    const { context, left } = aWorld();
    await left(link);

    await importRows(context, [row], {}, new Map());

    expect(context.retries).toEqual([retryAtMs]);
  });
});

import type { Connection } from '../domain/connection';
import type { StatusMapping } from '../domain/status-mapping';
import type { SyncCursor } from '../domain/sync-cursor';
import type { CrmOrders, CrmOrderStatuses, CrmOwnedFields } from '../ports/crm-system';
import type { ItemLinker } from './link-items';
import type { RunJournal } from './run-journal';
import type { SyncPorts } from './sync-ports';

/** What the steps of one run share. */
export interface ImportContext {
  readonly ports: SyncPorts;
  readonly snapshot: {
    readonly connection: Connection & { readonly site: string };
    readonly mapping: StatusMapping;
    /** As the run found it. */
    readonly cursor: SyncCursor;
  };
  readonly orders: CrmOrders;
  readonly statuses: CrmOrderStatuses;
  readonly ownedFields: CrmOwnedFields;
  readonly linker: ItemLinker;
  readonly journal: RunJournal;
  /** No new batch is begun after this. */
  readonly deadlineMs: number;
  /** Codes whose row was not taken at its word: it must be read again. */
  readonly unsettled: Set<string>;
  /** Orders whose kept row is lost: ZZap has to list everything once more. */
  readonly lost: Set<string>;
  /** When the orders set aside by this run want another try; null: not by themselves. */
  readonly retries: (number | null)[];
}

/** Another run has written the same order or cursor: this one is late and must stop. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** The run's time is over; everything settled so far is stored. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

export function checkTime(context: ImportContext): void {
  if (context.ports.clock.nowMs() >= context.deadlineMs) throw new OutOfTime();
}

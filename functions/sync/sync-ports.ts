import type { Clock } from '../ports/clock';
import type { ConnectionStore } from '../ports/connection-store';
import type { OpenCrmSystem } from '../ports/crm-system';
import type { CursorStore } from '../ports/cursor-store';
import type { Ids } from '../ports/ids';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { OfferMemory } from '../ports/offer-memory';
import type { OrderLinkStore } from '../ports/order-link-store';
import type { RunStore } from '../ports/run-store';
import type { Schedules } from '../ports/schedules';
import type { ReadSnapshot } from '../ports/sync-snapshot';
import type { Vault } from '../ports/vault';
import type { OpenZzapCabinet } from '../ports/zzap-cabinet';
import type { ZzapGate } from '../ports/zzap-gate';

/** What a sync run needs from outside. */
export interface SyncPorts {
  readonly readSnapshot: ReadSnapshot;
  readonly connections: ConnectionStore;
  readonly cursors: CursorStore;
  readonly links: OrderLinkStore;
  readonly runs: RunStore;
  readonly offers: OfferMemory;
  readonly gate: ZzapGate;
  readonly openZzap: OpenZzapCabinet;
  readonly openCrm: OpenCrmSystem;
  readonly vault: Vault;
  readonly lane: Lane;
  readonly schedules: Schedules;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

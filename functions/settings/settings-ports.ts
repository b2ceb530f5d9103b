import type { AccountStore, ClaimStore } from '../ports/account-store';
import type { Clock } from '../ports/clock';
import type { ConnectionStore } from '../ports/connection-store';
import type { OpenCrmSystem } from '../ports/crm-system';
import type { CursorStore } from '../ports/cursor-store';
import type { DictionaryMemory } from '../ports/dictionary-memory';
import type { Ids } from '../ports/ids';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { MappingStore } from '../ports/mapping-store';
import type { ModuleStore } from '../ports/module-store';
import type { OrderLinkStore } from '../ports/order-link-store';
import type { Patience } from '../ports/patience';
import type { RunStore } from '../ports/run-store';
import type { Schedules } from '../ports/schedules';
import type { Secrets } from '../ports/secrets';
import type { Vault } from '../ports/vault';
import type { OpenZzapCabinet } from '../ports/zzap-cabinet';
import type { ZzapGate } from '../ports/zzap-gate';

/** What the form's use cases need from outside. */
export interface SettingsPorts {
  readonly accounts: AccountStore;
  readonly claims: ClaimStore;
  readonly modules: ModuleStore;
  readonly connections: ConnectionStore;
  readonly mappings: MappingStore;
  readonly dictionaries: DictionaryMemory;
  readonly cursors: CursorStore;
  readonly links: OrderLinkStore;
  readonly runs: RunStore;
  readonly gate: ZzapGate;
  readonly openZzap: OpenZzapCabinet;
  readonly openCrm: OpenCrmSystem;
  readonly vault: Vault;
  readonly lane: Lane;
  readonly schedules: Schedules;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly ids: Ids;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Pause between two ZZap requests with one key. */
  readonly zzapMinIntervalMs: number;
  /** First instant of the day that `nowMs` falls on in an IANA time zone. */
  readonly startOfDay: (nowMs: number, timeZone: string) => number;
  /** Base of the URLs that others call, without a slash at the end. Asked each time: a local port is known late. */
  readonly publicUrl: () => string;
  /** What RetailCRM's marketplace proves itself with; null where connecting in one click is not set up. */
  readonly moduleSecret: string | null;
  /** Hosts besides RetailCRM's own that an account may have. */
  readonly crmAllowedHosts: readonly string[];
}

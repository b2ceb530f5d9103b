/** A metric that CloudWatch counts out of the functions' log lines. */
export interface LogMetric {
  /** The function in whose log the line stands. */
  readonly writer: 'settings' | 'webhook' | 'sync' | 'caretaker';
  /** As the code writes it. */
  readonly event: string;
  /** The number taken from the line; without it lines are counted. */
  readonly field?: string;
  /** Only lines with this value count. */
  readonly where?: Readonly<Record<string, string>>;
  /** Fields whose values are metrics of their own. */
  readonly by?: readonly string[];
}

/**
 * Every custom metric and the event it is made of. A test looks for each event and field in the code that writes it.
 * Each metric has a price (about 0.30 USD a month), so what Lambda, SQS and API Gateway count by themselves is not here.
 */
export const LOG_METRICS = {
  OrdersCreated: { writer: 'sync', event: 'sync.run.finished', field: 'created' },
  OrdersFailed: { writer: 'sync', event: 'sync.run.finished', field: 'failed' },
  StatusesPushed: { writer: 'sync', event: 'sync.run.finished', field: 'pushed' },
  ZzapCalls: { writer: 'sync', event: 'sync.run.finished', field: 'zzapCalls' },
  CrmCalls: { writer: 'sync', event: 'sync.run.finished', field: 'crmCalls' },
  RunMs: { writer: 'sync', event: 'sync.run.finished', field: 'durationMs' },
  RunsFailed: { writer: 'sync', event: 'sync.run.finished', where: { state: 'failed' } },
  OrdersSetAside: { writer: 'sync', event: 'order.set-aside' },
  /** At most twelve metrics, and only those that happen: two systems, six kinds of error. */
  RemoteFailures: { writer: 'sync', event: 'remote.failed', by: ['remote', 'kind'] },
  HooksAccepted: { writer: 'webhook', event: 'hook.accepted' },
  Connections: { writer: 'caretaker', event: 'watch.finished', field: 'connections' },
  ConnectionsActive: { writer: 'caretaker', event: 'watch.finished', field: 'active' },
  ConnectionsSuspended: { writer: 'caretaker', event: 'watch.finished', field: 'suspended' },
  ConnectionsSilent: { writer: 'caretaker', event: 'watch.finished', field: 'silent' },
  OldestPushMs: { writer: 'caretaker', event: 'watch.finished', field: 'oldestPushMs' },
  SchedulesMended: { writer: 'caretaker', event: 'schedules.reconciled', field: 'mended' },
  SchedulesRemoved: { writer: 'caretaker', event: 'schedules.reconciled', field: 'removed' },
} as const satisfies Readonly<Record<string, LogMetric>>;

export type LogMetricName = keyof typeof LOG_METRICS;

/** The filter pattern for a line's event and what else must hold. */
export function patternOf({ event, where = {} }: LogMetric): string {
  const terms = Object.entries({ event, ...where }).map(([field, value]) => `$.${field} = "${value}"`);
  return `{ ${terms.join(' && ')} }`;
}

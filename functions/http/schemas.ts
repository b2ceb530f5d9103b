import * as z from 'zod';
import { INTERVALS_MINUTES, ITEM_LINKS, STATUS_DIRECTIONS, CONNECTION_STATES } from '../domain/connection';
import { FINDING_KINDS } from '../domain/mapping-doctor';
import { LINK_STATES, PUSH_STATES } from '../domain/order-link';
import { REMOTE_ERROR_KINDS, REMOTES } from '../domain/remote-error';
import { RUN_STAGES, RUN_STATES, TRIGGERS } from '../domain/run-record';
import { TRACE_EVENTS } from '../domain/trace';

/** The HTTP contract: these schemas validate requests and make `/openapi.json`. */

/** No control characters: a name travels into headers, logs and other systems. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u);
const secret = z.string().min(1).max(500);
/** An empty secret in a change means: keep the stored one. */
const keptSecret = z
  .string()
  .max(500)
  .optional()
  .transform((text) => (text === '' ? undefined : text));

const version = z.int().min(0);
const instant = z.string().describe('ISO 8601 date-time');

export const accountIn = z.strictObject({ name: line(255), crmUrl: line(255), apiKey: secret });
export const accountPatch = z.strictObject({
  name: line(255).optional(),
  crmUrl: line(255).optional(),
  apiKey: keptSecret,
  version: version.optional(),
});
export const accountOut = z.object({
  accountId: z.string(),
  version,
  name: z.string(),
  crmUrl: z.string(),
  timeZone: z.string(),
  scopes: z.array(z.string()),
  missingScopes: z.array(z.string()),
  createdAt: instant,
});

const intervalMinutes = z.literal(INTERVALS_MINUTES);
const itemLink = z.literal(ITEM_LINKS);
const statusDirection = z.literal(STATUS_DIRECTIONS);
/** A day in the account's time zone, or an instant with an offset. */
const importFrom = z
  .string()
  .max(40)
  .refine((text) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text), {
    error: 'date-malformed',
  });

const settings = {
  site: line(255).nullable().optional(),
  intervalMinutes: intervalMinutes.optional(),
  itemLink: itemLink.optional(),
  statusDirection: statusDirection.optional(),
  includeApiChanges: z.boolean().optional(),
  importFrom: importFrom.optional(),
  active: z.boolean().optional(),
};

export const connectionIn = z.strictObject({
  name: line(255),
  login: line(255),
  password: secret,
  zzapApiKey: secret,
  ...settings,
});
export const connectionPatch = z.strictObject({
  name: line(255).optional(),
  login: line(255).optional(),
  password: keptSecret,
  zzapApiKey: keptSecret,
  ...settings,
  version: version.optional(),
});
export const connectionOut = z.object({
  connectionId: z.string(),
  accountId: z.string(),
  version,
  name: z.string(),
  login: z.string(),
  site: z.string().nullable(),
  intervalMinutes,
  itemLink,
  statusDirection,
  includeApiChanges: z.boolean(),
  importFrom: instant.describe('First creation time of orders that are imported, in the account’s zone'),
  active: z.boolean(),
  state: z.literal(CONNECTION_STATES),
  suspension: z.string().nullable(),
  outage: z
    .object({
      remote: z.literal(REMOTES),
      kind: z.literal(REMOTE_ERROR_KINDS),
      text: z.string(),
      since: instant,
      failures: z.int().describe('Runs that failed in a row'),
      nextAttemptAt: instant,
    })
    .nullable()
    .describe('What stops the runs of an active connection; null when the last one came to its end'),
  orderMethod: z.object({
    code: z.string().nullable(),
    source: z.literal(['existing', 'created', 'default']),
  }),
  lastSyncAt: instant.nullable(),
  lastSyncLabel: z.string().nullable().describe('DD-MM-YYYY HH:mm in the account’s time zone'),
  createdAt: instant,
  hooks: z
    .object({ retailcrm: z.string(), zzap: z.string() })
    .nullable()
    .describe('URLs that each system may call; null when they cannot be read: make new ones'),
  hookInstructions: z
    .object({ retailcrm: z.string(), zzap: z.string() })
    .nullable()
    .describe('How to enter them there: plain text, one step or value per line'),
});

export const credentialsCheckIn = z.strictObject({
  login: line(255),
  password: secret,
  zzapApiKey: secret,
});
export const credentialsCheckOut = z.object({ ok: z.literal(true), statuses: z.int() });

const crmStatus = z.object({
  code: z.string(),
  name: z.string(),
  group: z.string(),
  groupName: z.string(),
  active: z.boolean(),
});
const zzapStatus = z.object({ code: z.int(), name: z.string() });

export const directoriesOut = z.object({
  sites: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      takenBy: z.object({ connectionId: z.string(), name: z.string() }).nullable(),
    }),
  ),
  statuses: z.array(crmStatus),
  orderMethods: z.array(
    z.object({ code: z.string(), name: z.string(), active: z.boolean(), defaultForApi: z.boolean() }),
  ),
});

const pairs = z.array(z.strictObject({ crmStatus: line(255), zzapStatus: z.int() })).max(500);
export const mappingIn = z.strictObject({ version, pairs });
export const mappingQuery = z.object({
  refresh: z
    .literal(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('true: ask both systems again instead of showing what was read within ten minutes'),
});
const dictionaryState = z.object({
  readAt: instant.nullable(),
  stale: z.boolean().describe('The system could not be asked now: what is shown is the last known'),
  problem: z.string().nullable().describe('Why, in a sentence of the reader’s language'),
});
const statusCode = z.union([z.string(), z.int()]).nullable();
const finding = z.object({
  kind: z.literal(FINDING_KINDS),
  side: z.literal(['crm', 'zzap']).nullable(),
  code: statusCode,
  name: z.string().nullable(),
  count: z.int().nullable().describe('Orders that have this status'),
  suggestion: z.object({ crmStatus: z.string(), zzapStatus: z.int() }).nullable(),
  text: z.string(),
});
export const mappingOut = z.object({
  version,
  pairs,
  dictionaries: z.object({ crm: z.array(crmStatus), zzap: z.array(zzapStatus) }),
  dictionaryState: z.object({ crm: dictionaryState, zzap: dictionaryState }),
  findings: z.array(finding),
});

export const runAccepted = z.object({ runId: z.string() });
const count = z.int();
export const runOut = z.object({
  runId: z.string(),
  trigger: z.literal(TRIGGERS),
  state: z.literal(RUN_STATES),
  requestedAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  durationMs: z.number().nullable(),
  runs: count.describe('Idle runs folded into this line'),
  stage: z.literal(RUN_STAGES).nullable(),
  progress: z.object({ done: count, total: count }).nullable(),
  waiting: z.object({ remote: z.string(), until: instant }).nullable(),
  found: count,
  created: count,
  adopted: count,
  updated: count,
  pushed: count,
  unchanged: count,
  skipped: z.record(z.string(), count),
  failed: z.record(z.string(), count),
  calls: z.object({ zzap: count, crm: count }),
  problems: z.array(
    z.object({ zzapOrderCode: z.string().nullable(), reason: z.string(), detail: z.string() }),
  ),
  overfullFrom: instant.nullable(),
  failure: z.object({ kind: z.string(), detail: z.string() }).nullable(),
  summary: z.string().describe('What the run did, in a sentence of the reader’s language'),
});

export const orderOut = z.object({
  zzapOrderCode: z.string(),
  externalId: z.string(),
  state: z.literal(LINK_STATES),
  crmOrderId: z.number().nullable(),
  crmNumber: z.string().nullable(),
  zzapStatus: z.number().nullable(),
  crmStatus: z.string().nullable(),
  firstSeenAt: instant,
  changedAt: instant,
  attention: z
    .object({
      reason: z.string(),
      detail: z.string(),
      since: instant,
      attempts: count,
      nextAttemptAt: instant.nullable(),
    })
    .nullable(),
  push: z
    .object({
      zzapStatus: z.int(),
      crmStatus: z.string(),
      state: z.literal(PUSH_STATES),
      urgent: z.boolean(),
      since: instant,
      attempts: count,
      position: z.int().nullable().describe('Place in the queue, from 1; in the list of pending ones'),
      eta: instant.nullable().describe('When it is sent at the latest pace ZZap allows'),
    })
    .nullable()
    .describe('The status that waits to be set at ZZap'),
  trace: z.array(
    z.object({
      at: instant,
      event: z.literal(TRACE_EVENTS),
      text: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
});

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

const digits = (max: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(max));
export const pageQuery = z.object({
  cursor: z.string().min(1).max(200).optional(),
  limit: digits(100).default(50),
});
export const ordersQuery = pageQuery.extend({
  state: z.literal(['attention', 'pending']).optional(),
  number: z.string().trim().min(1).max(60).optional(),
});

const id = z.string().regex(/^[a-zA-Z0-9-]{1,64}$/);
export const accountParams = z.object({ accountId: id });
export const connectionParams = z.object({ connectionId: id });
export const runParams = connectionParams.extend({ runId: id });
export const orderParams = connectionParams.extend({ zzapOrderCode: z.string().regex(/^\d{1,20}$/) });

export const healthOut = z.object({ status: z.literal('ok'), version: z.string() });
export const problemOut = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), detail: z.string() })).optional(),
});

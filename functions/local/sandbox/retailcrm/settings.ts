import * as z from 'zod';
import { ASSUMED_DEFAULTS } from './assumptions';
import { isTimeZone } from './account-time';

const isPattern = (source: string): boolean => {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
};

const triggerSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
  format: z.enum(['urlencoded', 'query', 'json']).default('urlencoded'),
  /** Name → template. Admins do paste names in backticks; they are sent as typed. */
  parameters: z.record(z.string(), z.string()).default({
    id: '{{ order.id }}',
    externalId: '{{ order.externalId }}',
    site: '{{ order.site.code }}',
  }),
  headers: z.record(z.string(), z.string()).default({}),
  event: z.literal('status').default('status'),
  excludeApi: z.boolean().default(false),
  /** Delivered so many times, each so many ms after the save: duplicates and delays a receiver must bear. */
  copies: z.int().min(1).max(5).default(1),
  delayMs: z.int().min(0).max(60_000).default(0),
});
export type Trigger = z.infer<typeof triggerSchema>;

/** What can be changed while the sandbox runs. Kept in the journal. */
export const settingsSchema = z.strictObject({
  timeZone: z.string().refine(isTimeZone),
  /** Per key and second; 0 = no limit. */
  requestsPerSecond: z.number().min(0).max(10_000),
  duplicateTextPlace: z.enum(['errorMsg', 'errors']),
  uploadFailureMode: z.enum(['http-460', 'http-460-nothing-stored', 'success-true']),
  errorsShape: z.enum(['object', 'array']),
  rateLimitBody: z.enum(['json', 'html', 'empty']),
  /** Value of Retry-After on a 503, seconds or an HTTP date; null = no header. */
  retryAfter: z.union([z.string(), z.number()]).nullable(),
  /** Records younger than this are not shown by orders/history yet. */
  historyLagMs: z.int().min(0),
  ruleSource: z.string().min(1),
  /** Orders whose externalId matches the pattern are refused with these errors. */
  rejectOrders: z.array(
    z.strictObject({
      externalIdMatches: z.string().refine(isPattern),
      errors: z.record(z.string(), z.string()),
    }),
  ),
  trigger: triggerSchema.nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

export function defaultSettings(timeZone = 'Europe/Moscow', requestsPerSecond?: number): Settings {
  return {
    timeZone,
    requestsPerSecond: requestsPerSecond ?? ASSUMED_DEFAULTS.requestsPerSecond,
    duplicateTextPlace: ASSUMED_DEFAULTS.duplicateTextPlace,
    uploadFailureMode: ASSUMED_DEFAULTS.uploadFailureMode,
    errorsShape: ASSUMED_DEFAULTS.errorsShape,
    rateLimitBody: 'json',
    retryAfter: null,
    historyLagMs: 0,
    ruleSource: ASSUMED_DEFAULTS.ruleSource,
    rejectOrders: [],
    trigger: null,
  };
}

/**
 * What the module assumes about ZZap, by its number in docs/assumptions.md. A value that code depends on stands
 * here and is read from here; an empty entry is relied on in the places that its text names. The texts are in
 * functions/probe/zzap-list.ts: what runs in the cloud needs the values only.
 */
export const ZZAP_ASSUMED = {
  Z1: {
    /** The documented host of the old web service. */
    baseUrl: 'https://api.zzap.pro',
    servicePath: '/webservice/datasharing.asmx',
  },
  Z2: {},
  Z3: {},
  /** `row_count` is at most this; an answer that long may be cut. */
  Z4: { rowCountMax: 10_000 },
  Z5: {},
  Z6: {},
  /** As the only known seller client does. */
  Z7: { openWindowAheadMs: 24 * 3_600_000 },
  /** Moscow has kept UTC+3 without daylight saving time since 26 October 2014. */
  Z8: { moscowOffsetMs: 3 * 3_600_000 },
  Z9: {},
  Z10: {},
  Z11: {},
  Z12: {},
  /** Field names of the dictionary are known by analogy only. */
  Z13: { codePrefix: 'code_', namePrefix: 'class_' },
  Z14: {},
  Z15: {},
  /** The only error text that was seen in public code. */
  Z16: { rateLimitText: /^\[100\]:|максимальная частота/i },
  Z17: {
    /** A wrong guess suspends a connection: «исключение», «подключение», «отменён пользователем» must not match. */
    credentialWords: {
      login: /логин|login|e-?mail|пользовател(?!ем)/i,
      password: /парол|password/i,
      apiKey: /api[ _-]?key|(?<![а-яё])ключ(?!ев)/i,
    },
    /** Refusal without naming a credential; «недоступен» is none. */
    accessWords: /(?<![а-яё])доступ(?!н|ен)|авториз|аутентиф|unauthori[sz]ed|forbidden/i,
  },
  Z18: {
    blockedPauseMs: 180_000,
    captchaWords: /captcha|капч|не робот|cf[-_]ch|challenge-platform|just a moment/i,
  },
  /** From the end of an answer to the start of the next request with the same key. */
  Z19: { minIntervalMs: 3_000 },
  Z20: {},
  Z21: {},
  Z22: {},
  Z23: { orderNotFoundWords: /заказ.*не найден|order.*not found/i },
  Z24: {},
  Z25: {},
} as const;

export type ZzapAssumptionId = keyof typeof ZZAP_ASSUMED;

export const { baseUrl: ZZAP_DEFAULT_BASE_URL, servicePath: SERVICE_PATH } = ZZAP_ASSUMED.Z1;
export const { rowCountMax: ROW_COUNT_MAX } = ZZAP_ASSUMED.Z4;
export const { openWindowAheadMs: OPEN_WINDOW_AHEAD_MS } = ZZAP_ASSUMED.Z7;
export const { moscowOffsetMs: MOSCOW_OFFSET_MS } = ZZAP_ASSUMED.Z8;
export const { codePrefix: CODE_PREFIX, namePrefix: NAME_PREFIX } = ZZAP_ASSUMED.Z13;
export const { rateLimitText: RATE_LIMIT_TEXT } = ZZAP_ASSUMED.Z16;
export const { credentialWords: CREDENTIAL_WORDS, accessWords: ACCESS_WORDS } = ZZAP_ASSUMED.Z17;
export const { blockedPauseMs: BLOCKED_PAUSE_MS, captchaWords: CAPTCHA_WORDS } = ZZAP_ASSUMED.Z18;
export const { minIntervalMs: ZZAP_MIN_INTERVAL_MS } = ZZAP_ASSUMED.Z19;
export const { orderNotFoundWords: ORDER_NOT_FOUND_WORDS } = ZZAP_ASSUMED.Z23;

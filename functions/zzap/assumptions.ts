/**
 * Everything about ZZap that is inferred or unknown, in one place. Each entry is an open question of
 * docs/open-questions.md and is settled by one look at the live service.
 */

/** The documented host of the old web service. */
export const ZZAP_DEFAULT_BASE_URL = 'https://api.zzap.pro';

export const SERVICE_PATH = '/webservice/datasharing.asmx';

/** [documented] `row_count` is at most this; an answer that long may be cut. */
export const ROW_COUNT_MAX = 10_000;

/** [inferred] An open window ends a day ahead, as the only known seller client does. */
export const OPEN_WINDOW_AHEAD_MS = 24 * 3_600_000;

/** [seen in client code] A captcha or a block is waited out this long. */
export const BLOCKED_PAUSE_MS = 180_000;

/** [inferred] Words on a page that asks for proof of being human. */
export const CAPTCHA_WORDS = /captcha|капч|не робот|cf[-_]ch|challenge-platform|just a moment/i;

/** [seen in client code] The only documented error text. */
export const RATE_LIMIT_TEXT = /^\[100\]:|максимальная частота/i;

/**
 * [unknown] ZZap's texts about credentials were never seen: these words are what such a text would need. A wrong
 * guess suspends a connection, so «исключение», «подключение» or «отменён пользователем» must not match.
 */
export const CREDENTIAL_WORDS = {
  login: /логин|login|e-?mail|пользовател(?!ем)/i,
  password: /парол|password/i,
  apiKey: /api[ _-]?key|(?<![а-яё])ключ(?!ев)/i,
} as const;

/** [unknown] Refusal without naming a credential; «недоступен» is none. */
export const ACCESS_WORDS = /(?<![а-яё])доступ(?!н|ен)|авториз|аутентиф|unauthori[sz]ed|forbidden/i;

/** [unknown] ZZap's answer about an order of somebody else or none at all. */
export const ORDER_NOT_FOUND_WORDS = /заказ.*не найден|order.*not found/i;

import { z } from 'zod';

/**
 * Everything this sandbox says or does without evidence from ZZap itself. Codes, names and texts are INVENTED.
 * Correct them here once the live service has been seen; the rest of the sandbox follows.
 */

export const statusEntrySchema = z.strictObject({
  code: z.int(),
  name: z.string(),
  /** false: SetOrderStatusV3 with this code is refused. Which codes a seller may set is unknown, so all are allowed. */
  sellerMaySet: z.boolean().default(true),
});
export type StatusEntry = z.infer<typeof statusEntrySchema>;

const status = (code: number, name: string): StatusEntry => ({ code, name, sellerMaySet: true });

/** INVENTED codes and names: the public sources hold neither. The first one is given to new orders. */
export const DEFAULT_DICTIONARY: readonly StatusEntry[] = [
  status(10, 'Новый'),
  status(20, 'Подтверждён'),
  status(30, 'Заказан у поставщика'),
  status(40, 'Готов к выдаче'),
  status(50, 'Отправлен'),
  status(60, 'Выдан'),
  status(70, 'Отказ продавца'),
  status(80, 'Отказ покупателя'),
  status(90, 'Архив'),
];

export const settingsSchema = z.strictObject({
  /** Milliseconds from the end of an answer to the start of the next request of the same key; 0 = not watched. */
  minIntervalMs: z.number().min(0),
  /** Milliseconds until reads show what SetOrderStatusV3 wrote. */
  replicaLagMs: z.number().min(0),
  /** native: XML for GET and form, {"d": …} for JSON. plain: bare JSON, which some public clients seem to expect. */
  wrapping: z.enum(['native', 'plain']),
  dictionary: z.array(statusEntrySchema).min(1),
  /** Which orders survive row_count. The sort order of the answer follows: newest or oldest event first, or mixed. */
  truncation: z.enum(['keep-newest', 'keep-oldest', 'keep-arbitrary']),
  /** Whether `Z` or an offset in date_from/date_to counts. `ignored`: the digits are Moscow time whatever follows. */
  dateZone: z.enum(['ignored', 'honoured']),
  /** SetOrderStatusV3 with the status the order has: a new event, success without an event, or an error. */
  repeatedStatus: z.enum(['event', 'no-event', 'error']),
  /** true: codes_track, date_from and date_to may be absent as the wiki says; false: as ASMX would have it, they may not. */
  optionalMayBeAbsent: z.boolean(),
  /** Where class_template stands: in each row, or beside `table` as the newest wiki page seems to say. */
  classTemplate: z.enum(['row', 'top']),
  /** Where new orders are pushed when their cabinet has no address of its own; null = nowhere. */
  pushUrl: z.url({ protocol: /^https?$/ }).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsChangeSchema = settingsSchema.partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

export const DEFAULT_SETTINGS: Settings = {
  minIntervalMs: 3_000,
  replicaLagMs: 3_000,
  wrapping: 'native',
  dictionary: [...DEFAULT_DICTIONARY],
  truncation: 'keep-newest',
  dateZone: 'ignored',
  repeatedStatus: 'event',
  optionalMayBeAbsent: false,
  classTemplate: 'row',
  pushUrl: null,
};

/** Only the first text is seen in public code (two dots included). The HTTP status beside it is not recorded: 200. */
export const ERROR_TEXT = {
  rateLimited: '[100]:Превышена максимальная частота запросов..',
  wrongLogin: '[101]:Пользователь с таким логином не найден',
  wrongPassword: '[102]:Неверный пароль',
  wrongKey: '[103]:Неверный API ключ',
  unknownOrder: '[201]:Заказ не найден',
  unknownStatus: '[202]:Неизвестный статус заказа',
  forbiddenStatus: '[203]:Этот статус продавец установить не может',
  repeatedStatus: '[204]:Заказ уже находится в этом статусе',
  wrongDate: '[301]:Неверный формат даты',
  wrongStatusList: '[302]:Неверный список статусов',
  wrongRowCount: '[303]:Неверное количество строк',
} as const;

/** Pages that proxies put in front of the service. Their real wording is unknown; clients may rely on HTML only. */
export const HTML_PAGE = {
  captcha:
    '<!DOCTYPE html><html><head><title>Проверка</title></head><body><form method="post">Подтвердите, что вы не робот: <img src="/captcha.ashx" alt="captcha"><input name="captcha"></form></body></html>',
  serverError:
    "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error in '/' Application.</h1></body></html>",
  timedOut:
    '<!DOCTYPE html><html><head><title>522: Connection timed out</title></head><body><h1>Error 522</h1></body></html>',
} as const;

/** Documented: default 100, never more than 10000. That the surplus is cut without an error is assumed. */
export const ROW_COUNT = { byDefault: 100, most: 10_000 } as const;

/** Both bounds of date_from/date_to are taken as inclusive; a bare date means its midnight, for date_to as well. */
export const isWithin = (eventAtMs: number, fromMs: number | undefined, toMs: number | undefined): boolean =>
  (fromMs === undefined || eventAtMs >= fromMs) && (toMs === undefined || eventAtMs <= toMs);

/** A refused request ends an answer like any other: the full pause is counted from it again. */
export const REFUSAL_RESTARTS_THE_PAUSE: boolean = true;

/** Order numbers grow by one across all cabinets. The start is invented. */
export const FIRST_ORDER_CODE = 512_000_101;

/** -1 and 1 are documented or seen; the rest is invented. */
export const REGIONS: readonly { code_region: number; class_region: string }[] = [
  { code_region: -1, class_region: 'Любой' },
  { code_region: 1, class_region: 'Москва и область' },
  { code_region: 2, class_region: 'Санкт-Петербург' },
];

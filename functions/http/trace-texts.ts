import type { DroppedPart } from '../domain/crm-order-draft';
import type { RunFailure, RunRecord, RunStage, RunState } from '../domain/run-record';
import type { TraceEntry, TraceEvent } from '../domain/trace';
import type { Language } from './language';

type Details = Readonly<Record<string, string | number>>;
type Texts<Key extends string> = Readonly<Record<Key, Readonly<Record<Language, string>>>>;

const UNLINKED: Texts<string> = {
  none: { ru: 'в каталоге такого товара нет', en: 'the catalogue has no such item' },
  several: { ru: 'в каталоге таких товаров несколько', en: 'the catalogue has several such items' },
  unasked: {
    ru: 'каталог не ответил или ключу нельзя его читать',
    en: 'the catalogue did not answer or may not be read',
  },
  refused: { ru: 'RetailCRM не принял найденный товар', en: 'RetailCRM did not accept the item found' },
};

const PARTS: Texts<DroppedPart> = {
  orderMethod: { ru: 'способ оформления', en: 'order method' },
  status: { ru: 'статус', en: 'status' },
  email: { ru: 'e-mail', en: 'e-mail' },
  phone: { ru: 'телефон', en: 'phone' },
  createdAt: { ru: 'дата создания', en: 'creation time' },
  offer: { ru: 'связь с товаром', en: 'item link' },
};

const STAGES: Texts<RunStage> = {
  'asking-zzap': { ru: 'Запрашивает заказы в ZZap', en: 'Asking ZZap for orders' },
  'linking-items': { ru: 'Ищет товары в каталоге', en: 'Looking for items in the catalogue' },
  'creating-orders': { ru: 'Создаёт заказы в RetailCRM', en: 'Creating orders in RetailCRM' },
  'retrying-orders': { ru: 'Повторяет отложенные заказы', en: 'Trying orders set aside once more' },
};

/** Failures that no remote has put into words. */
const FAILURES: Partial<Texts<RunFailure>> = {
  overtaken: { ru: 'его опередил другой запуск', en: 'another run was faster' },
  internal: { ru: 'внутренняя ошибка', en: 'an internal error' },
};

const EVENTS: Readonly<Record<TraceEvent, Readonly<Record<Language, (details: Details) => string>>>> = {
  claimed: {
    ru: () => 'Заказ получен из ZZap',
    en: () => 'The order was received from ZZap',
  },
  created: {
    ru: ({ crmOrderId }) => `Создан заказ в RetailCRM (ID ${crmOrderId ?? ''})`,
    en: ({ crmOrderId }) => `Order created in RetailCRM (ID ${crmOrderId ?? ''})`,
  },
  adopted: {
    ru: ({ crmOrderId }) => `Заказ уже был в RetailCRM (ID ${crmOrderId ?? ''}), связан с ним`,
    en: ({ crmOrderId }) => `The order was in RetailCRM already (ID ${crmOrderId ?? ''}) and was linked`,
  },
  'parts-dropped': {
    ru: ({ parts }) => `RetailCRM не принял часть полей, заказ создан без них: ${partsText(parts, 'ru')}`,
    en: ({ parts }) =>
      `RetailCRM did not accept some fields, the order was created without: ${partsText(parts, 'en')}`,
  },
  'item-unlinked': {
    ru: ({ why }) => `Товар не связан с каталогом: ${UNLINKED[String(why)]?.ru ?? ''}`,
    en: ({ why }) => `The item is not linked to the catalogue: ${UNLINKED[String(why)]?.en ?? ''}`,
  },
  'sum-differs': {
    ru: ({ zzapKopecks, crmKopecks }) =>
      `Сумма отличается: в ZZap ${roubles(zzapKopecks)} ₽, в RetailCRM ${roubles(crmKopecks)} ₽`,
    en: ({ zzapKopecks, crmKopecks }) =>
      `The sums differ: ${roubles(zzapKopecks)} RUB at ZZap, ${roubles(crmKopecks)} RUB in RetailCRM`,
  },
  'changed-at-zzap': {
    ru: () => 'Данные заказа изменились в ZZap; заказ в RetailCRM не изменён',
    en: () => 'The order changed at ZZap; the order in RetailCRM was left as it is',
  },
  'status-changed-at-zzap': {
    ru: ({ from, to }) => `Статус в ZZap изменился: ${from ?? ''} → ${to ?? ''}`,
    en: ({ from, to }) => `The status at ZZap changed: ${from ?? ''} → ${to ?? ''}`,
  },
  refused: {
    ru: ({ why, attempt }) => `Заказ не создан (попытка ${attempt ?? ''}): ${why ?? ''}`,
    en: ({ why, attempt }) => `The order was not created (attempt ${attempt ?? ''}): ${why ?? ''}`,
  },
  unreadable: {
    ru: ({ why }) => `Строку ZZap не удалось прочитать: поле ${why ?? ''}`,
    en: ({ why }) => `ZZap's row could not be read: field ${why ?? ''}`,
  },
  'replay-requested': {
    ru: () => 'Запрошена повторная отправка',
    en: () => 'A replay was requested',
  },
};

export function traceText({ event, details = {} }: TraceEntry, language: Language): string {
  return EVENTS[event][language](details);
}

/** The list of codes of `parts-dropped` in the reader's words. */
function partsText(parts: string | number | undefined, language: Language): string {
  const words: Partial<Record<string, Readonly<Record<Language, string>>>> = PARTS;
  return String(parts ?? '')
    .split(', ')
    .map((part) => words[part]?.[language] ?? part)
    .join(', ');
}

/** Kopecks as roubles with two decimals. */
function roubles(kopecks: string | number | undefined): string {
  return (Number(kopecks ?? 0) / 100).toFixed(2);
}

const NOTHING_RUN: Texts<Extract<RunState, 'queued' | 'answered' | 'dropped'>> = {
  queued: { ru: 'Ждёт своей очереди.', en: 'Waits for its turn.' },
  answered: { ru: 'Уже сделано более поздним запуском.', en: 'Already done by a younger run.' },
  dropped: { ru: 'Подключение выключено.', en: 'The connection is off.' },
};
const GOES_ON = { ru: 'Остальное — в следующем запуске.', en: 'The rest follows in another run.' };

/** What a run did, in a sentence. A run that found nothing says so. */
export function runSummary(run: RunRecord, language: Language): string {
  switch (run.state) {
    case 'queued':
    case 'answered':
    case 'dropped':
      return NOTHING_RUN[run.state][language];
    case 'running':
      return stageText(run, language);
    case 'failed':
      return failureText(run.failure, language);
    case 'continued':
      return `${countsText(run, language)} ${GOES_ON[language]}`;
    case 'done':
      return countsText(run, language);
  }
}

function stageText({ stage, progress }: RunRecord, language: Language): string {
  const russian = language === 'ru';
  if (stage === null) return russian ? 'Выполняется.' : 'Running.';
  const far = progress ? `: ${progress.done} ${russian ? 'из' : 'of'} ${progress.total}` : '';
  return `${STAGES[stage][language]}${far}.`;
}

function failureText(failure: RunRecord['failure'], language: Language): string {
  const kind = failure?.kind ?? 'internal';
  const what = failure?.detail ? failure.detail : (FAILURES[kind]?.[language] ?? kind);
  return language === 'ru'
    ? `Запуск прерван: ${what}. Заказы не потеряны, следующий запуск продолжит.`
    : `The run stopped: ${what}. No order is lost, the next run goes on.`;
}

/** A replay settles orders that ZZap did not list: then there is something to tell although nothing was found. */
function countsText({ counts }: RunRecord, language: Language): string {
  const russian = language === 'ru';
  const sum = (by: Readonly<Partial<Record<string, number>>>) =>
    Object.values(by).reduce<number>((total, count) => total + (count ?? 0), 0);
  const parts: (readonly [string, string, number])[] = [
    ['создано', 'created', counts.created],
    ['уже было', 'already there', counts.adopted],
    ['обновлено', 'updated', counts.updated],
    ['без изменений', 'unchanged', counts.unchanged],
    ['пропущено', 'skipped', sum(counts.skipped)],
    ['требует внимания', 'need attention', sum(counts.failed)],
  ];
  const told = parts
    .filter(([, , count]) => count > 0)
    .map(([ru, en, count]) => `${russian ? ru : en} ${count}`);
  if (counts.found === 0 && told.length === 0)
    return russian ? 'В ZZap нет новых событий.' : 'ZZap has no news.';
  const found = `${russian ? 'Заказов найдено' : 'Orders found'}: ${counts.found}`;
  return told.length === 0 ? `${found}.` : `${found}; ${told.join(', ')}.`;
}

import type { RunRecord } from '../domain/run-record';
import type { TraceEntry, TraceEvent } from '../domain/trace';
import type { Language } from './language';

type Details = Readonly<Record<string, string | number>>;

const UNLINKED: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  none: { ru: 'в каталоге такого товара нет', en: 'the catalogue has no such item' },
  several: { ru: 'в каталоге таких товаров несколько', en: 'the catalogue has several such items' },
  unasked: {
    ru: 'каталог не ответил или ключу нельзя его читать',
    en: 'the catalogue did not answer or may not be read',
  },
  refused: { ru: 'RetailCRM не принял найденный товар', en: 'RetailCRM did not accept the item found' },
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
    ru: ({ parts }) => `RetailCRM не принял часть полей, заказ создан без них: ${parts ?? ''}`,
    en: ({ parts }) => `RetailCRM did not accept some fields, the order was created without: ${parts ?? ''}`,
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

/** Kopecks as roubles with two decimals. */
function roubles(kopecks: string | number | undefined): string {
  return (Number(kopecks ?? 0) / 100).toFixed(2);
}

/** What a run did, in a sentence. A run that found nothing says so. */
export function runSummary(run: RunRecord, language: Language): string {
  const russian = language === 'ru';
  if (run.state === 'queued') return russian ? 'Ждёт своей очереди.' : 'Waits for its turn.';
  if (run.state === 'answered') {
    return russian ? 'Уже сделано более поздним запуском.' : 'Already done by a younger run.';
  }
  if (run.state === 'dropped') return russian ? 'Подключение выключено.' : 'The connection is off.';
  if (run.failure) return failureText(run.failure, russian);
  const { counts } = run;
  if (counts.found === 0) return russian ? 'В ZZap нет новых событий.' : 'ZZap has no news.';
  return countsText(run, russian);
}

function failureText(failure: NonNullable<RunRecord['failure']>, russian: boolean): string {
  const what = failure.detail === '' ? failure.kind : failure.detail;
  return russian
    ? `Запуск прерван: ${what}. Заказы не потеряны, следующий запуск продолжит.`
    : `The run stopped: ${what}. No order is lost, the next run goes on.`;
}

function countsText({ counts }: RunRecord, russian: boolean): string {
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
  return `${russian ? 'Заказов найдено' : 'Orders found'}: ${counts.found}; ${told.join(', ')}.`;
}

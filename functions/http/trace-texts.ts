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

const FIELDS: Partial<Texts<string>> = {
  name: { ru: 'имя', en: 'name' },
  phone: { ru: 'телефон', en: 'phone' },
  email: { ru: 'e-mail', en: 'e-mail' },
  customerComment: { ru: 'комментарий клиента', en: 'customer comment' },
  quantity: { ru: 'количество', en: 'quantity' },
  price: { ru: 'цена', en: 'price' },
};

function fieldsText(fields: string | number | undefined, language: Language): string {
  const names = String(fields ?? '').split(', ');
  return names.map((name) => FIELDS[name]?.[language] ?? name).join(', ');
}

const STAGES: Texts<RunStage> = {
  'asking-zzap': { ru: 'Запрашивает заказы в ZZap', en: 'Asking ZZap for orders' },
  'reading-crm-changes': { ru: 'Читает изменения в RetailCRM', en: 'Reading changes in RetailCRM' },
  'creating-orders': { ru: 'Создаёт заказы в RetailCRM', en: 'Creating orders in RetailCRM' },
  'setting-statuses': { ru: 'Меняет статусы в RetailCRM', en: 'Setting statuses in RetailCRM' },
  'pushing-statuses': { ru: 'Передаёт статусы в ZZap', en: 'Sending statuses to ZZap' },
  'retrying-orders': { ru: 'Повторяет отложенные заказы', en: 'Trying orders set aside once more' },
};

/** Failures that no remote has put into words. */
const FAILURES: Partial<Texts<RunFailure>> = {
  auth: {
    ru: 'сохранённые пароль или ключ не читаются, введите их заново',
    en: 'the stored password or key cannot be read, enter them anew',
  },
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
    ru: () => 'Данные заказа изменились в ZZap',
    en: () => 'The order changed at ZZap',
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
  'fields-updated': {
    ru: ({ fields }) => `Данные изменились в ZZap; в RetailCRM обновлено: ${fieldsText(fields, 'ru')}`,
    en: ({ fields }) => `ZZap changed the order; updated in RetailCRM: ${fieldsText(fields, 'en')}`,
  },
  'fields-kept': {
    ru: ({ fields }) => `Изменено в RetailCRM вручную и поэтому оставлено: ${fieldsText(fields, 'ru')}`,
    en: ({ fields }) => `Changed in RetailCRM by somebody and therefore kept: ${fieldsText(fields, 'en')}`,
  },
  'update-refused': {
    ru: ({ fields, why }) => `RetailCRM не принял изменения (${fieldsText(fields, 'ru')}): ${why ?? ''}`,
    en: ({ fields, why }) =>
      `RetailCRM did not accept the changes (${fieldsText(fields, 'en')}): ${why ?? ''}`,
  },
  'crm-status-set': {
    ru: ({ zzapStatus, crmStatus }) =>
      `Статус ZZap ${zzapStatus ?? ''} передан: в RetailCRM теперь «${crmStatus ?? ''}»`,
    en: ({ zzapStatus, crmStatus }) =>
      `ZZap's status ${zzapStatus ?? ''} travelled: RetailCRM has “${crmStatus ?? ''}” now`,
  },
  'status-unmapped': {
    ru: ({ zzapStatus, crmStatus }) =>
      `Статус ${zzapStatus ?? crmStatus ?? ''} ни с чем не сопоставлен и не передаётся`,
    en: ({ zzapStatus, crmStatus }) =>
      `The status ${zzapStatus ?? crmStatus ?? ''} has no counterpart and does not travel`,
  },
  'crm-order-gone': {
    ru: () => 'Заказ удалён в RetailCRM: он не создаётся заново и не меняется',
    en: () => 'The order was deleted in RetailCRM: it is neither created again nor changed',
  },
  'push-wanted': {
    ru: ({ crmStatus, zzapStatus }) =>
      `Статус «${crmStatus ?? ''}» ждёт отправки в ZZap (${zzapStatus ?? ''})`,
    en: ({ crmStatus, zzapStatus }) =>
      `The status “${crmStatus ?? ''}” waits to be sent to ZZap (${zzapStatus ?? ''})`,
  },
  'push-cancelled': {
    ru: () => 'Отправка статуса отменена: в ZZap уже нужный статус',
    en: () => 'The push was cancelled: ZZap has the wanted status already',
  },
  'push-dropped': {
    ru: () => 'Отправка статуса отменена: передача статусов в ZZap выключена',
    en: () => 'The push was dropped: statuses no longer go to ZZap',
  },
  'push-sent': {
    ru: ({ zzapStatus, attempt }) =>
      `Статус ${zzapStatus ?? ''} отправляется в ZZap (попытка ${attempt ?? ''})`,
    en: ({ zzapStatus, attempt }) =>
      `The status ${zzapStatus ?? ''} is being sent to ZZap (attempt ${attempt ?? ''})`,
  },
  'push-unanswered': {
    ru: () => 'ZZap не ответил: перед повтором модуль проверит, применился ли статус',
    en: () => 'ZZap did not answer: before repeating the module checks whether it took effect',
  },
  'push-confirmed': {
    ru: ({ zzapStatus }) => `В ZZap установлен статус ${zzapStatus ?? ''}`,
    en: ({ zzapStatus }) => `ZZap has the status ${zzapStatus ?? ''} now`,
  },
  'push-rejected': {
    ru: ({ zzapStatus, why }) => `ZZap не принял статус ${zzapStatus ?? ''}: ${why ?? ''}`,
    en: ({ zzapStatus, why }) => `ZZap did not accept the status ${zzapStatus ?? ''}: ${why ?? ''}`,
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
    ['статусов передано в ZZap', 'statuses sent to ZZap', counts.pushed],
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

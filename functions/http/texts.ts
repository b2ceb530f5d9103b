import type { Language } from './language';

type Text = Readonly<Record<Language, string>>;

/**
 * Every sentence the API says, by code. `{name}` is filled from the problem's parameters. A test holds that each
 * code the module can answer has both languages.
 */
export const TEXTS: Readonly<Record<string, Text>> = {
  // Titles
  'request-refused': { ru: 'Данные не приняты', en: 'The data was not accepted' },
  'not-found': { ru: 'Не найдено', en: 'Not found' },
  conflict: { ru: 'Изменение не применено', en: 'The change was not applied' },
  'remote-problem': {
    ru: 'Внешняя система не отвечает как нужно',
    en: 'A remote system does not answer as it should',
  },
  internal: { ru: 'Внутренняя ошибка', en: 'Internal error' },

  // Whole requests
  'body-invalid': {
    ru: 'Проверьте отмеченные поля. Ничего не сохранено.',
    en: 'Check the marked fields. Nothing was saved.',
  },
  'check-failed': {
    ru: 'Проверьте отмеченные поля. Ничего не сохранено.',
    en: 'Check the marked fields. Nothing was saved.',
  },
  'mapping-refused': {
    ru: 'Соответствие статусов не сохранено: исправьте отмеченные строки.',
    en: 'The status mapping was not saved: correct the marked rows.',
  },
  'malformed-json': { ru: 'Тело запроса — не JSON.', en: 'The request body is not JSON.' },
  'wrong-media-type': {
    ru: 'Тело запроса должно быть в формате application/json.',
    en: 'The request body must be application/json.',
  },
  'body-too-large': { ru: 'Тело запроса слишком велико.', en: 'The request body is too large.' },
  'route-not-found': { ru: 'Такого адреса нет.', en: 'There is no such address.' },
  'foreign-origin': {
    ru: 'Запрос пришёл с чужой страницы или на чужой адрес и отклонён.',
    en: 'The request came from a foreign page or to a foreign host and was refused.',
  },
  'internal-error': {
    ru: 'Что-то сломалось у нас. Данные не потеряны; повторите запрос чуть позже.',
    en: 'Something broke on our side. No data is lost; repeat the request a little later.',
  },
  'stale-version': {
    ru: 'Настройки тем временем изменил кто-то другой. Загрузите их заново и повторите изменение.',
    en: 'Somebody else changed the settings meanwhile. Load them again and repeat your change.',
  },

  // Accounts
  'account-not-found': { ru: 'Такого аккаунта RetailCRM нет.', en: 'There is no such RetailCRM account.' },
  'account-exists': {
    ru: 'Этот RetailCRM уже подключён.',
    en: 'This RetailCRM is connected already.',
  },
  'account-has-connections': {
    ru: 'Сначала удалите подключения этого аккаунта, например «{name}».',
    en: 'Remove the connections of this account first, for example “{name}”.',
  },
  'crm-url-malformed': {
    ru: 'Укажите адрес целиком, например https://shop.retailcrm.ru',
    en: 'Give the whole address, for example https://shop.retailcrm.ru',
  },
  'crm-url-not-retailcrm': {
    ru: 'Это не адрес RetailCRM: нужен https://<имя>.retailcrm.ru без порта и пути.',
    en: 'This is no RetailCRM address: https://<name>.retailcrm.ru without port and path is needed.',
  },
  'crm-url-fixed': {
    ru: 'Адрес изменить нельзя: в другом RetailCRM другие заказы. Добавьте новый аккаунт.',
    en: 'The address cannot be changed: another RetailCRM has other orders. Add a new account.',
  },
  'crm-account-not-found': {
    ru: 'По этому адресу нет RetailCRM.',
    en: 'There is no RetailCRM at this address.',
  },
  'crm-key-refused': { ru: 'RetailCRM отклонил API-ключ.', en: 'RetailCRM rejected the API key.' },
  'crm-scopes-missing': {
    ru: 'API-ключу не хватает прав: {scopes}. Добавьте их в настройках ключа в RetailCRM.',
    en: 'The API key lacks rights: {scopes}. Add them in the settings of the key in RetailCRM.',
  },
  'retailcrm-unavailable': {
    ru: 'RetailCRM сейчас не отвечает. Ничего не сохранено; повторите позже. ({detail})',
    en: 'RetailCRM does not answer now. Nothing was saved; try again later. ({detail})',
  },
  'retailcrm-refuses': {
    ru: 'RetailCRM отвечает не так, как ожидалось: {detail}',
    en: 'RetailCRM answers otherwise than expected: {detail}',
  },

  // The module in RetailCRM
  'module-not-offered': {
    ru: 'Подключение в один клик здесь не настроено. Подключите RetailCRM по адресу и API-ключу.',
    en: 'Connecting in one click is not set up here. Connect RetailCRM by address and API key.',
  },
  'module-token-refused': {
    ru: 'Подпись запроса неверна: он пришёл не из маркетплейса RetailCRM.',
    en: 'The signature is wrong: the request does not come from the marketplace of RetailCRM.',
  },
  'module-request-unreadable': {
    ru: 'Запрос RetailCRM не удалось разобрать.',
    en: 'The request of RetailCRM could not be read.',
  },
  'module-client-unknown': {
    ru: 'Такого подключения модуля нет. Подключите модуль заново.',
    en: 'There is no such installation of the module. Connect the module anew.',
  },
  'module-late': {
    ru: 'RetailCRM отвечает слишком долго. Повторите через минуту.',
    en: 'RetailCRM takes too long to answer. Try again in a minute.',
  },
  'module-frozen': {
    ru: 'RetailCRM приостановил модуль, например из-за оплаты. Возобновите его в RetailCRM.',
    en: 'RetailCRM has frozen the module, for example because of payment. Resume it in RetailCRM.',
  },

  // Connections
  'connection-not-found': { ru: 'Такого подключения нет.', en: 'There is no such connection.' },
  'connection-not-active': {
    ru: 'Подключение не работает (состояние: {state}). Сначала включите его.',
    en: 'The connection is not running (state: {state}). Switch it on first.',
  },
  'site-taken': {
    ru: 'Магазин «{value}» уже занят подключением «{connectionName}»: один магазин — один кабинет ZZap.',
    en: 'The store “{value}” already belongs to the connection “{connectionName}”: one store, one ZZap account.',
  },
  'login-taken': {
    ru: 'Кабинет ZZap «{value}» уже подключён в «{connectionName}»: один кабинет ZZap — один магазин.',
    en: 'The ZZap account “{value}” is already connected in “{connectionName}”: one ZZap account, one store.',
  },
  'being-saved': {
    ru: 'Этот магазин или логин сейчас сохраняет кто-то другой. Повторите через несколько минут.',
    en: 'Somebody else is saving this store or login right now. Try again in a few minutes.',
  },
  'site-unknown': { ru: 'В RetailCRM нет магазина «{site}».', en: 'RetailCRM has no store “{site}”.' },
  'site-not-allowed': {
    ru: 'API-ключу не открыт магазин «{site}».',
    en: 'The API key has no access to the store “{site}”.',
  },
  'api-changes-need-crm-to-zzap': {
    ru: '«Обработка изменений через API» доступна, только когда статусы передаются из RetailCRM в ZZap.',
    en: '“Process changes via API” is available only when statuses go from RetailCRM to ZZap.',
  },
  'zzap-login-refused': { ru: 'ZZap отклонил логин: {detail}', en: 'ZZap rejected the login: {detail}' },
  'zzap-password-refused': {
    ru: 'ZZap отклонил пароль: {detail}',
    en: 'ZZap rejected the password: {detail}',
  },
  'zzap-key-refused': { ru: 'ZZap отклонил ключ API: {detail}', en: 'ZZap rejected the API key: {detail}' },
  'zzap-credentials-refused': {
    ru: 'ZZap отклонил логин, пароль или ключ API и не сказал, что именно: {detail}',
    en: 'ZZap rejected login, password or API key without telling which: {detail}',
  },
  'not-signed-in': { ru: 'Вход не выполнен', en: 'Not signed in' },
  'sign-in-first': {
    ru: 'Войдите, чтобы открыть настройки. Ничего не изменено.',
    en: 'Sign in to open the settings. Nothing was changed.',
  },
  'stored-secret-unreadable': {
    ru: 'Сохранённый пароль или ключ не читается: ключ шифрования этой установки утрачен. Заказы целы; введите пароль и ключи заново.',
    en: 'The stored password or key cannot be read: this installation has lost its encryption key. No order is lost; enter the password and keys anew.',
  },
  'zzap-unavailable': {
    ru: 'ZZap сейчас не отвечает. Ничего не сохранено; повторите позже. ({detail})',
    en: 'ZZap does not answer now. Nothing was saved; try again later. ({detail})',
  },
  'zzap-refuses': {
    ru: 'ZZap отвечает не так, как ожидалось: {detail}',
    en: 'ZZap answers otherwise than expected: {detail}',
  },

  // Mapping
  'status-used-twice': {
    ru: 'Статус «{status}» уже выбран в строке {firstRow}.',
    en: 'The status “{status}” is already used in row {firstRow}.',
  },
  'status-unknown': {
    ru: 'Статуса «{status}» больше нет.',
    en: 'The status “{status}” does not exist any more.',
  },
  'status-inactive': {
    ru: 'Статус «{status}» выключен в RetailCRM. Включите его или выберите другой.',
    en: 'The status “{status}” is switched off in RetailCRM. Switch it on or choose another one.',
  },
  'dictionary-unavailable': {
    ru: '{remote} сейчас не отвечает ({detail}).',
    en: '{remote} does not answer now ({detail}).',
  },
  'dictionary-too-often': {
    ru: '{remote} временно не принимает запросы: их слишком много ({detail}).',
    en: '{remote} takes no requests for a while: there were too many ({detail}).',
  },
  'dictionary-access-refused': {
    ru: '{remote} не принимает ключ или пароль подключения: {detail}',
    en: '{remote} does not accept the key or password of the connection: {detail}',
  },
  'dictionary-unreadable': {
    ru: '{remote} отвечает не так, как ожидалось: {detail}',
    en: '{remote} answers otherwise than expected: {detail}',
  },
  'dictionary-late': {
    ru: '{remote} занят другими запросами модуля или отвечает слишком медленно. Обновите справочники чуть позже.',
    en: '{remote} is busy with other requests of the module or answers too slowly. Refresh a little later.',
  },
  'dictionary-not-asked': {
    ru: 'Подключение приостановлено: {remote} не принимает ключ или пароль. Сохраните новые, чтобы обновить справочник.',
    en: 'The connection is suspended: {remote} does not accept the key or password. Save new ones to refresh.',
  },
  'finding-unmapped-in-use': {
    ru: 'Статус {remote} «{name}» есть у заказов ({count}), но ни с чем не сопоставлен и не передаётся.',
    en: 'Orders ({count}) have the {remote} status “{name}”, but it is not mapped and does not travel.',
  },
  'finding-vanished': {
    ru: 'Сопоставленного статуса «{code}» в {remote} больше нет. Удалите строку или выберите другой статус.',
    en: '{remote} does not have the mapped status “{code}” any more. Remove the row or choose another status.',
  },
  'finding-inactive': {
    ru: 'Сопоставленный статус «{name}» выключен в RetailCRM.',
    en: 'The mapped status “{name}” is switched off in RetailCRM.',
  },
  'finding-never-used': {
    ru: 'Статусы сопоставлены, но направление передачи не выбрано: сопоставление не используется.',
    en: 'Statuses are mapped, but no direction is chosen: the mapping is not used.',
  },
  'finding-similar': {
    ru: 'Названия похожи: «{crmName}» в RetailCRM и «{zzapName}» в ZZap. Возможно, это одна пара.',
    en: 'The names are alike: “{crmName}” in RetailCRM and “{zzapName}” at ZZap. They may be a pair.',
  },

  // Preview
  'preview-needs-store': {
    ru: 'Сначала выберите магазин RetailCRM, в который пойдут заказы. Ничего не изменено.',
    en: 'First choose the RetailCRM store that the orders go to. Nothing was changed.',
  },
  'preview-suspended': {
    ru: 'Подключение приостановлено: ключ или пароль не принят. Сохраните новые. Ничего не изменено.',
    en: 'The connection is suspended: a key or password is not accepted. Save new ones. Nothing was changed.',
  },
  'preview-late': {
    ru: 'ZZap или RetailCRM отвечает слишком медленно. Ничего не изменено; повторите чуть позже.',
    en: 'ZZap or RetailCRM answers too slowly. Nothing was changed; try again a little later.',
  },
  'preview-summary': {
    ru: 'Заказов найдено: {found}; будет создано {wouldCreate}, уже есть {alreadyThere}, старше даты начала {tooOld}, требует внимания {attention}. Ничего не изменено.',
    en: 'Orders found: {found}; would be created {wouldCreate}, already there {alreadyThere}, before the start date {tooOld}, need attention {attention}. Nothing was changed.',
  },
  'preview-at-least': { ru: 'не менее {found}', en: 'at least {found}' },

  // Journal and orders
  'run-not-found': { ru: 'Такого запуска нет.', en: 'There is no such run.' },
  'order-not-found': { ru: 'Этот заказ модулю не встречался.', en: 'The module has not seen this order.' },
  'order-needs-no-replay': {
    ru: 'Заказ не требует внимания: повторять нечего.',
    en: 'The order needs no attention: there is nothing to repeat.',
  },

  // Fields
  required: { ru: 'Заполните поле.', en: 'Fill in this field.' },
  'wrong-type': { ru: 'Значение не того вида.', en: 'The value is of the wrong kind.' },
  'not-allowed': { ru: 'Недопустимое значение.', en: 'This value is not allowed.' },
  'too-long': { ru: 'Слишком длинное значение.', en: 'The value is too long.' },
  'unknown-field': { ru: 'Такого поля нет.', en: 'There is no such field.' },
  'date-malformed': {
    ru: 'Укажите дату, например 2026-11-23.',
    en: 'Give a date, for example 2026-11-23.',
  },
};

/** The sentence for a code. An unknown code answers with itself rather than with nothing. */
export function textOf(
  code: string,
  language: Language,
  params: Readonly<Record<string, string | number>> = {},
): string {
  const template = TEXTS[code]?.[language] ?? code;
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

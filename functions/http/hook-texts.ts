import type { Connection } from '../domain/connection';
import { hookPath, type HookSystem } from './hook-paths';
import type { Language } from './language';

type Lines = Readonly<Record<Language, readonly string[]>>;

/**
 * The two addresses to paste and how; null without a readable secret. `secret` is the connection's own; `base` ends
 * without a slash.
 */
export function presentHooks(
  connection: Connection,
  secret: string | null,
  base: string,
  language: Language,
) {
  if (secret === null) return { hooks: null, hookInstructions: null };
  const url = (system: HookSystem) => `${base}${hookPath(system, connection.connectionId, secret)}`;
  const hooks = { retailcrm: url('retailcrm'), zzap: url('zzap') };
  const told = (lines: Lines) => lines[language].join('\n');
  return {
    hooks,
    hookInstructions: {
      retailcrm: told(retailcrmLines(hooks.retailcrm, conditionOf(connection))),
      zzap: told(zzapLines(hooks.zzap)),
    },
  };
}

/** Changes made through the API would only be filtered out again while they do not travel. */
function conditionOf({ includeApiChanges }: Connection): string {
  const changed = 'changeSet.hasChangedField("status")';
  return includeApiChanges ? changed : `${changed} and not changeSet.hasChangesWithSource("api")`;
}

const PARAMETERS = ['id={{ order.id }}', 'externalId={{ order.externalId }}', 'site={{ order.site.code }}'];

// Plain text on purpose: what is copied stands on a line of its own, without marks that would be copied along.
function retailcrmLines(url: string, condition: string): Lines {
  return {
    ru: [
      'Чтобы смена статуса в RetailCRM попадала в ZZap за секунды, а не при следующей синхронизации:',
      '1. В RetailCRM откройте Автоматизация → Триггеры и добавьте триггер.',
      '2. Событие: Изменение заказа',
      '3. Условие:',
      condition,
      '4. Действие: Выполнить HTTP-запрос',
      '5. Адрес (URL):',
      url,
      '6. Метод: POST',
      '7. Передавать параметры: В теле запроса (urlencode)',
      '8. Параметры (слева от знака равенства имя, справа значение):',
      ...PARAMETERS,
      '9. Сохраните и включите триггер.',
      'Адрес заменяет пароль: не показывайте его посторонним.',
    ],
    en: [
      'To make a status change in RetailCRM reach ZZap in seconds instead of at the next synchronisation:',
      '1. In RetailCRM open Automation → Triggers (Автоматизация → Триггеры) and add a trigger.',
      '2. Event: Order change (Изменение заказа)',
      '3. Condition:',
      condition,
      '4. Action: HTTP request (Выполнить HTTP-запрос)',
      '5. Address (URL):',
      url,
      '6. Method: POST',
      '7. Pass parameters: in the request body (urlencode)',
      '8. Parameters (the name stands left of the equals sign, the value right of it):',
      ...PARAMETERS,
      '9. Save the trigger and switch it on.',
      'The address works like a password: do not show it to others.',
    ],
  };
}

function zzapLines(url: string): Lines {
  return {
    ru: [
      'Чтобы новые заказы ZZap появлялись в RetailCRM сразу, а не при следующей синхронизации:',
      '1. В кабинете ZZap откройте Данные аккаунта → Услуги магазина → Заказы.',
      '2. Вставьте адрес, на который ZZap сообщает о заказах:',
      url,
      '3. Сохраните.',
      'Адрес заменяет пароль: не показывайте его посторонним.',
    ],
    en: [
      'To see new ZZap orders in RetailCRM at once instead of at the next synchronisation:',
      '1. In the ZZap cabinet open Account data → Store services → Orders (Данные аккаунта → Услуги магазина → Заказы).',
      '2. Paste the address that ZZap tells about orders:',
      url,
      '3. Save.',
      'The address works like a password: do not show it to others.',
    ],
  };
}

import type { Outage } from '../domain/outage';
import type { Remote, RemoteErrorKind } from '../domain/remote-error';
import type { Language } from './language';

const NAMES: Readonly<Record<Remote, string>> = { zzap: 'ZZap', retailcrm: 'RetailCRM' };

const KINDS: Readonly<Record<RemoteErrorKind, Readonly<Record<Language, string>>>> = {
  auth: { ru: 'отказывает в доступе', en: 'refuses access' },
  'rate-limited': { ru: 'просит обращаться реже', en: 'asks to be called less often' },
  invalid: { ru: 'не принимает запрос', en: 'does not accept the request' },
  'not-found': { ru: 'не находит запрошенное', en: 'does not find what was asked for' },
  unavailable: { ru: 'не отвечает', en: 'does not answer' },
  'unexpected-body': { ru: 'отвечает не тем, что ожидалось', en: 'answers something unexpected' },
};

/** What stops the runs of a connection, that nothing is lost, and that nobody has to do anything yet. */
export function outageText({ remote, kind }: Outage, language: Language): string {
  const what = `${NAMES[remote]} ${KINDS[kind][language]}`;
  return language === 'ru'
    ? `${what}. Заказы и статусы не потеряны: модуль повторит попытку сам.`
    : `${what}. No order or status is lost: the module tries again by itself.`;
}

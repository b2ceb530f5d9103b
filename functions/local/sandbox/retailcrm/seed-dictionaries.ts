import type { Dictionaries, Dictionary, Entry } from './dictionaries';

function book(entries: readonly Entry[]): Dictionary {
  return Object.fromEntries(entries.map((entry) => [entry.code, entry]));
}

type StatusSeed = readonly [code: string, name: string, group: string, active?: boolean];

/** The codes of a new account (`delyvery` is really spelt so), one switched off and one that looks like a number. */
const STATUSES: readonly StatusSeed[] = [
  ['new', 'Новый', 'new'],
  ['availability-confirmed', 'Наличие подтверждено', 'approval'],
  ['offer-analog', 'Предложить замену', 'approval'],
  ['client-confirmed', 'Согласовано с клиентом', 'approval'],
  ['prepayed', 'Предоплата поступила', 'approval'],
  ['waiting-for-call', 'Ждёт звонка', 'approval', false],
  ['send-to-assembling', 'Передано в комплектацию', 'assembling'],
  ['assembling', 'Комплектуется', 'assembling'],
  ['assembling-complete', 'Укомплектован', 'assembling'],
  ['3', 'Отложен на складе <3 дней', 'assembling'],
  ['send-to-delivery', 'Передан в доставку', 'delivery'],
  ['delivering', 'Доставляется', 'delivery'],
  ['redirect', 'Доставка перенесена', 'delivery'],
  ['delivered', 'Доставлен', 'delivery'],
  ['complete', 'Выполнен', 'complete'],
  ['cancel-other', 'Отменен', 'cancel'],
  ['no-call', 'Недозвон', 'cancel'],
  ['no-product', 'Нет в наличии', 'cancel'],
  ['already-buyed', 'Купил в другом месте', 'cancel'],
  ['delyvery-did-not-suit', 'Не устроила доставка', 'cancel'],
  ['prices-did-not-suit', 'Не устроила цена', 'cancel'],
];

const GROUPS: readonly (readonly [code: string, name: string, process: boolean])[] = [
  ['new', 'Новый', true],
  ['approval', 'Согласование', true],
  ['assembling', 'Комплектация', true],
  ['delivery', 'Доставка', true],
  ['complete', 'Выполнен', false],
  ['cancel', 'Отменен', false],
];

const statuses = book(
  STATUSES.map(([code, name, group, active = true], index) => ({
    code,
    name,
    active,
    ordering: (index + 1) * 10,
    group,
  })),
);

const statusGroups = book(
  GROUPS.map(([code, name, process], index) => ({
    code,
    name,
    active: true,
    ordering: (index + 1) * 10,
    process,
  })),
);

const method = (code: string, name: string, more: Readonly<Record<string, unknown>> = {}): Entry => ({
  code,
  name,
  active: true,
  defaultForCrm: false,
  defaultForApi: false,
  isFromPos: false,
  ...more,
});

const orderMethods = book([
  method('phone', 'По телефону', { defaultForCrm: true }),
  method('shopping-cart', 'Через корзину', { defaultForApi: true }),
  method('one-click', 'В один клик'),
  method('1', 'Заказ <b>"1С"</b> & Ко — тест'),
  method('offline', 'Офлайн', { active: false }),
]);

const site = (code: string, name: string, ordering: number): Entry => ({
  code,
  name,
  url: `https://${code}.example`,
  currency: 'RUB',
  ordering,
  defaultForCrm: ordering === 10,
  isDemo: false,
  isCatalogMainSite: ordering === 10,
  catalogId: ordering / 10,
});

const payable = { defaultForCrm: false, defaultForApi: false, deliveryTypes: [], paymentStatuses: [] };

const productStatuses = book([
  { code: 'new', name: 'Новый', active: true, ordering: 10, cancelStatus: false },
  { code: 'in-reserve', name: 'В резерве', active: true, ordering: 20, cancelStatus: false },
  {
    code: 'sale',
    name: 'Продан',
    active: true,
    ordering: 30,
    cancelStatus: false,
    orderStatusForProductStatus: 'complete',
  },
  {
    code: 'cancel',
    name: 'Отменен',
    active: true,
    ordering: 40,
    cancelStatus: true,
    orderStatusForProductStatus: 'cancel-other',
  },
]);

/** An account as the sandbox starts it: two stores and the default reference books with their Russian names. */
export const SEED_DICTIONARIES: Dictionaries = {
  sites: book([site('auto', 'Автозапчасти', 10), site('moto', 'Мотозапчасти', 20)]),
  statuses,
  statusGroups,
  orderMethods,
  orderTypes: book([
    {
      code: 'eshop-individual',
      name: 'Физ. лицо',
      active: true,
      defaultForCrm: true,
      defaultForApi: true,
      ordering: 10,
    },
    {
      code: 'eshop-legal',
      name: 'Юр. лицо',
      active: true,
      defaultForCrm: false,
      defaultForApi: false,
      ordering: 20,
    },
  ]),
  priceTypes: book([
    { id: 1, code: 'base', name: 'Базовая', active: true, default: true, currency: 'RUB', ordering: 10 },
    {
      id: 2,
      code: 'wholesale',
      name: 'Оптовая',
      active: true,
      default: false,
      currency: 'RUB',
      ordering: 20,
    },
  ]),
  paymentTypes: book([
    { code: 'cash', name: 'Наличные', active: true, ...payable, defaultForCrm: true },
    { code: 'bank-card', name: 'Банковская карта', active: true, ...payable },
    { code: 'bank-transfer', name: 'Банковский перевод', active: true, ...payable },
  ]),
  paymentStatuses: book([
    { code: 'not-paid', name: 'Не оплачен', active: true, ordering: 10, paymentComplete: false },
    { code: 'paid', name: 'Оплачен', active: true, ordering: 20, paymentComplete: true },
  ]),
  deliveryTypes: book([
    {
      code: 'self-delivery',
      name: 'Самовывоз',
      active: true,
      defaultCost: 0,
      defaultNetCost: 0,
      sites: ['auto', 'moto'],
    },
    {
      code: 'courier',
      name: 'Доставка курьером',
      active: true,
      defaultCost: 300,
      defaultNetCost: 200,
      sites: ['auto'],
    },
  ]),
  productStatuses,
  customFields: book([
    { code: 'zzap_number', name: 'Номер заказа ZZap' },
    { code: 'vin', name: 'VIN' },
  ]),
};

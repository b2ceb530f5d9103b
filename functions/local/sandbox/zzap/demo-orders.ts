import type { RawRow } from './orders';

/** Invented buyers: +7 (900) 000-00-NN is nobody's number, `.test` is nobody's domain. The odd ones are meant to be odd. */
const BUYERS: readonly { name: string; phone: string; email: string }[] = [
  { name: 'Иван Петров', phone: '+7 (900) 000-00-01', email: 'petrov@example.test' },
  { name: 'Смирнова Ольга Викторовна', phone: '+7 (900) 000-00-02', email: 'o.smirnova@example.test' },
  { name: 'ООО "Рога & Копыта"', phone: '+7 (900) 000-00-03', email: 'zakaz@example.test' },
  { name: 'Анна', phone: '', email: 'anna@example.test' },
  { name: 'Сергей <Гараж 12>', phone: '89000000005', email: '' },
  { name: 'Мария 🚗 Кузнецова', phone: '+7 (900) 000-00-06', email: 'm.kuznetsova@example.test' },
  { name: '', phone: '+7 (900) 000-00-07', email: 'bez-imeni@example.test' },
  { name: "ИП Д'Артаньян А. О.", phone: '8 900 000 00 08', email: 'Dartagnan@Example.Test' },
  { name: 'Алексей Соколов', phone: '+7 (900) 000-00-09', email: 'sokolov@example.test' },
  { name: 'Екатерина Волкова', phone: '+7 (900) 000-00-10', email: 'volkova@example.test' },
  { name: 'Дмитрий Лебедев', phone: '+79000000011', email: 'lebedev@example.test' },
];

/** `kopecks`: price of one piece. */
const PARTS: readonly { brand: string; article: string; title: string; kopecks: number }[] = [
  { brand: 'MANN-FILTER', article: 'W 712/95', title: 'Фильтр масляный', kopecks: 84_550 },
  { brand: 'BOSCH', article: '0 986 494 294', title: 'Колодки тормозные передние', kopecks: 412_399 },
  { brand: 'NGK', article: 'BKR6E-11', title: 'Свеча зажигания', kopecks: 31_007 },
  { brand: 'KYB', article: '339247', title: 'Амортизатор передний правый', kopecks: 689_000 },
  { brand: 'GATES', article: 'K015578XS', title: 'Комплект ГРМ', kopecks: 1_145_025 },
  { brand: 'LEMFÖRDER', article: '25858-01', title: 'Рычаг подвески', kopecks: 763_410 },
  { brand: 'TOYOTA', article: '90915-YZZD4', title: 'Фильтр масляный <оригинал>', kopecks: 118_990 },
  { brand: 'SACHS', article: '3000 951 210', title: 'Сцепление, к-т «3 в 1»', kopecks: 1_830_001 },
  { brand: 'FEBI', article: '26155', title: 'Антифриз 1,5 л', kopecks: 72_640 },
  { brand: 'DENSO', article: 'DCP17045', title: 'Компрессор кондиционера', kopecks: 2_999_999 },
  { brand: 'VAG', article: '1K0 615 301 AA', title: 'Диск тормозной', kopecks: 540_305 },
  { brand: 'Hyundai / KIA', article: '28113-2S000', title: 'Фильтр воздушный', kopecks: 66_666 },
  { brand: 'LUKOIL', article: '3148675', title: 'Масло "Genesis" 5W-40 & присадка', kopecks: 259_900 },
];

const COMMENTS = [
  '',
  'Нужен чек',
  'Позвоните после 18:00 & до 21:00',
  'VIN WVWZZZ1KZ6W000000, подойдёт?',
  '',
  'Нужно <срочно> 🙏',
];
const STOCK: readonly (string | number)[] = ['В наличии', 7, 'Есть', 'Заказ', '12', -1];
const PRICE_LISTS = ['Склад Москва', 'Склад «Юг»', 'Под заказ 3-5 дней'];

const pick = <T>(list: readonly T[], index: number): T => {
  const value = list[index % list.length];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
};

/**
 * The row of the index-th demo order, the same for the same index. List lengths share no factor where it matters, so
 * buyers, parts and quantities meet in ever new pairs.
 */
export function demoRow(index: number): RawRow {
  const buyer = pick(BUYERS, index);
  const part = pick(PARTS, index);
  const comment = pick(COMMENTS, index);
  const quantity = 1 + (Math.floor(index / 3) % 4);
  return {
    class_man: part.brand,
    logopath: 'https://img.zzap.example/logo/30x30.png',
    partnumber: part.article,
    class_cat: part.title,
    imagepath: '',
    imagepathV2: index % 2 === 0 ? [] : ['https://img.zzap.example/part/60x60.jpg'],
    qty_order: index % 5 === 4 ? String(quantity) : quantity,
    qty: pick(STOCK, index),
    comment,
    message: comment,
    priceV2: part.kopecks / 100,
    delivery_days: index % 6,
    client_name: buyer.name,
    client_phone: buyer.phone,
    client_email: buyer.email,
    class_template: pick(PRICE_LISTS, index),
  };
}

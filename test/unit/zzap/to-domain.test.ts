import fc from 'fast-check';
import type { MarketplaceOrder } from '../../../functions/domain/marketplace-order';
import { toListedRow, toStatus } from '../../../functions/zzap/to-domain';

const ROW = {
  code_order: 512000101,
  create_date: '2026-11-20T14:05:31.27',
  class_man: 'MANN-FILTER',
  logopath: 'https://img.example/30.png',
  partnumber: 'W 712/95',
  class_cat: 'Фильтр масляный',
  qty_order: 2,
  qty: 'В наличии',
  priceV2: 845.5,
  delivery_days: 1,
  code_track: 10,
  client_name: 'Тест Покупатель',
  client_phone: '+7 (900) 000-00-01',
  client_email: 'buyer1@example.test',
  comment: 'Нужен чек',
};

function orderOf(changes: Record<string, unknown>, template?: string): MarketplaceOrder {
  const listed = toListedRow({ ...ROW, ...changes }, template);
  if (listed.kind !== 'order') throw new Error(`unreadable: ${listed.row.problem}`);
  return listed.order;
}

/** The row as JSON carries it: what is undefined is not there. */
const without = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, undefined]));

describe('a row of GetSellerOrdersV3', () => {
  it('is an order with every fact the module uses', () => {
    const order = orderOf({ message: 'Перезвоните', class_track: 'Новый', class_template: 'Склад Москва' });

    expect(order).toEqual({
      code: '512000101',
      createdAtMs: Date.UTC(2026, 10, 20, 11, 5, 31, 270),
      part: { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' },
      quantity: 2,
      priceKopecks: 84_550,
      statusCode: 10,
      statusName: 'Новый',
      buyer: { name: 'Тест Покупатель', phone: '+7 (900) 000-00-01', email: 'buyer1@example.test' },
      comment: 'Нужен чек',
      message: 'Перезвоните',
      deliveryDays: 1,
      priceList: 'Склад Москва',
      fingerprint: expect.stringMatching(/^[\w-]{11}$/) as string,
      contentFingerprint: expect.stringMatching(/^[\w-]{11}$/) as string,
    });
  });

  it('needs nothing but number, quantity, price and status', () => {
    const listed = toListedRow({ code_order: 7, qty_order: 1, priceV2: 0, code_track: 10 }, undefined);

    expect(listed).toMatchObject({
      kind: 'order',
      order: {
        code: '7',
        createdAtMs: null,
        part: { brand: '', number: '', name: '' },
        quantity: 1,
        priceKopecks: 0,
        buyer: {},
      },
    });
    expect(Object.keys((listed as { order: object }).order).sort()).toEqual([
      'buyer',
      'code',
      'contentFingerprint',
      'createdAtMs',
      'fingerprint',
      'part',
      'priceKopecks',
      'quantity',
      'statusCode',
    ]);
  });

  it.each<[string, Record<string, unknown>, Partial<MarketplaceOrder>]>([
    ['a quantity as text', { qty_order: '3' }, { quantity: 3 }],
    ['a quantity as text with a comma', { qty_order: ' 1,5 ' }, { quantity: 1.5 }],
    ['a quantity with its unit', { qty_order: '9 шт.' }, { quantity: 9 }],
    ['a number as text', { code_order: '512000101' }, { code: '512000101' }],
    ['a number with zeros before it', { code_order: '000512' }, { code: '512' }],
    ['a status as text', { code_track: '20' }, { statusCode: 20 }],
    ['a negative status', { code_track: -1 }, { statusCode: -1 }],
    ['a price as text', { priceV2: '845.50' }, { priceKopecks: 84_550 }],
    ['a price with a comma', { priceV2: '1 234,5' }, { priceKopecks: 123_450 }],
    ['a price that is noisy', { priceV2: 60.17310053999999 }, { priceKopecks: 6_017 }],
    ['the old price beside the new one', { price: '999р.' }, { priceKopecks: 84_550 }],
    ['the old price alone', { ...without('priceV2'), price: '144р.' }, { priceKopecks: 14_400 }],
    ['the old price, the new one null', { priceV2: null, price: '1 234р.' }, { priceKopecks: 123_400 }],
    ['the old price, the new one empty', { priceV2: '', price: '1 234р.' }, { priceKopecks: 123_400 }],
    [
      'the old price, the new one blank',
      { priceV2: ' ', price: '1\u00a0234 руб.' },
      { priceKopecks: 123_400 },
    ],
    ['the old price with kopecks', { priceV2: null, price: '12 345,67 р' }, { priceKopecks: 1_234_567 }],
    ['the old price as a number', { priceV2: null, price: 144 }, { priceKopecks: 14_400 }],
    ['no date', { create_date: null }, { createdAtMs: null }],
    ['an empty date', { create_date: '' }, { createdAtMs: null }],
    ["ZZap's date of nothing", { create_date: '0001-01-01T00:00:00' }, { createdAtMs: null }],
    [
      'contacts that are empty, blank or null',
      { client_name: '', client_phone: ' ', client_email: null },
      { buyer: {} },
    ],
    ['contacts that are absent', without('client_name', 'client_phone', 'client_email'), { buyer: {} }],
    ['a phone as a number', { client_phone: 79000000001 }, { buyer: { ...buyer(), phone: '79000000001' } }],
    ['blanks around a name', { client_name: '  Анна \t' }, { buyer: { ...buyer(), name: 'Анна' } }],
    ['an emoji', { client_name: 'Мария 🚗' }, { buyer: { ...buyer(), name: 'Мария 🚗' } }],
    ['half an emoji', { client_name: 'Мария \ud83d' }, { buyer: { ...buyer(), name: 'Мария \ufffd' } }],
    ['marks of XML', { class_cat: 'Фильтр <a> & "b"' }, { part: { ...part(), name: 'Фильтр <a> & "b"' } }],
    ['a number as part number', { partnumber: 339247 }, { part: { ...part(), number: '339247' } }],
    ['a term as text', { delivery_days: '5' }, { deliveryDays: 5 }],
    ['a term of no days', { delivery_days: 0 }, { deliveryDays: 0 }],
    ['unknown fields', { user_key: 'k', nested: { a: [1] }, code_doc_b: 1e15 }, { code: '512000101' }],
    [
      'no part at all',
      without('class_man', 'partnumber', 'class_cat'),
      { part: { brand: '', number: '', name: '' } },
    ],
  ])('may have %s', (_, changes, expected) => {
    expect(orderOf(changes)).toMatchObject(expected);
    if (expected.buyer) expect(orderOf(changes).buyer).toEqual(expected.buyer);
  });

  it.each([null, '', ' ', '3-5', 'завтра', -1, 1.5, 1_000, '1000'])('has no term of %p days', (days) => {
    expect(orderOf({ delivery_days: days })).not.toHaveProperty('deliveryDays');
  });

  it.each([
    ['its own price list', { class_template: 'Склад Москва' }, 'Склад Юг', 'Склад Москва'],
    ["the answer's price list where it has none", {}, 'Склад Юг', 'Склад Юг'],
    ["the answer's price list where its own is empty", { class_template: '' }, 'Склад Юг', 'Склад Юг'],
    ['none where neither names one', {}, undefined, undefined],
  ])('has %s', (_, changes, template, priceList) => {
    expect(orderOf(changes, template).priceList).toBe(priceList);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['code_order', { code_order: undefined }, 'code_order'],
    ['code_order', { code_order: null }, 'code_order'],
    ['code_order', { code_order: 0 }, 'code_order'],
    ['code_order', { code_order: '0' }, 'code_order'],
    ['code_order', { code_order: '000' }, 'code_order'],
    ['code_order', { code_order: -5 }, 'code_order'],
    ['code_order', { code_order: 1.5 }, 'code_order'],
    ['code_order', { code_order: 2 ** 53 }, 'code_order'],
    ['code_order', { code_order: 'AB-1' }, 'code_order'],
    ['code_order', { code_order: '' }, 'code_order'],
    ['qty_order', { qty_order: undefined }, 'qty_order'],
    ['qty_order', { qty_order: null }, 'qty_order'],
    ['qty_order', { qty_order: 'много' }, 'qty_order'],
    ['qty_order', { qty_order: '' }, 'qty_order'],
    ['qty_order', { qty_order: 0 }, 'qty_order'],
    ['qty_order', { qty_order: -1 }, 'qty_order'],
    ['qty_order', { qty_order: 1e6 }, 'qty_order'],
    ['qty_order', { qty_order: '0x10' }, 'qty_order'],
    ['qty_order', { qty_order: '1e3' }, 'qty_order'],
    ['qty_order', { qty_order: '2 или 3' }, 'qty_order'],
    ['priceV2', { priceV2: undefined }, 'priceV2'],
    ['priceV2', { priceV2: 'по запросу' }, 'priceV2'],
    ['priceV2', { priceV2: -1 }, 'priceV2'],
    ['priceV2', { priceV2: null, price: 'Звоните' }, 'priceV2'],
    ['priceV2', { priceV2: true }, 'priceV2'],
    ['code_track', { code_track: undefined }, 'code_track'],
    ['code_track', { code_track: '' }, 'code_track'],
    ['code_track', { code_track: 'Новый' }, 'code_track'],
    ['code_track', { code_track: 1.5 }, 'code_track'],
  ])('is unreadable by its %s and says so: %p', (_, changes, problem) => {
    const listed = toListedRow({ ...ROW, ...changes }, undefined);

    expect(listed).toMatchObject({ kind: 'unreadable', row: { problem } });
  });

  it('goes without an optional field of an odd kind: it must not cost the order', () => {
    const listed = toListedRow(
      { ...ROW, client_name: { first: 'Анна' }, message: [], delivery_days: true },
      undefined,
    );

    const order = listed.kind === 'order' ? listed.order : null;
    expect(order?.code).toBe(String(ROW.code_order));
    expect(order?.buyer.name).toBeUndefined();
    expect(order?.message).toBeUndefined();
    expect(order?.deliveryDays).toBeUndefined();
  });

  it.each([
    [512000101, '512000101'],
    ['512000101', '512000101'],
    ['000512', '512'],
    ['0', null],
    [0, null],
    [-5, null],
    [1.5, null],
    ['AB-1', null],
    ['1'.repeat(21), null],
    [{ a: 1 }, null],
    [null, null],
  ])('that is unreadable with the number %p is kept under %p', (codeOrder, code) => {
    const listed = toListedRow({ code_order: codeOrder }, undefined);

    expect(listed).toMatchObject({ kind: 'unreadable', row: { code } });
  });

  it.each([null, 1, 'row', true, []])('is unreadable when it is %p', (row) => {
    const listed = toListedRow(row, undefined);

    expect(listed).toEqual({
      kind: 'unreadable',
      row: { code: null, problem: expect.any(String) as string },
      raw: JSON.stringify(row),
    });
  });

  it('never says a value in its problem, and never throws', () => {
    const FIELDS = [...Object.keys(ROW), 'priceV2', 'price', 'message', 'class_track', 'class_template'];
    const SECRET = 'Секретный Покупатель';
    const odd = fc.constantFrom<unknown>(
      SECRET,
      [SECRET],
      { a: SECRET },
      null,
      true,
      '',
      Number.MAX_VALUE,
      -1,
    );
    const changes = fc.dictionary(fc.constantFrom(...FIELDS), odd);
    fc.assert(
      fc.property(changes, (changed) => {
        const listed = toListedRow({ ...ROW, ...changed }, undefined);

        if (listed.kind === 'unreadable') expect([...FIELDS, 'not an object']).toContain(listed.row.problem);
        expect(JSON.parse(listed.raw)).toEqual({ ...ROW, ...changed });
      }),
    );
  });
});

describe('the fingerprint of a row', () => {
  const FINGERPRINT = orderOf({}).fingerprint;

  it.each<[string, Record<string, unknown>]>([
    ['a field the module does not read changes', { qty: 7, logopath: '', imagepath: 'x' }],
    ['numbers come as text', { qty_order: '2', priceV2: '845.50', code_track: '10', delivery_days: '1' }],
    ['blanks stand around a text', { client_name: ' Тест Покупатель ' }],
    ['what was absent is empty', { message: '' }],
    ['what was absent is null', { message: null, class_track: null }],
    ['the status is named', { class_track: 'Новый' }],
  ])('stays when %s', (_, changes) => {
    expect(orderOf(changes).fingerprint).toBe(FINGERPRINT);
  });

  it('stays when the fields come in another order', () => {
    const turned = Object.fromEntries(Object.entries(ROW).reverse());

    expect(toListedRow(turned, undefined)).toMatchObject({ order: { fingerprint: FINGERPRINT } });
  });

  it('stays when the answer around the row names another price list', () => {
    expect(orderOf({}, 'Склад Юг').fingerprint).toBe(orderOf({}, 'Склад Москва').fingerprint);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the status', { code_track: 20 }],
    ['the quantity', { qty_order: 3 }],
    ['the price', { priceV2: 845.51 }],
    ['the phone', { client_phone: '' }],
    ['the comment', { comment: 'Не нужен чек' }],
    ['the message', { message: 'Где заказ?' }],
    ['the part', { partnumber: 'W 712/94' }],
    ['the date', { create_date: null }],
  ])('changes with %s', (_, changes) => {
    expect(orderOf(changes).fingerprint).not.toBe(FINGERPRINT);
  });
});

describe('a row that was kept', () => {
  it.each([
    ['with its own price list', { class_template: 'Склад Москва' }, undefined],
    ["with the answer's price list", {}, 'Склад Юг'],
    ['without a price list', {}, undefined],
    ['that is unreadable', { qty_order: 'много' }, 'Склад Юг'],
  ])('%s is read again as if ZZap had just given it', (_, changes, template) => {
    const listed = toListedRow({ ...ROW, ...changes }, template);

    const again = toListedRow(JSON.parse(listed.raw), undefined);

    expect(again).toEqual(listed);
  });
});

describe('a row of GetCodesTrack', () => {
  it.each([
    [
      { code_track: 10, class_track: 'Новый' },
      { code: 10, name: 'Новый' },
    ],
    [
      { class_track: ' Новый ', code_track: '10' },
      { code: 10, name: 'Новый' },
    ],
    [
      { code_status: 7, class_status: 'В пути' },
      { code: 7, name: 'В пути' },
    ],
    [
      { code_track: 0, class_track: 'Черновик' },
      { code: 0, name: 'Черновик' },
    ],
    [
      { code_track: -1, class_track: 'Любой' },
      { code: -1, name: 'Любой' },
    ],
    [
      { code_track: 10, class_track: '' },
      { code: 10, name: '№ 10' },
    ],
    [
      { code_track: 10, class_track: null },
      { code: 10, name: '№ 10' },
    ],
    [{ code_track: 10 }, { code: 10, name: '№ 10' }],
    [
      { code_color: 'красный', code_track: 10, class_track: 'Новый' },
      { code: 10, name: 'Новый' },
    ],
    [
      { code_group: 1, class_group: 'Открытые', code_track: 10, class_track: 'Новый' },
      { code: 10, name: 'Новый' },
    ],
    [{ id: 10, name: 'Новый' }, null],
    [{ code_track: 'новый', class_track: 'Новый' }, null],
    [{ code_track: 1.5 }, null],
    [{}, null],
  ])('%p is %p', (row, status) => {
    expect(toStatus(row)).toEqual(status);
  });
});

function buyer() {
  return { name: 'Тест Покупатель', phone: '+7 (900) 000-00-01', email: 'buyer1@example.test' };
}

function part() {
  return { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' };
}

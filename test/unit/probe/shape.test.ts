import * as fc from 'fast-check';
import { formatOf, shapeOf } from '../../../functions/probe/shape';

describe('the format of a text', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'blank'],
    ['2026-11-20T14:05:31.27', 'date 9999-99-99T99:99:99.99'],
    ['2026-11-20T14:05:31Z', 'date 9999-99-99T99:99:99Z'],
    ['2026-11-20 14:05:31', 'date 9999-99-99 99:99:99'],
    ['2026-11-20T14:05:31+03:00', 'date 9999-99-99T99:99:99+99:99'],
    ['512000101', 'digits'],
    ['-1 234,50', 'number'],
    ['9 шт.', 'number and a unit'],
    ['1 234р.', 'number and a unit'],
    ['+7 (9**) ***-**-11', 'masked'],
    ['https://shop.test/1', 'address of a page'],
    ['a@b.test', 'e-mail'],
    ['+7 (900) 000-00-01', 'phone'],
    ['see <b>this</b>', 'markup'],
    ['Фильтр масляный', 'text'],
  ])('%j is %s', (text, format) => {
    expect(formatOf(text)).toBe(format);
  });
});

describe('the shape of a value', () => {
  it('merges the entries of a list and counts how often each kind came', () => {
    const table = [
      { code_order: 512, name: 'Анна', price: 10.55, paid: true },
      { code_order: 7, name: null, price: -3 },
      { name: 'Пётр Ильич' },
    ];

    expect(shapeOf(table)).toEqual({
      seen: 1,
      list: {
        count: 1,
        length: [3, 3],
        of: {
          seen: 3,
          object: {
            count: 3,
            fields: {
              code_order: { seen: 2, integer: { count: 2, digits: [1, 3] } },
              name: { seen: 3, null: 1, string: { count: 2, length: [4, 10], formats: { text: 2 } } },
              price: {
                seen: 2,
                integer: { count: 1, digits: [1, 1], negative: 1 },
                decimal: { count: 1, places: [2, 2] },
              },
              paid: { seen: 1, boolean: 1 },
            },
          },
        },
      },
    });
  });

  it('takes keys that are data for values', () => {
    const statuses = { new: { code: 'new' }, 'моя стадия': { code: 'моя стадия' } };

    expect(shapeOf({ statuses, 'Иван Петров': 1 })).toMatchObject({
      object: {
        fields: {
          statuses: { map: { count: 1, size: [2, 2], of: { seen: 2 } } },
          '(not a name)': { integer: { count: 1 } },
        },
      },
    });
  });

  it('holds no value of any JSON', () => {
    const mark = 'µ';
    const marked = fc.string().map((text) => `${mark}${text}`);
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, marked, fc.array(tie('value')), fc.dictionary(marked, tie('value'))),
    })).value;

    fc.assert(fc.property(json, (value) => !JSON.stringify(shapeOf(value)).includes(mark)));
  });

  it('is found of an answer as long as an answer can be', () => {
    const table = Array.from({ length: 10_000 }, (_, index) => ({ code_order: index, name: 'x' }));

    expect(shapeOf(table)).toMatchObject({ list: { length: [10_000, 10_000], of: { seen: 10_000 } } });
  });
});

import fc from 'fast-check';
import { safeDetail } from '../../../functions/remote/detail';

describe("a remote's own words", () => {
  it.each([
    ['as they are', 'Неверный формат даты', 'Неверный формат даты'],
    ['in one line', ' a\r\n\tb \u00a0 c ', 'a b c'],
    ['with their numbers', '[100]: заказ 512000101, строка 12', '[100]: заказ 512000101, строка 12'],
    ['without a secret, each time it stands there', 'k-secret and k-secret', '*** and ***'],
    [
      'without a secret as a form carries it',
      'api_key=s%2Fe%2Bcret%3D%3D&password=p%20w+d',
      'api_key=***&password=p%20w+d',
    ],
    ['without a secret as JSON carries it', '{"password":"quo\\"ted"}', '{"password":"***"}'],
    ['without a secret that holds another', 'login shop-secret', 'login ***'],
    ['without e-mails', 'a@b.test, <c.d+e@f.test>', '***@*** <***@***>'],
    ['without phones', 'tel:+79000000001; 8 (900) 000 00 01', 'tel:***; ***'],
  ])('are kept %s', (_, text, kept) => {
    expect(safeDetail(text, ['secret', 'k-secret', 'shop-secret', 's/e+cret==', 'quo"ted'])).toBe(kept);
  });

  it('are kept without a password with blanks as a form carries it', () => {
    expect(safeDetail('password=my+pass%26word', ['my pass&word'])).toBe('password=***');
  });

  it('are not masked by a credential of a letter or two: nothing would be left', () => {
    expect(safeDetail('a bad answer', ['a', 'ba', ''])).toBe('a bad answer');
  });

  it('are cut to size, an emoji never in half', () => {
    for (const shift of [0, 1]) {
      const kept = safeDetail(`${'x'.repeat(190 + shift)}${'🚗'.repeat(20)}`, []);
      expect(kept.length).toBeLessThanOrEqual(201);
      expect(kept).not.toMatch(/\p{Cs}/u);
    }
  });

  it('are read in no time, however long they are', () => {
    const startedAt = performance.now();

    safeDetail('x'.repeat(2_000_000), ['secret']);
    safeDetail('1 '.repeat(1_000_000), ['secret']);
    safeDetail('a@'.repeat(1_000_000), ['secret']);

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('never show a secret, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/=&% "]{0,20}SECRET[A-Za-z0-9+/=&% "]{0,20}$/);
    const filler = fc.string({ maxLength: 300 }).filter((text) => !text.includes('SECRET'));
    fc.assert(
      fc.property(secret, fc.array(filler, { maxLength: 5 }), (hidden, fillers) => {
        for (const carried of [
          hidden,
          encodeURIComponent(hidden),
          new URLSearchParams({ a: hidden }).toString().slice(2),
        ]) {
          expect(safeDetail(fillers.join(carried), [hidden])).not.toContain('SECRET');
        }
      }),
    );
  });
});

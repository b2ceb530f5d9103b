import fc from 'fast-check';
import { parseRoubles, toRoubles } from '../../../functions/domain/money';

describe('reading roubles', () => {
  it.each([
    [0, 0],
    [1, 100],
    [845.5, 84_550],
    [0.01, 1],
    [0.005, 1],
    [0.0049, 0],
    [0.1 + 0.2, 30],
    [1.005, 101],
    [60.17310053999999, 6_017],
    [4.35, 435],
    [1_145_025.99, 114_502_599],
    [999_999_999_999.99, 99_999_999_999_999],
    [-12.34, -1_234],
    [-0, 0],
    [-0.001, 0],
  ])('the number %p is %p kopecks', (value, kopecks) => {
    expect(parseRoubles(value)).toBe(kopecks);
  });

  it.each([
    ['845.5', 84_550],
    ['845,50', 84_550],
    ['0', 0],
    ['007', 700],
    ['1 234', 123_400],
    ['1 234 567,89', 123_456_789],
    ['1\u00a0234,5', 123_450],
    ['1\u202f234.05', 123_405],
    ['  12.30  ', 1_230],
    ['12.345', 1_235],
    ['12.344999', 1_234],
    ['12.999', 1_300],
    ['-3,07', -307],
    ['-0.00', 0],
    ['999999999999.99', 99_999_999_999_999],
  ])('the text %p is %p kopecks', (text, kopecks) => {
    expect(parseRoubles(text)).toBe(kopecks);
  });

  it.each([
    '',
    ' ',
    '.',
    '.5',
    '5.',
    '1.2.3',
    '1,234.50',
    '1.234,50',
    '144р.',
    '12 руб',
    'от 100',
    '--1',
    '+1',
    '1e5',
    '0x10',
    'NaN',
    'Infinity',
    '1234567890123',
    '١٢',
  ])('the text %p is not money', (text) => {
    expect(parseRoubles(text)).toBeNull();
  });

  it.each([Number.NaN, Infinity, -Infinity, 1e12, -1e12, 1e300, Number.MAX_SAFE_INTEGER])(
    'the number %p is not money',
    (value) => {
      expect(parseRoubles(value)).toBeNull();
    },
  );
});

describe('money on its way through the module', () => {
  const kopecks = fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 });
  const wholeAndCents = fc.tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 99 }));

  it('loses no kopeck between our amount and the number RetailCRM takes', () => {
    fc.assert(
      fc.property(kopecks, (amount) => {
        expect(parseRoubles(toRoubles(amount))).toBe(amount);
      }),
    );
  });

  it('writes at most two decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_99 }), (amount) => {
        expect(JSON.stringify(toRoubles(amount))).toMatch(/^\d+(\.\d{1,2})?$/);
      }),
    );
  });

  it('reads an amount the same with a dot, a comma, spaces between thousands or as a number', () => {
    fc.assert(
      fc.property(wholeAndCents, ([whole, cents]) => {
        const decimals = String(cents).padStart(2, '0');
        const spaced = String(whole).replace(/\B(?=(\d{3})+$)/g, ' ');

        const readings = [`${whole}.${decimals}`, `${whole},${decimals}`, `${spaced},${decimals}`].map(
          parseRoubles,
        );

        expect(new Set([...readings, parseRoubles(Number(`${whole}.${decimals}`))])).toEqual(
          new Set([whole * 100 + cents]),
        );
      }),
    );
  });

  it('never throws and gives a whole number or null, whatever a remote writes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.stringMatching(/^[-+]?[\d .,ер]{0,20}$/)),
        (value) => {
          const read = parseRoubles(value);

          expect(read === null || Number.isSafeInteger(read)).toBe(true);
        },
      ),
    );
  });

  it('never reads a number more than half a kopeck away from what it says', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (value) => {
        expect(Math.abs(parseRoubles(value)! - value * 100)).toBeLessThanOrEqual(0.5 + 1e-2);
      }),
    );
  });
});

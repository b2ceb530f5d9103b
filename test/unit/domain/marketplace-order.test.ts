import fc from 'fast-check';
import { externalIdOf, orderSumKopecks } from '../../../functions/domain/marketplace-order';

describe('the sum of an order', () => {
  it.each([
    [84_550, 2, 169_100],
    [1, 1, 1],
    [0, 5, 0],
    [999, 0.5, 500],
    [10_000, 1.5, 15_000],
    [2_999_999, 4, 11_999_996],
  ])('%d kopecks times %d is %d', (priceKopecks, quantity, sum) => {
    expect(orderSumKopecks({ priceKopecks, quantity })).toBe(sum);
  });

  it('is exact for whole quantities', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.integer({ min: 1, max: 10_000 }), (priceKopecks, quantity) => {
        const sum = orderSumKopecks({ priceKopecks, quantity });

        expect(BigInt(sum)).toBe(BigInt(priceKopecks) * BigInt(quantity));
      }),
    );
  });
});

describe('the identity of an order in RetailCRM', () => {
  it('is computed from the ZZap number alone', () => {
    expect(externalIdOf('512000101')).toBe('zzap-512000101');
  });
});

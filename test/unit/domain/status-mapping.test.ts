import fc from 'fast-check';
import { crmStatusFor, findDuplicates } from '../../../functions/domain/status-mapping';

describe('the status mapping', () => {
  const PAIRS = [
    { crmStatus: 'new', zzapStatus: 10 },
    { crmStatus: 'sent', zzapStatus: 50 },
  ];

  it.each([
    [10, 'new'],
    [50, 'sent'],
    [90, null],
    [0, null],
  ])('turns the ZZap status %p into %p', (zzapStatus, crmStatus) => {
    expect(crmStatusFor(PAIRS, zzapStatus)).toBe(crmStatus);
  });

  it('has no duplicates when every status stands once on its side', () => {
    expect(findDuplicates(PAIRS)).toEqual([]);
  });

  it('has none when it is empty', () => {
    expect(findDuplicates([])).toEqual([]);
  });

  it('names every repetition with the place where the status stood first', () => {
    const pairs = [
      { crmStatus: 'new', zzapStatus: 10 },
      { crmStatus: 'new', zzapStatus: 20 },
      { crmStatus: 'sent', zzapStatus: 10 },
      { crmStatus: 'new', zzapStatus: 10 },
    ];

    expect(findDuplicates(pairs)).toEqual([
      { index: 1, side: 'crmStatus', firstIndex: 0 },
      { index: 3, side: 'crmStatus', firstIndex: 0 },
      { index: 2, side: 'zzapStatus', firstIndex: 0 },
      { index: 3, side: 'zzapStatus', firstIndex: 0 },
    ]);
  });

  it('is one to one exactly when it has no duplicates', () => {
    const pair = fc.record({ crmStatus: fc.constantFrom('a', 'b', 'c'), zzapStatus: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const crmOnce = new Set(pairs.map(({ crmStatus }) => crmStatus)).size === pairs.length;
        const zzapOnce = new Set(pairs.map(({ zzapStatus }) => zzapStatus)).size === pairs.length;

        expect(findDuplicates(pairs).length === 0).toBe(crmOnce && zzapOnce);
      }),
    );
  });

  it('never invents a status', () => {
    fc.assert(
      fc.property(fc.integer(), (zzapStatus) => {
        expect([null, 'new', 'sent']).toContain(crmStatusFor(PAIRS, zzapStatus));
      }),
    );
  });
});

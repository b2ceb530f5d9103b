import { toChange, toOfferCandidate, toStoredOrder } from '../../../functions/retailcrm/to-domain';
import {
  historyAnswer,
  offersAnswer,
  ordersAnswer,
  orderStatusesAnswer,
  productsAnswer,
} from '../../../functions/retailcrm/wire-schemas';

describe('an order as RetailCRM has it', () => {
  const read = (wire: object) => ordersAnswer.parse({ orders: [wire] }).orders.map(toStoredOrder)[0];

  it('is known by its id, its external id, its number, its status and its sum', () => {
    const wire = {
      id: 7146,
      externalId: 'zzap-1',
      number: '7146A',
      status: 'new',
      summ: 201,
      totalSumm: 501.5,
    };

    expect(read(wire)).toEqual({
      crmOrderId: 7146,
      externalId: 'zzap-1',
      number: '7146A',
      status: 'new',
      sumKopecks: 50_150,
    });
  });

  it('may lack everything but its id', () => {
    const nothing = { crmOrderId: 7146, externalId: '', number: null, status: null, sumKopecks: null };

    expect(read({ id: 7146 })).toEqual(nothing);
    expect(read({ id: 7146, externalId: null, number: null, status: null, totalSumm: null })).toEqual(
      nothing,
    );
  });

  it.each([
    [{ totalSumm: 0, summ: 5 }, 0],
    [{ summ: 60.17310053999999 }, 6017],
    [{ totalSumm: 0.30000000000000004 }, 30],
    [{ totalSumm: 1e20 }, null],
  ])('has the sum of %j, noise or not', (sums, sumKopecks) => {
    expect(read({ id: 1, ...sums })).toMatchObject({ sumKopecks });
  });

  it('may have a number and a code that look like numbers', () => {
    expect(read({ id: 1, externalId: 14, number: 9090, status: 3 })).toMatchObject({
      externalId: '14',
      number: '9090',
      status: '3',
    });
  });

  it.each([[{ externalId: 'zzap-1' }], [{ id: '7146' }], [{ id: 1.5 }], [null]])('is not %j', (wire) => {
    expect(ordersAnswer.safeParse({ orders: [wire] }).success).toBe(false);
    expect(orderStatusesAnswer.safeParse({ orders: [wire] }).success).toBe(false);
  });
});

describe('an offer of the catalogue', () => {
  const product = { article: null, manufacturer: null };
  const offer = { id: 901, externalId: null, article: null };

  it.each([
    ['only on the offer', { article: 'W 712/95' }, {}, ['W 712/95']],
    ['only on the product', {}, { article: 'W 712/95' }, ['W 712/95']],
    ['on both', { article: 'W712/95' }, { article: 'W 712/95' }, ['W712/95', 'W 712/95']],
    ['nowhere', {}, {}, []],
  ])('may have its article %s', (_, ofOffer, ofProduct, articles) => {
    expect(toOfferCandidate({ ...offer, ...ofOffer }, { ...product, ...ofProduct })).toMatchObject({
      articles,
    });
  });

  it.each([
    [undefined, undefined, true],
    [null, null, true],
    [true, true, true],
    [false, true, false],
    [true, false, false],
  ])('is on sale when neither it (%s) nor its product (%s) is switched off', (own, ofProduct, active) => {
    expect(toOfferCandidate({ ...offer, active: own }, { ...product, active: ofProduct })).toMatchObject({
      active,
    });
  });

  it.each([[null], [undefined]])('may have no product (%s)', (none) => {
    expect(toOfferCandidate({ ...offer, externalId: 'W712', article: 'W 712' }, none)).toEqual({
      offerId: 901,
      articles: ['W 712'],
      externalId: 'W712',
      manufacturer: null,
      active: true,
    });
  });

  it('is read from both shapes of an answer', () => {
    const products = {
      products: { '301': { article: '', manufacturer: 'KYB', offers: [{ id: 905, article: 339247 }] } },
    };
    const offers = { offers: [{ id: 905, externalId: 12, product: { manufacturer: 'KYB' } }, { id: 906 }] };

    expect(productsAnswer.parse(products).products[0]).toMatchObject({
      article: null,
      offers: [{ id: 905, article: '339247', externalId: null }],
    });
    expect(offersAnswer.parse(offers).offers).toMatchObject([{ externalId: '12' }, { id: 906 }]);
  });
});

describe('a record of the history', () => {
  const RECORD = {
    id: 7044,
    createdAt: '2026-10-03 11:28:38',
    source: 'user',
    field: 'status',
    newValue: { code: 'client-confirmed' },
    order: { id: 2034, externalId: '14', site: 'shop', status: 'client-confirmed' },
  };
  const read = (changes: object = {}) =>
    toChange(historyAnswer.parse({ history: [{ ...RECORD, ...changes }] }).history[0]!, 'Asia/Novosibirsk');

  it('says who changed what of which order, and when', () => {
    expect(read()).toEqual({
      historyId: 7044,
      atMs: Date.parse('2026-10-03T04:28:38Z'),
      source: 'user',
      ownKey: false,
      field: 'status',
      newCode: 'client-confirmed',
      crmOrderId: 2034,
      externalId: '14',
      site: 'shop',
      created: false,
      deleted: false,
    });
  });

  it.each([
    [{ current: true }, true],
    [{ current: false }, false],
    [{}, false],
    [null, false],
  ])('is ours with apiKey %j: %s', (apiKey, ownKey) => {
    expect(read({ source: 'api', apiKey })).toMatchObject({ source: 'api', ownKey });
  });

  it.each([
    [{ code: 'new' }, 'new'],
    [{ code: 3 }, '3'],
    ['a text', null],
    [12.5, null],
    [{ id: 19 }, null],
    [{ code: null }, null],
    [['new'], null],
    [null, null],
  ])('of the new value %j has the code %j', (newValue, newCode) => {
    expect(read({ newValue })).toMatchObject({ newCode });
  });

  it.each([[''], ['2026-02-30 10:00:00'], [null]])('may have no time: %j', (createdAt) => {
    expect(read({ createdAt })).toMatchObject({ historyId: 7044, atMs: null });
  });

  it('tells a new order and a deleted one', () => {
    expect(read({ created: true })).toMatchObject({ created: true, deleted: false });
    expect(read({ deleted: true, field: 'id', oldValue: 2034, newValue: null })).toMatchObject({
      created: false,
      deleted: true,
    });
  });

  it('may lack everything but its id: one odd record must not hide the others', () => {
    const { history } = historyAnswer.parse({ history: [{ id: 1 }, RECORD] });

    expect(toChange(history[0]!, 'UTC')).toEqual({
      historyId: 1,
      atMs: null,
      source: '',
      ownKey: false,
      field: '',
      newCode: null,
      crmOrderId: null,
      externalId: null,
      site: null,
      created: false,
      deleted: false,
    });
  });

  it.each([
    ['an empty map of PHP for its order', { order: [] }],
    ['an empty map of PHP for its key', { apiKey: [] }],
  ])('may have %s', (_, changes) => {
    expect(read(changes)).toMatchObject({ historyId: 7044 });
  });
});

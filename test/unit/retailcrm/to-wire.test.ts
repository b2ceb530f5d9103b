import fc from 'fast-check';
import type { CrmItemDraft, CrmOrderDraft } from '../../../functions/domain/crm-order-draft';
import { parseRoubles } from '../../../functions/domain/money';
import { toWireOrder } from '../../../functions/retailcrm/to-wire';

const ITEM: CrmItemDraft = {
  rowId: '512000101',
  name: 'MANN-FILTER W 712/95 Фильтр масляный',
  brand: 'MANN-FILTER',
  article: 'W 712/95',
  priceKopecks: 84_555,
  quantity: 2,
};

function aDraft(changes: Partial<CrmOrderDraft> = {}): CrmOrderDraft {
  return {
    externalId: 'zzap-512000101',
    createdAtMs: Date.UTC(2026, 10, 20, 21, 5, 7),
    buyer: { name: 'Тест Покупатель', phone: '+7 (900) 000-00-01', email: 'buyer1@example.test' },
    customerComment: 'Позвонить',
    managerComment: 'Заказ ZZap № 512000101',
    orderMethod: 'zzap',
    status: 'new',
    item: ITEM,
    ...changes,
  };
}

describe('an order on its way to RetailCRM', () => {
  it('carries everything the module owns, and nothing else', () => {
    expect(toWireOrder(aDraft({ item: { ...ITEM, offerId: 901 } }), 'Europe/Moscow')).toEqual({
      externalId: 'zzap-512000101',
      createdAt: '2026-11-21 00:05:07',
      firstName: 'Тест Покупатель',
      phone: '+7 (900) 000-00-01',
      email: 'buyer1@example.test',
      customerComment: 'Позвонить',
      managerComment: 'Заказ ZZap № 512000101',
      orderMethod: 'zzap',
      status: 'new',
      items: [
        {
          offer: { id: 901 },
          productName: 'MANN-FILTER W 712/95 Фильтр масляный',
          initialPrice: 845.55,
          quantity: 2,
          externalIds: [{ code: 'zzap', value: '512000101' }],
          properties: [
            { code: 'brand', name: 'Производитель', value: 'MANN-FILTER' },
            { code: 'article', name: 'Артикул', value: 'W 712/95' },
          ],
        },
      ],
    });
  });

  it('leaves out what is absent instead of sending it empty', () => {
    const bare: CrmOrderDraft = {
      externalId: 'zzap-1',
      createdAtMs: null,
      buyer: {},
      managerComment: 'Заказ ZZap № 1',
      item: { ...ITEM, brand: '', article: '' },
    };

    const wire = toWireOrder(bare, 'Europe/Moscow');

    expect(Object.keys(wire).sort()).toEqual(['externalId', 'items', 'managerComment']);
    expect(JSON.stringify(wire)).not.toMatch(/null|""/);
    expect((wire['items'] as object[])[0]).toEqual({
      productName: ITEM.name,
      initialPrice: 845.55,
      quantity: 2,
      externalIds: [{ code: 'zzap', value: '512000101' }],
      properties: [],
    });
  });

  it.each([
    ['name', 'firstName'],
    ['phone', 'phone'],
    ['email', 'email'],
  ] as const)("leaves out the buyer's %s alone when ZZap does not give it", (contact, field) => {
    const contacts = Object.entries(aDraft().buyer).filter(([name]) => name !== contact);
    const buyer = Object.fromEntries(contacts);

    const wire = toWireOrder(aDraft({ buyer }), 'Europe/Moscow');

    expect(wire).not.toHaveProperty(field);
    expect(Object.keys(wire)).toHaveLength(Object.keys(toWireOrder(aDraft(), 'Europe/Moscow')).length - 1);
  });

  it('links the item only to an offer that was found', () => {
    const [item] = toWireOrder(aDraft(), 'Europe/Moscow')['items'] as object[];

    expect(item).not.toHaveProperty('offer');
  });

  it.each([
    ['Europe/Moscow', '2026-11-21 00:05:07'],
    ['Asia/Novosibirsk', '2026-11-21 04:05:07'],
    ['Europe/Madrid', '2026-11-20 22:05:07'],
  ])('says when it was made in the zone of the account, %s', (zone, createdAt) => {
    expect(toWireOrder(aDraft(), zone)['createdAt']).toBe(createdAt);
  });

  it.each([
    [1, 0.01],
    [10, 0.1],
    [29, 0.29],
    [84_550, 845.5],
    [115, 1.15],
    [0, 0],
    [999_999_999_999, 9_999_999_999.99],
  ])('writes %d kopecks as %d roubles', (priceKopecks, roubles) => {
    const [item] = toWireOrder(aDraft({ item: { ...ITEM, priceKopecks } }), 'UTC')['items'] as object[];

    expect(item).toHaveProperty('initialPrice', roubles);
  });

  it('keeps every price to the kopeck through JSON, with two decimals at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_00 }), (priceKopecks) => {
        const json = JSON.stringify(toWireOrder(aDraft({ item: { ...ITEM, priceKopecks } }), 'UTC'));
        const written = /"initialPrice":([^,}]+)/.exec(json)?.[1] ?? '';

        expect(written).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(parseRoubles(written)).toBe(priceKopecks);
      }),
    );
  });
});

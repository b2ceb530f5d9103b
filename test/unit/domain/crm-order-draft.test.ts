import fc from 'fast-check';
import {
  draftCrmOrder,
  withoutRefusedParts,
  type CrmOrderDraft,
  type DroppedPart,
} from '../../../functions/domain/crm-order-draft';
import { anOrder } from './builders';

const NO_CHOICES = { orderMethod: null, status: null, offerId: null };
const ALL_CHOICES = { orderMethod: 'zzap', status: 'new', offerId: 33 };

describe('the draft of a RetailCRM order', () => {
  it('carries every fact of the ZZap order', () => {
    const order = anOrder({
      comment: 'Нужен чек',
      message: 'Перезвоните',
      deliveryDays: 3,
      priceList: 'Склад Москва',
      statusName: 'Новый',
    });

    const draft = draftCrmOrder(order, ALL_CHOICES);

    expect(draft).toEqual({
      externalId: 'zzap-512000101',
      createdAtMs: Date.UTC(2026, 10, 20, 11, 5),
      buyer: { name: 'Тест Покупатель', phone: '+7 (900) 000-00-01', email: 'buyer1@example.test' },
      customerComment: 'Нужен чек',
      managerComment: [
        'Заказ ZZap № 512000101',
        'Срок поставки, дн.: 3',
        'Прайс-лист: Склад Москва',
        'Статус в ZZap: Новый',
        'Сообщение ZZap: Перезвоните',
      ].join('\n'),
      orderMethod: 'zzap',
      status: 'new',
      item: {
        rowId: '512000101',
        name: 'MANN-FILTER W 712/95 Фильтр масляный',
        brand: 'MANN-FILTER',
        article: 'W 712/95',
        priceKopecks: 84_550,
        quantity: 2,
        offerId: 33,
      },
    });
  });

  it('leaves out what nobody said, instead of writing it empty', () => {
    const draft = draftCrmOrder(anOrder({ buyer: {}, createdAtMs: null }), NO_CHOICES);

    expect(Object.keys(draft).sort()).toEqual([
      'buyer',
      'createdAtMs',
      'externalId',
      'item',
      'managerComment',
    ]);
    expect(draft.buyer).toEqual({});
    expect(draft.createdAtMs).toBeNull();
    expect(draft.item).not.toHaveProperty('offerId');
    expect(draft.managerComment).toBe('Заказ ZZap № 512000101');
  });

  it('says that the delivery takes no day at all', () => {
    expect(draftCrmOrder(anOrder({ deliveryDays: 0 }), NO_CHOICES).managerComment).toContain(
      'Срок поставки, дн.: 0',
    );
  });

  it('names an item without brand, number and name by the order', () => {
    const draft = draftCrmOrder(anOrder({ part: { brand: '', number: '', name: '' } }), NO_CHOICES);

    expect(draft.item.name).toBe('ZZap 512000101');
  });

  it('cuts texts to what RetailCRM takes and marks the cut', () => {
    const part = { brand: 'B'.repeat(255), number: 'N'.repeat(256), name: 'Фильтр' };

    const { item, buyer } = draftCrmOrder(anOrder({ part, buyer: { name: 'И'.repeat(300) } }), NO_CHOICES);

    expect(item.brand).toBe('B'.repeat(255));
    expect(item.article).toBe(`${'N'.repeat(254)}…`);
    expect(item.name).toBe(`${'B'.repeat(254)}…`);
    expect(buyer.name).toBe(`${'И'.repeat(254)}…`);
  });

  it('never cuts an emoji in half: half of one is not text and would be refused', () => {
    fc.assert(
      fc.property(fc.nat(4), (shift) => {
        const name = 'x'.repeat(250 + shift) + '🚗'.repeat(10);

        const cut = draftCrmOrder(anOrder({ buyer: { name } }), NO_CHOICES).buyer.name!;

        expect(cut).not.toMatch(/\p{Cs}/u);
        expect(cut.length).toBeLessThanOrEqual(255);
      }),
    );
  });
});

describe('a draft that RetailCRM refuses in parts', () => {
  const DRAFT = draftCrmOrder(anOrder({ comment: 'Нужен чек' }), ALL_CHOICES);

  it.each<[string, DroppedPart]>([
    ['orderMethod', 'orderMethod'],
    ['status', 'status'],
    ['email', 'email'],
    ['customer.email', 'email'],
    ['phone', 'phone'],
    ['additionalPhone', 'phone'],
    ['customer.phone', 'phone'],
    ['createdAt', 'createdAt'],
    ['items[0].offer', 'offer'],
    ['items[0].offer.id', 'offer'],
    ['items.0.offer.xmlId', 'offer'],
    ['Email', 'email'],
  ])('goes on without what %s names', (path, part) => {
    expect(withoutRefusedParts(DRAFT, [path])?.dropped).toEqual([part]);
  });

  it.each([
    ['nothing in particular', []],
    ['the external id', ['externalId']],
    ['the item', ['items[0].quantity']],
    ['an unknown field beside a known one', ['email', 'items[0].initialPrice']],
    ['a field that only begins like a known one', ['emailConfirmed']],
    ['a numbered complaint', ['0']],
  ])('is given up when the complaint is about %s', (_, paths) => {
    expect(withoutRefusedParts(DRAFT, paths)).toBeNull();
  });

  it('keeps a dropped contact in the comment for the manager', () => {
    const kept = withoutRefusedParts(DRAFT, ['email', 'phone'])!.draft;

    expect(kept.buyer).toEqual({ name: 'Тест Покупатель' });
    expect(kept.managerComment).toBe(
      'Заказ ZZap № 512000101\nE-mail: buyer1@example.test\nТелефон: +7 (900) 000-00-01',
    );
  });

  it('names a part once, however often it is complained about', () => {
    const kept = withoutRefusedParts(DRAFT, ['phone', 'customer.phone', 'phone'])!;

    expect(kept.dropped).toEqual(['phone']);
    expect(kept.draft.managerComment.match(/Телефон/g)).toHaveLength(1);
  });

  it('notes no contact that was not there', () => {
    const anonymous = draftCrmOrder(anOrder({ buyer: {} }), NO_CHOICES);

    expect(withoutRefusedParts(anonymous, ['email'])?.draft).toEqual(anonymous);
  });

  it('loses no contact and nothing else, whichever parts are refused', () => {
    const PATHS: Record<DroppedPart, string> = {
      orderMethod: 'orderMethod',
      status: 'status',
      email: 'email',
      phone: 'phone',
      createdAt: 'createdAt',
      offer: 'items[0].offer',
    };
    const parts = Object.keys(PATHS) as DroppedPart[];
    const buyers = fc.record(
      {
        name: fc.string({ minLength: 1 }),
        phone: fc.string({ minLength: 1 }),
        email: fc.string({ minLength: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.subarray(parts, { minLength: 1 }), buyers, (refused, buyer) => {
        const before = draftCrmOrder(anOrder({ buyer, comment: 'Нужен чек' }), ALL_CHOICES);

        const { draft, dropped } = withoutRefusedParts(
          before,
          refused.map((part) => PATHS[part]),
        )!;

        expect([...dropped].sort()).toEqual([...refused].sort());
        expect(draft.managerComment.startsWith(before.managerComment)).toBe(true);
        for (const contact of ['email', 'phone'] as const) {
          if (!refused.includes(contact)) expect(draft.buyer[contact]).toBe(buyer[contact]);
          else expect(draft.buyer).not.toHaveProperty(contact);
          if (refused.includes(contact) && buyer[contact] !== undefined)
            expect(draft.managerComment).toContain(`: ${buyer[contact]}`);
        }
        expect(untouched(draft)).toEqual(untouched(before));
        expect(draft.item.offerId).toBe(refused.includes('offer') ? undefined : 33);
        expect(draft.createdAtMs).toBe(refused.includes('createdAt') ? null : before.createdAtMs);
        expect('status' in draft).toBe(!refused.includes('status'));
        expect('orderMethod' in draft).toBe(!refused.includes('orderMethod'));
      }),
    );
  });
});

/** What no refusal may take away. */
function untouched({ externalId, buyer, customerComment, item }: CrmOrderDraft) {
  const { rowId, name, brand, article, priceKopecks, quantity } = item;
  return {
    externalId,
    buyerName: buyer.name,
    customerComment,
    item: { rowId, name, brand, article, priceKopecks, quantity },
  };
}

import fc from 'fast-check';
import {
  OWNED_FIELDS,
  ownedFieldsOf,
  planUpdate,
  type OwnedField,
  type OwnedItem,
  type OwnedValues,
} from '../../../functions/domain/owned-fields';
import type { MarketplaceOrder } from '../../../functions/domain/marketplace-order';
import { anOrder } from './builders';

const ITEM: OwnedItem = { itemId: 3, rowId: '512000101', quantity: 2, priceKopecks: 84_550 };
const SAME: OwnedValues = {
  name: 'Тест Покупатель',
  phone: '+7 (900) 000-00-01',
  email: 'buyer1@example.test',
  customerComment: null,
  items: [ITEM],
};
const NOBODY: ReadonlySet<OwnedField> = new Set();

describe('the update of a RetailCRM order', () => {
  it('is empty when nothing differs', () => {
    expect(planUpdate(anOrder(), SAME, NOBODY)).toEqual({ changes: {}, updated: [], kept: [] });
  });

  it.each<[string, Partial<MarketplaceOrder>, readonly OwnedField[], object]>([
    [
      'a comment',
      { comment: 'Нужен чек' },
      [],
      { changes: { customerComment: 'Нужен чек' }, updated: ['customerComment'] },
    ],
    [
      'a phone',
      { buyer: { phone: '+7 900' } },
      ['name'],
      { changes: { phone: '+7 900' }, updated: ['phone'], kept: [] },
    ],
    [
      'a quantity, the price as it is',
      { quantity: 5 },
      [],
      { changes: { item: { itemId: 3, quantity: 5, priceKopecks: 84_550 } }, updated: ['quantity'] },
    ],
    [
      'a price while the quantity was changed by hand',
      { quantity: 5, priceKopecks: 100 },
      ['quantity'],
      {
        changes: { item: { itemId: 3, quantity: 2, priceKopecks: 100 } },
        updated: ['price'],
        kept: ['quantity'],
      },
    ],
    [
      'nothing of what was changed by hand',
      { quantity: 5, buyer: { name: 'Другой' } },
      OWNED_FIELDS,
      { changes: {}, updated: [], kept: ['name', 'quantity'] },
    ],
  ])('%s', (_, row, touched, plan) => {
    expect(planUpdate(anOrder(row), SAME, new Set(touched))).toMatchObject(plan);
  });

  it('leaves an item alone that is not ours', () => {
    const strange = { ...SAME, items: [{ ...ITEM, rowId: null }] };

    expect(planUpdate(anOrder({ quantity: 9 }), strange, NOBODY).changes).toEqual({});
  });

  it('writes no price that somebody changed and RetailCRM does not tell', () => {
    const current = { ...SAME, items: [{ ...ITEM, priceKopecks: null }] };

    const plan = planUpdate(anOrder({ quantity: 9 }), current, new Set<OwnedField>(['price']));

    expect(plan.changes).toEqual({ item: { itemId: 3, quantity: 9 } });
    expect(plan.kept).toEqual(['price']);
  });
});

describe('any update', () => {
  const text = fc.constantFrom('a', 'b', 'c');
  const optional = fc.record({ name: text, phone: text, email: text }, { requiredKeys: [] });
  const amount = fc.integer({ min: 1, max: 3 });
  const order = fc
    .record({ buyer: optional, quantity: amount, priceKopecks: amount })
    .chain((row) => fc.option(text).map((comment) => anOrder({ ...row, ...(comment && { comment }) })));
  const item = fc.record({
    itemId: fc.constant(3),
    rowId: fc.constantFrom('512000101', 'other', null),
    quantity: amount,
    priceKopecks: fc.option(amount),
  });
  const current = fc.record({
    name: fc.option(text),
    phone: fc.option(text),
    email: fc.option(text),
    customerComment: fc.option(text),
    items: fc.array(item, { maxLength: 3 }),
  });
  const touched = fc.subarray([...OWNED_FIELDS]).map((fields) => new Set(fields));

  /** RetailCRM's values once the plan is written. */
  function written(values: OwnedValues, { changes }: ReturnType<typeof planUpdate>) {
    const { item: change, ...texts } = changes;
    const items = values.items.map((one) => (change ? { ...one, ...change } : one));
    return { ...values, ...texts, items };
  }
  const valueOf = (values: OwnedValues, field: OwnedField) => {
    if (field === 'quantity') return values.items[0]?.quantity;
    return field === 'price' ? values.items[0]?.priceKopecks : values[field];
  };

  it('leaves alone what others touched, and every field it does not name', () => {
    fc.assert(
      fc.property(order, current, touched, (row, values, others) => {
        const plan = planUpdate(row, values, others);
        const after = written(values, plan);

        for (const field of OWNED_FIELDS) {
          if (others.has(field)) expect(plan.updated).not.toContain(field);
          const same = valueOf(after, field) === valueOf(values, field);
          expect(same).toBe(!plan.updated.includes(field));
        }
      }),
    );
  });

  it('erases nothing', () => {
    fc.assert(
      fc.property(order, current, touched, (row, values, others) => {
        const after = written(values, planUpdate(row, values, others));

        for (const field of OWNED_FIELDS) {
          if (valueOf(values, field)) expect(valueOf(after, field)).toBeTruthy();
        }
      }),
    );
  });

  it('never touches the items of an order with several', () => {
    fc.assert(
      fc.property(order, current, touched, (row, values, others) => {
        if (values.items.length !== 1) expect(planUpdate(row, values, others).changes.item).toBeUndefined();
      }),
    );
  });

  it('asks for nothing once it is written', () => {
    fc.assert(
      fc.property(order, current, touched, (row, values, others) => {
        const after = written(values, planUpdate(row, values, others));

        expect(planUpdate(row, after, others).updated).toEqual([]);
      }),
    );
  });
});

describe('RetailCRM’s names of the fields', () => {
  it.each<[string, readonly OwnedField[]]>([
    ['last_name', ['name']],
    ['phone', ['phone']],
    ['order_product', ['quantity', 'price']],
    ['order_product.quantity', ['quantity']],
    ['order_product.discount_total', ['price']],
    ['status', []],
    ['constructor', []],
  ])('%s', (name, fields) => {
    expect(ownedFieldsOf(name)).toEqual(fields);
  });
});

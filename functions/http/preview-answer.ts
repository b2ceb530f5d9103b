import { orderSumKopecks, type MarketplaceOrder } from '../domain/marketplace-order';
import { toRoubles } from '../domain/money';
import type { OrdersPreview } from '../settings/preview-orders';
import type { Language } from './language';
import { textOf } from './texts';
import { toIso } from './times';

export function presentPreview(preview: OrdersPreview, language: Language) {
  return {
    ...preview,
    summary: summaryOf(preview, language),
    orders: preview.orders.map(presentOrder),
  };
}

function summaryOf(preview: OrdersPreview, language: Language): string {
  const { wouldCreate, alreadyThere, tooOld, setAside, unreadable } = preview;
  const code = 'preview-summary';
  const found = foundText(preview, language);
  return textOf(code, language, {
    ...{ found, wouldCreate, alreadyThere, tooOld },
    attention: setAside + unreadable,
  });
}

function foundText({ found, complete }: OrdersPreview, language: Language): string {
  const code = 'preview-at-least';
  return complete ? String(found) : textOf(code, language, { found });
}

/** What tells an order apart. Nothing of the buyer: a preview may be shown to anybody in the shop. */
function presentOrder(order: MarketplaceOrder) {
  return {
    zzapOrderCode: order.code,
    createdAt: toIso(order.createdAtMs),
    brand: order.part.brand,
    article: order.part.number,
    quantity: order.quantity,
    sum: toRoubles(orderSumKopecks(order)),
  };
}

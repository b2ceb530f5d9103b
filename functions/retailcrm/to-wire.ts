import type { CrmOrderDraft } from '../domain/crm-order-draft';
import type { Buyer } from '../domain/marketplace-order';
import { toRoubles } from '../domain/money';
import { toAccountTime } from './account-time';
import { ITEM_EXTERNAL_ID_CODE, ITEM_PROPERTIES } from './assumptions';

/**
 * An order as `orders/create` and `orders/upload` take it. An item without an offer is a free-text row; ZZap's
 * name of the part is written in both cases, so that the operator reads what the buyer ordered.
 */
export function toWireOrder(draft: CrmOrderDraft, timeZone: string): Record<string, unknown> {
  const { buyer, item } = draft;
  return {
    externalId: draft.externalId,
    ...(draft.createdAtMs !== null && { createdAt: toAccountTime(draft.createdAtMs, timeZone) }),
    ...toWireBuyer(buyer),
    ...(draft.customerComment !== undefined && { customerComment: draft.customerComment }),
    managerComment: draft.managerComment,
    ...(draft.orderMethod !== undefined && { orderMethod: draft.orderMethod }),
    ...(draft.status !== undefined && { status: draft.status }),
    items: [
      {
        ...(item.offerId !== undefined && { offer: { id: item.offerId } }),
        productName: item.name,
        initialPrice: toRoubles(item.priceKopecks),
        quantity: item.quantity,
        externalIds: [{ code: ITEM_EXTERNAL_ID_CODE, value: item.rowId }],
        properties: [
          ...(item.brand === '' ? [] : [{ ...ITEM_PROPERTIES.brand, value: item.brand }]),
          ...(item.article === '' ? [] : [{ ...ITEM_PROPERTIES.article, value: item.article }]),
        ],
      },
    ],
  };
}

/** ZZap gives the buyer's name as one text: splitting it would guess. */
function toWireBuyer(buyer: Buyer): Record<string, string> {
  return {
    ...(buyer.name !== undefined && { firstName: buyer.name }),
    ...(buyer.phone !== undefined && { phone: buyer.phone }),
    ...(buyer.email !== undefined && { email: buyer.email }),
  };
}

import type { MarketplaceOrder } from '../domain/marketplace-order';
import type { OrderLink } from '../domain/order-link';
import { contentsFollowed, crmGone, touched } from '../domain/order-link-steps';
import { planUpdate, type UpdatePlan } from '../domain/owned-fields';
import { asRemoteError } from '../domain/remote-error';
import type { ImportContext } from './import-context';
import { save, stepOf } from './settle-orders';

export interface Followed {
  readonly link: OrderLink;
  /** Something was written to RetailCRM. */
  readonly updated: boolean;
}

/**
 * ZZap changed an order that RetailCRM has: the fields ZZap owns follow, unless somebody has changed them in
 * RetailCRM, which its history tells. Writing the same values twice changes nothing, so a lost answer is harmless.
 */
export async function followContents(
  context: ImportContext,
  order: MarketplaceOrder,
  link: OrderLink,
): Promise<Followed> {
  const { ownedFields, snapshot } = context;
  const { site } = snapshot.connection;
  const crmOrderId = link.crmOrderId ?? 0;
  const claimed = await save(context, touched(link, stepOf(context)));
  const current = await ownedFields.read(site, crmOrderId);
  if (!current) return { link: await save(context, crmGone(claimed, stepOf(context))), updated: false };
  const plan = planUpdate(order, current, await ownedFields.listTouched(crmOrderId));
  const refusedBecause = plan.updated.length === 0 ? null : await write(context, crmOrderId, plan);
  const next = contentsFollowed(claimed, order, { ...plan, refusedBecause }, stepOf(context));
  return { link: await save(context, next), updated: plan.updated.length > 0 && refusedBecause === null };
}

/** RetailCRM's words when it refuses; anything else that goes wrong stops the run, which tries again. */
async function write(context: ImportContext, crmOrderId: number, plan: UpdatePlan): Promise<string | null> {
  try {
    await context.ownedFields.write(context.snapshot.connection.site, crmOrderId, plan.changes);
    return null;
  } catch (error) {
    const facts = asRemoteError(error)?.facts;
    if (facts?.kind !== 'invalid') throw error;
    return facts.detail;
  }
}

import { draftCrmOrder } from '../domain/crm-order-draft';
import { externalIdOf, type MarketplaceOrder } from '../domain/marketplace-order';
import type { OrderLink } from '../domain/order-link';
import { claimed, linked, setAside, type Step } from '../domain/order-link-steps';
import { crmStatusFor } from '../domain/status-mapping';
import type { ImportContext } from './import-context';
import { Overtaken } from './import-context';
import { inParallel } from './in-parallel';
import type { ItemLinkResult } from './link-items';
import { storeOrders, type StoreOutcome } from './store-orders';

/** An order that belongs into RetailCRM, with its original row and what we know of it. */
export interface WantedOrder {
  readonly order: MarketplaceOrder;
  readonly raw: string;
  readonly link: OrderLink | null;
}

interface ClaimedOrder extends WantedOrder {
  readonly link: OrderLink;
  readonly item: ItemLinkResult | null;
}

const WRITES_AT_ONCE = 16;

/**
 * Puts a batch of orders into RetailCRM: claim each link, store the orders, confirm each link. A crash in between
 * leaves claimed links; the next run stores those orders again and finds the ones that are there.
 */
export async function settleOrders(context: ImportContext, batch: readonly WantedOrder[]): Promise<void> {
  const { connection } = context.snapshot;
  await context.linker.find(batch.map(({ order }) => order));
  const claims: ClaimedOrder[] = [];
  await inParallel(WRITES_AT_ONCE, batch, async (wanted) => {
    claims.push(await claim(context, wanted));
  });
  const { outcomes, outage } = await storeOrders(
    context.orders,
    connection.site,
    claims.map((one) => draftOf(context, one)),
  );
  await inParallel(WRITES_AT_ONCE, claims, async (one) => {
    const outcome = outcomes.get(externalIdOf(one.order.code));
    if (outcome) await confirm(context, one, outcome);
  });
  if (outage) throw outage;
}

function stepOf(context: ImportContext): Step {
  return { nowMs: context.ports.clock.nowMs(), runId: context.journal.record().runId };
}

async function claim(context: ImportContext, wanted: WantedOrder): Promise<ClaimedOrder> {
  const { connectionId, itemLink } = context.snapshot.connection;
  const link = await save(context, claimed(wanted.link, connectionId, wanted.order, stepOf(context)));
  const item = itemLink === 'none' ? null : context.linker.linkOf(wanted.order.part);
  return { ...wanted, link, item };
}

function draftOf(context: ImportContext, { order, item }: ClaimedOrder) {
  const { connection, mapping } = context.snapshot;
  return draftCrmOrder(order, {
    orderMethod: connection.orderMethod.code,
    status: crmStatusFor(mapping.pairs, order.statusCode),
    offerId: item?.kind === 'linked' ? item.offerId : null,
  });
}

async function confirm(context: ImportContext, one: ClaimedOrder, outcome: StoreOutcome): Promise<void> {
  const { journal, ports, linker } = context;
  const fields = { connectionId: one.link.connectionId, zzapOrderCode: one.order.code };
  if (outcome.kind === 'refused') {
    const { reason, detail } = outcome;
    await quarantine(context, one.link, one.raw, { reason, detail });
    // Not RetailCRM's words: they may quote the buyer. They are in the trace.
    ports.log.warn('order.set-aside', { ...fields, reason });
    return;
  }
  const { order: stored, adopted, dropped } = outcome;
  if (dropped.includes('offer')) linker.forget(one.order.part);
  const unlinkedBecause = whyUnlinked(one.item, dropped.includes('offer'));
  await save(
    context,
    linked(one.link, one.order, { stored, adopted, dropped, unlinkedBecause }, stepOf(context)),
  );
  journal.count(adopted ? 'adopted' : 'created');
  journal.advance(1);
  ports.log.debug('order.settled', { ...fields, crmOrderId: stored.crmOrderId, adopted, unlinkedBecause });
}

function whyUnlinked(item: ItemLinkResult | null, refused: boolean): string | null {
  if (item === null) return null;
  if (refused) return 'refused';
  return item.kind === 'linked' ? null : item.kind;
}

/** Sets an order aside with its row, so that it can be tried again when ZZap's window has moved on. */
export async function quarantine(
  context: ImportContext,
  link: OrderLink,
  raw: string,
  why: { readonly reason: 'refused-by-crm' | 'crm-unavailable' | 'unreadable-row'; readonly detail: string },
): Promise<void> {
  const sealedRow = await context.ports.vault.seal(raw, link.connectionId);
  const next = await save(context, setAside(link, { ...why, sealedRow }, stepOf(context)));
  context.journal.fail(link.zzapOrderCode, why.reason, why.detail);
  context.journal.advance(1);
  context.retries.push(next.quarantine?.retryAtMs ?? null);
}

/** Only one run at a time works on a connection: a link written meanwhile means that this one is late. */
export async function save(context: ImportContext, link: OrderLink): Promise<OrderLink> {
  const written = await context.ports.links.save(link);
  if (!written) throw new Overtaken();
  return written;
}

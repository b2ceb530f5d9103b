import { draftCrmOrder } from '../domain/crm-order-draft';
import { externalIdOf, type MarketplaceOrder } from '../domain/marketplace-order';
import type { OrderLink, QuarantineReason } from '../domain/order-link';
import { claimed, linked, setAside, type Step } from '../domain/order-link-steps';
import { crmStatusFor } from '../domain/status-mapping';
import type { ImportContext } from './import-context';
import { Overtaken } from './import-context';
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

/**
 * Puts a batch of orders into RetailCRM: claim each link, store the orders, confirm each link. A crash in between
 * leaves claimed links; the next run stores those orders again and finds the ones that are there.
 */
export async function settleOrders(context: ImportContext, batch: readonly WantedOrder[]): Promise<void> {
  await context.linker.find(batch.map(({ order }) => order));
  const claims = await claimAll(context, batch);
  const drafts = claims.map((one) => draftOf(context, one));
  const { outcomes, outage } = await storeOrders(context.orders, context.snapshot.connection.site, drafts);
  const confirmed: { readonly link: OrderLink; readonly adopted: boolean }[] = [];
  for (const one of claims) {
    const outcome = outcomes.get(externalIdOf(one.order.code));
    if (outcome?.kind === 'stored')
      confirmed.push({ link: linkOf(context, one, outcome), adopted: outcome.adopted });
    if (outcome?.kind === 'refused') await refuse(context, one, outcome);
  }
  await confirmAll(context, confirmed);
  if (outage) throw outage;
}

export function stepOf(context: ImportContext): Step {
  return { nowMs: context.ports.clock.nowMs(), runId: context.journal.record().runId };
}

async function claimAll(context: ImportContext, batch: readonly WantedOrder[]): Promise<ClaimedOrder[]> {
  const { connectionId, itemLink } = context.snapshot.connection;
  const step = stepOf(context);
  const links = await saveMany(
    context,
    batch.map(({ link, order }) => claimed(link, connectionId, order, step)),
  );
  return links.flatMap((link, index) => {
    const wanted = batch[index];
    if (!wanted) return [];
    const item = itemLink === 'none' ? null : context.linker.linkOf(wanted.order.part);
    return [{ ...wanted, link, item }];
  });
}

function draftOf(context: ImportContext, { order, item }: ClaimedOrder) {
  const { connection, mapping } = context.snapshot;
  return draftCrmOrder(order, {
    orderMethod: connection.orderMethod.code,
    status: crmStatusFor(mapping.pairs, order.statusCode),
    offerId: item?.kind === 'linked' ? item.offerId : null,
  });
}

async function refuse(
  context: ImportContext,
  { link, raw, order }: ClaimedOrder,
  { reason, detail }: Extract<StoreOutcome, { kind: 'refused' }>,
): Promise<void> {
  await quarantine(context, link, raw, { reason, detail });
  const fields = { connectionId: link.connectionId, zzapOrderCode: order.code };
  // Not RetailCRM's words: they may quote the buyer. They are in the trace.
  context.ports.log.warn('order.set-aside', { ...fields, reason });
}

function linkOf(
  context: ImportContext,
  one: ClaimedOrder,
  { order: stored, adopted, dropped }: Extract<StoreOutcome, { kind: 'stored' }>,
): OrderLink {
  if (dropped.includes('offer')) context.linker.forget(one.order.part);
  const unlinkedBecause = whyUnlinked(one.item, dropped.includes('offer'));
  return linked(one.link, one.order, { stored, adopted, dropped, unlinkedBecause }, stepOf(context));
}

async function confirmAll(
  context: ImportContext,
  confirmed: readonly { readonly link: OrderLink; readonly adopted: boolean }[],
): Promise<void> {
  await saveMany(
    context,
    confirmed.map(({ link }) => link),
  );
  const { journal, ports } = context;
  for (const { link, adopted } of confirmed) {
    const { connectionId, zzapOrderCode, crmOrderId } = link;
    journal.count(adopted ? 'adopted' : 'created');
    ports.log.info('order.settled', { connectionId, zzapOrderCode, crmOrderId, adopted });
  }
  journal.advance(confirmed.length);
}

function whyUnlinked(item: ItemLinkResult | null, refused: boolean): string | null {
  if (item === null) return null;
  if (refused) return 'refused';
  return item.kind === 'linked' ? null : item.kind;
}

/** A longer row would not fit into its item. It is tried again only while ZZap still lists it. */
const ROW_LENGTH_MAX = 60_000;

export async function sealRow(context: ImportContext, link: OrderLink, raw: string): Promise<string | null> {
  return raw.length > ROW_LENGTH_MAX ? null : context.ports.vault.seal(raw, link.connectionId);
}

/** Sets an order aside with its row, so that it can be tried again when ZZap's window has moved on. */
export async function quarantine(
  context: ImportContext,
  link: OrderLink,
  raw: string,
  why: { readonly reason: QuarantineReason; readonly detail: string },
): Promise<void> {
  const sealedRow =
    raw.length > ROW_LENGTH_MAX ? null : await context.ports.vault.seal(raw, link.connectionId);
  const next = await save(context, setAside(link, { ...why, sealedRow }, stepOf(context)));
  context.journal.fail(link.zzapOrderCode, why.reason, why.detail);
  context.journal.advance(1);
  context.retries.push(next.quarantine?.retryAtMs ?? null);
}

export async function saveMany(context: ImportContext, links: readonly OrderLink[]): Promise<OrderLink[]> {
  const saved = (await context.ports.links.saveMany(links)).filter((link) => link !== null);
  if (saved.length < links.length) throw new Overtaken();
  return saved;
}

/** Only one run at a time works on a connection: a link written meanwhile means that this one is late. */
export async function save(context: ImportContext, link: OrderLink): Promise<OrderLink> {
  const written = await context.ports.links.save(link);
  if (!written) throw new Overtaken();
  return written;
}

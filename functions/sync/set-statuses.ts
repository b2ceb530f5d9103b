import type { MarketplaceOrder } from '../domain/marketplace-order';
import type { OrderLink } from '../domain/order-link';
import { crmGone, statusClaimed, statusRefused, statusSet } from '../domain/order-link-steps';
import { asRemoteError, type RemoteFailure } from '../domain/remote-error';
import { checkTime, type ImportContext } from './import-context';
import { chunksOf, inParallel } from './in-parallel';
import { saveMany, sealRow, stepOf } from './settle-orders';

/** A linked order whose RetailCRM status shall follow ZZap's. */
export interface StatusChange {
  readonly order: MarketplaceOrder;
  readonly raw: string;
  readonly link: OrderLink;
  readonly status: string;
}

/** Changes claimed, sent and confirmed together. */
const CHANGES_AT_ONCE = 20;
const REQUESTS_AT_ONCE = 5;

/**
 * ZZap → RetailCRM: sets mapped statuses and nothing else. The claim keeps a run that was thought dead from
 * writing an older status over a newer one; setting a status twice changes nothing.
 */
export async function setStatuses(context: ImportContext, changes: readonly StatusChange[]): Promise<void> {
  if (changes.length === 0) return;
  context.journal.enter('setting-statuses', changes.length);
  for (const batch of chunksOf(CHANGES_AT_ONCE, changes)) {
    checkTime(context);
    await settleStatuses(context, batch);
  }
}

async function settleStatuses(context: ImportContext, batch: readonly StatusChange[]): Promise<void> {
  const step = stepOf(context);
  const claims = await saveMany(
    context,
    batch.map(({ link, status }) => statusClaimed(link, status, step)),
  );
  const settled: OrderLink[] = [];
  const outages: RemoteFailure[] = [];
  const claimed = batch.flatMap((change, index) => {
    const link = claims[index];
    return link ? [{ ...change, link, crmStatusBefore: change.link.crmStatus }] : [];
  });
  await inParallel(REQUESTS_AT_ONCE, claimed, async (change) => {
    const answer = await send(context, change);
    if (answer === 'set') {
      context.journal.count('updated');
      logSet(context, change);
      settled.push(statusSet(change.link, change.order, stepOf(context)));
    } else if (answer === 'gone') {
      context.journal.skip('crm-order-gone');
      settled.push(crmGone({ ...change.link, zzapStatus: change.order.statusCode }, stepOf(context)));
    } else if (answer.facts.kind === 'invalid') {
      settled.push(await refused(context, change, answer));
    } else {
      outages.push(answer);
    }
    context.journal.advance(1);
  });
  await saveMany(context, settled);
  const [outage] = outages;
  if (outage) throw outage;
}

function logSet({ ports }: ImportContext, { link, order, status }: StatusChange): void {
  const { connectionId, zzapOrderCode } = link;
  const statuses = { zzapStatus: order.statusCode, crmStatus: status };
  ports.log.info('order.status-set', { connectionId, zzapOrderCode, ...statuses });
}

async function send(
  context: ImportContext,
  { link, status }: StatusChange,
): Promise<'set' | 'gone' | RemoteFailure> {
  try {
    const there = await context.statuses.change(
      context.snapshot.connection.site,
      link.crmOrderId ?? 0,
      status,
    );
    return there ? 'set' : 'gone';
  } catch (error) {
    const failure = asRemoteError(error);
    if (!failure) throw error;
    return failure;
  }
}

async function refused(
  context: ImportContext,
  { crmStatusBefore, ...change }: StatusChange & { readonly crmStatusBefore: string | null },
  failure: RemoteFailure,
): Promise<OrderLink> {
  const reason = 'status-refused-by-crm';
  const { detail } = failure.facts;
  const sealedRow = await sealRow(context, change.link, change.raw);
  const unchanged = { ...change.link, crmStatus: crmStatusBefore };
  const link = statusRefused(unchanged, { reason, detail, sealedRow }, stepOf(context));
  context.journal.fail(link.zzapOrderCode, reason, detail);
  context.retries.push(link.quarantine?.retryAtMs ?? null);
  return link;
}

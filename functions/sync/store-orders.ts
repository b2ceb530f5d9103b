import {
  withoutRefusedParts,
  type CrmOrderDraft,
  type DroppedPart,
  type StoredCrmOrder,
} from '../domain/crm-order-draft';
import type { QuarantineReason } from '../domain/order-link';
import { asRemoteError, type RemoteFailure } from '../domain/remote-error';
import type { CrmOrders } from '../ports/crm-system';

export type StoreOutcome =
  | {
      readonly kind: 'stored';
      readonly order: StoredCrmOrder;
      /** It was there before: somebody (an earlier run of ours) had created it. */
      readonly adopted: boolean;
      readonly dropped: readonly DroppedPart[];
    }
  | { readonly kind: 'refused'; readonly reason: QuarantineReason; readonly detail: string };

export interface StoredBatch {
  /** By external id; an order that was not tried has none. */
  readonly outcomes: ReadonlyMap<string, StoreOutcome>;
  /** RetailCRM takes no orders now: stop when these outcomes are written. */
  readonly outage: RemoteFailure | null;
}

/** Fewer orders are created one by one: each gets its own error at once. */
const UPLOAD_FROM = 4;
/** So many orders in a row that RetailCRM fails to take are an outage, not poisoned orders. */
const FAILURES_IN_A_ROW_MAX = 3;
/** Answers about one order that say nothing about it, until it is set aside. */
const SILENCES_MAX = 2;

/**
 * Puts up to 50 orders into RetailCRM, each exactly once, and says what became of every one.
 *
 * 1. upload them together; 2. whatever is not certainly stored is looked up by external id; 3. what is not there
 * is created singly, so that its own error is known; 4. an order refused for an optional part is created without
 * it. Throws when RetailCRM as a whole cannot be used: then nothing is known to be wrong with the orders. When it
 * answers but takes no order any more, the ones tried are set aside and the rest is left alone: should they be
 * poisoned, they must not stand in the way of the others for ever.
 */
export async function storeOrders(
  crm: CrmOrders,
  site: string,
  drafts: readonly CrmOrderDraft[],
): Promise<StoredBatch> {
  const outcomes = new Map<string, StoreOutcome>();
  const missing = () => drafts.filter((draft) => !outcomes.has(draft.externalId));
  const stored = (order: StoredCrmOrder, adopted: boolean) =>
    outcomes.set(order.externalId, { kind: 'stored', order, adopted, dropped: [] });

  if (drafts.length >= UPLOAD_FROM) {
    const upload = await tryUpload(crm, site, drafts);
    for (const order of upload.stored) stored(order, false);
    for (const order of await findThose(crm, site, missing())) stored(order, !upload.effectUnknown);
  }
  let failuresInARow = 0;
  for (const draft of missing()) {
    const outcome = await storeOne(crm, site, draft);
    failuresInARow = outcome.failure ? failuresInARow + 1 : 0;
    outcomes.set(draft.externalId, outcome.result);
    if (outcome.failure && failuresInARow >= FAILURES_IN_A_ROW_MAX)
      return { outcomes, outage: outcome.failure };
  }
  return { outcomes, outage: null };
}

async function tryUpload(
  crm: CrmOrders,
  site: string,
  drafts: readonly CrmOrderDraft[],
): Promise<{ stored: readonly StoredCrmOrder[]; effectUnknown: boolean }> {
  try {
    const asked = new Set(drafts.map((draft) => draft.externalId));
    const stored = await crm.upload(site, drafts);
    return { stored: stored.filter((order) => asked.has(order.externalId)), effectUnknown: false };
  } catch (error) {
    const failure = orderFailure(error);
    return { stored: [], effectUnknown: failure.facts.effectUnknown };
  }
}

/** An order that was not asked for is never taken for one of ours. */
async function findThose(
  crm: CrmOrders,
  site: string,
  drafts: readonly CrmOrderDraft[],
): Promise<StoredCrmOrder[]> {
  const asked = new Set(drafts.map((draft) => draft.externalId));
  const found = await crm.findByExternalIds(site, [...asked]);
  return found.filter((order) => asked.has(order.externalId));
}

/** A failure that may concern this order alone; any other one is thrown on. */
function orderFailure(error: unknown): RemoteFailure {
  const failure = asRemoteError(error);
  if (!failure || failure.facts.kind === 'auth' || failure.facts.kind === 'rate-limited') throw error;
  return failure;
}

interface SingleOutcome {
  readonly result: StoreOutcome;
  /** Set when RetailCRM gave no usable answer about this order. */
  readonly failure?: RemoteFailure;
}

/**
 * Creates the order, without whatever optional parts RetailCRM refuses: it may name them one after another. One
 * more try after silence tells a hiccup from an order that RetailCRM chokes on.
 */
async function storeOne(crm: CrmOrders, site: string, draft: CrmOrderDraft): Promise<SingleOutcome> {
  const dropped: DroppedPart[] = [];
  let current = draft;
  let silences = 0;
  for (;;) {
    const answer = await createOrFind(crm, site, current);
    if ('order' in answer) return { result: { kind: 'stored', ...answer, dropped } };
    const { failure } = answer;
    if (isSilence(failure)) {
      silences += 1;
      if (silences < SILENCES_MAX) continue;
      return { result: refused(failure), failure };
    }
    const less = withoutRefusedParts(current, Object.keys(failure.facts.fields ?? {}));
    const news = less?.dropped.filter((part) => !dropped.includes(part)) ?? [];
    if (!less || news.length === 0) return { result: refused(failure) };
    dropped.push(...news);
    current = less.draft;
  }
}

/** RetailCRM did not say what it thinks of this order. */
function isSilence({ facts }: RemoteFailure): boolean {
  return facts.kind !== 'invalid';
}

/** "Already exists" is success, however RetailCRM words it: the order's presence is what counts. */
async function createOrFind(
  crm: CrmOrders,
  site: string,
  draft: CrmOrderDraft,
): Promise<{ order: StoredCrmOrder; adopted: boolean } | { failure: RemoteFailure }> {
  try {
    return { order: await crm.create(site, draft), adopted: false };
  } catch (error) {
    const failure = orderFailure(error);
    const [order] = await findThose(crm, site, [draft]);
    return order ? { order, adopted: !failure.facts.effectUnknown } : { failure };
  }
}

function refused({ facts }: RemoteFailure): StoreOutcome {
  const reason =
    facts.kind === 'invalid' || facts.kind === 'not-found' ? 'refused-by-crm' : 'crm-unavailable';
  return { kind: 'refused', reason, detail: facts.detail };
}

import type { CrmOrderDraft, StoredCrmOrder } from '../../../functions/domain/crm-order-draft';
import { asRemoteError, RemoteError, type RemoteErrorFacts } from '../../../functions/domain/remote-error';
import type { CrmOrders } from '../../../functions/ports/crm-system';

/** What becomes of one call: it fails before its effect, or after it. */
export type Fault = { readonly before: RemoteError } | { readonly after: RemoteError } | null;

export function failure(facts: Partial<RemoteErrorFacts> = {}): RemoteError {
  return new RemoteError({
    remote: 'retailcrm',
    kind: 'unavailable',
    detail: 'HTTP 500',
    effectUnknown: true,
    ...facts,
  });
}

export function refusal(
  fields: Record<string, string> = {},
  detail = 'Errors in the entity format',
): RemoteError {
  return failure({ kind: 'invalid', detail, fields, effectUnknown: false });
}

export interface Script {
  /** External ids of orders that are there before. */
  readonly existing?: readonly string[];
  /** Faults of the calls of each method, in order; those after the last go well. */
  readonly upload?: readonly Fault[];
  readonly create?: readonly Fault[];
  readonly find?: readonly Fault[];
  /** Why RetailCRM does not take this order. A refusal in a batch concerns its order alone, silence all of it. */
  readonly objection?: (draft: CrmOrderDraft) => RemoteError | null;
  /** A batch with anything wrong in it stores nothing. */
  readonly allOrNothing?: boolean;
  /** What an upload tells of the orders it stored. */
  readonly tells?: (stored: StoredCrmOrder[]) => StoredCrmOrder[];
  /** Answers look-ups with everything it has, asked for or not. */
  readonly ignoresFilter?: boolean;
}

export interface ScriptedCrm {
  readonly orders: CrmOrders;
  /** Every order in the order of creation, a second one with the same external id included. */
  readonly stored: readonly { readonly order: StoredCrmOrder; readonly draft: CrmOrderDraft | null }[];
  /** `method external-ids`, oldest first. */
  readonly calls: readonly string[];
}

/**
 * Refuses a second order only with an external id that was there from the start: an order that is sent twice in
 * one go is stored twice, so that a test can see it.
 */
export function aCrm(script: Script = {}): ScriptedCrm {
  const stored: { order: StoredCrmOrder; draft: CrmOrderDraft | null }[] = [];
  const calls: string[] = [];
  const faults = {
    upload: [...(script.upload ?? [])],
    create: [...(script.create ?? [])],
    find: [...(script.find ?? [])],
  };
  let nextId = 7146;

  const put = (externalId: string, draft: CrmOrderDraft | null): StoredCrmOrder => {
    const crmOrderId = nextId++;
    const order = { crmOrderId, externalId, number: `${crmOrderId}A`, status: 'new', sumKopecks: 100 };
    stored.push({ order, draft });
    return order;
  };
  for (const externalId of script.existing ?? []) put(externalId, null);

  const objectionTo = (draft: CrmOrderDraft): RemoteError | null =>
    script.existing?.includes(draft.externalId) === true
      ? refusal({}, `Order with externalId=${draft.externalId} already exists.`)
      : (script.objection?.(draft) ?? null);

  async function call<T>(method: keyof typeof faults, ids: readonly string[], effect: () => T): Promise<T> {
    calls.push([method, ...ids].join(' '));
    const fault = faults[method].shift() ?? null;
    await Promise.resolve();
    if (fault && 'before' in fault) throw fault.before;
    const result = effect();
    if (fault) throw fault.after;
    return result;
  }

  function uploadAll(drafts: readonly CrmOrderDraft[]): StoredCrmOrder[] {
    const objections = drafts.map(objectionTo);
    const silence = objections.find((error) => error && asRemoteError(error)?.facts.kind !== 'invalid');
    if (silence) throw silence;
    if (script.allOrNothing === true && objections.some((error) => error)) return [];
    const good = drafts.filter((_, index) => !objections[index]);
    return (script.tells ?? ((all) => all))(good.map((draft) => put(draft.externalId, draft)));
  }

  const idsOf = (drafts: readonly CrmOrderDraft[]) => drafts.map(({ externalId }) => externalId);
  return {
    stored,
    calls,
    orders: {
      upload: (_, drafts) => call('upload', idsOf(drafts), () => uploadAll(drafts)),
      create: (_, draft) =>
        call('create', [draft.externalId], () => {
          const objection = objectionTo(draft);
          if (objection) throw objection;
          return put(draft.externalId, draft);
        }),
      findByExternalIds: (_, externalIds) =>
        call('find', externalIds, () => {
          const all = stored.map(({ order }) => order);
          return script.ignoresFilter === true
            ? all
            : all.filter(({ externalId }) => externalIds.includes(externalId));
        }),
    },
  };
}

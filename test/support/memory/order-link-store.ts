import type { OrderLink } from '../../../functions/domain/order-link';
import type { OrderLinkStore } from '../../../functions/ports/order-link-store';
import { frozenCopy } from './frozen-copy';
import { compareTexts } from './sorted';

type Page = Parameters<OrderLinkStore['list']>[1];
type ListedLinks = Awaited<ReturnType<OrderLinkStore['list']>>;

export function createMemoryOrderLinkStore(): OrderLinkStore {
  const connections = new Map<string, Map<string, OrderLink>>();
  const linksOf = (connectionId: string) => [...(connections.get(connectionId)?.values() ?? [])];

  const save = (link: OrderLink): OrderLink | null => {
    const links = connections.get(link.connectionId) ?? new Map<string, OrderLink>();
    const storedVersion = links.get(link.zzapOrderCode)?.version ?? 0;
    if (storedVersion !== link.version) return null;
    const next = frozenCopy({ ...link, version: link.version + 1 });
    connections.set(link.connectionId, links.set(link.zzapOrderCode, next));
    return next;
  };

  return {
    findMany: (connectionId, zzapOrderCodes) => {
      const links = connections.get(connectionId);
      const found = zzapOrderCodes.flatMap((code) => links?.get(code) ?? []);
      return Promise.resolve(new Map(found.map((link) => [link.zzapOrderCode, link])));
    },
    findByCrmNumber: (connectionId, crmNumber) =>
      Promise.resolve(linksOf(connectionId).filter((link) => link.crmNumber === crmNumber)),
    save: (link) => Promise.resolve(save(link)),
    saveMany: (links) => Promise.resolve(links.map(save)),
    listAttention: (connectionId, page) => {
      const waiting = linksOf(connectionId).filter((link) => link.quarantine !== null);
      return Promise.resolve(pageOf(waiting, page, attentionKey));
    },
    listPushes: (connectionId, page) => {
      const queue = linksOf(connectionId).filter(({ push }) => push !== null && push.state !== 'rejected');
      return Promise.resolve(pageOf(queue, page, pushKey));
    },
    list: (connectionId, page) =>
      Promise.resolve(pageOf(linksOf(connectionId), page, (link) => link.zzapOrderCode)),
  };
}

/** Sorts by the moment of setting aside, then by code. */
function attentionKey(link: OrderLink): string {
  return `${String(link.quarantine?.sinceMs ?? 0).padStart(16, '0')} ${link.zzapOrderCode}`;
}

/** Cancellations first, then by the time of the wish. */
function pushKey({ push, zzapOrderCode }: OrderLink): string {
  return `${push?.urgent === true ? 0 : 1} ${String(push?.sinceMs ?? 0).padStart(16, '0')} ${zzapOrderCode}`;
}

function pageOf(links: readonly OrderLink[], page: Page, keyOf: (link: OrderLink) => string): ListedLinks {
  const { limit, newestFirst = false, after = newestFirst ? '~' : '' } = page;
  const sign = newestFirst ? -1 : 1;
  const following = links
    .map((link) => ({ key: keyOf(link), link }))
    .filter(({ key }) => sign * compareTexts(key, after) > 0)
    .sort((a, b) => sign * compareTexts(a.key, b.key));
  const shown = following.slice(0, limit);
  const next = following.length > shown.length ? (shown.at(-1)?.key ?? null) : null;
  return { links: shown.map(({ link }) => link), next };
}

import type { Connection } from '../domain/connection';
import type { MarketplaceOrder, Part } from '../domain/marketplace-order';
import { matchByArticle, matchByExternalId, normalizeArticle, type OfferMatch } from '../domain/offer-match';
import { asRemoteError } from '../domain/remote-error';
import type { CrmCatalogue } from '../ports/crm-system';
import type { RememberedOffer } from '../ports/offer-memory';
import { chunksOf, inParallel } from './in-parallel';
import type { SyncPorts } from './sync-ports';

/** What a look-up gave. `unasked`: the catalogue could not be asked; the order goes in without a link. */
export type ItemLinkResult = OfferMatch | { readonly kind: 'unasked' };

export interface ItemLinker {
  /** The match of each distinct part of the orders, remembered for this run and for later ones. */
  find(orders: readonly MarketplaceOrder[]): Promise<void>;
  linkOf(part: Part): ItemLinkResult;
  /** Parts with the same key are one look-up. */
  keyOf(part: Part): string;
  /** RetailCRM no longer knows the offer. */
  forget(part: Part): void;
  /** Keeps what was learned for the next runs. */
  remember(): Promise<void>;
}

export type ItemLinkerPorts = Pick<SyncPorts, 'offers' | 'clock' | 'log'>;

/** A find is trusted for a day; a miss for an hour, since an admin may just be adding the part. */
const FOUND_FOR_MS = 24 * 3_600_000;
const MISSED_FOR_MS = 3_600_000;
const LOOK_UPS_AT_ONCE = 3;
/** RetailCRM lists at most 100 ids per call; 50 keep the URL short. */
const EXTERNAL_IDS_PER_CALL = 50;

/**
 * [inferred] The offer's external id is the part number as ZZap writes it: a row names its part by nothing else.
 */
function offerExternalIdOf(part: Part): string {
  return part.number;
}

/** What is known of the catalogue: finds of earlier runs and of this one. */
function createFinds(ports: ItemLinkerPorts, connectionId: string) {
  let known: Map<string, RememberedOffer> | null = null;
  let learned = false;
  return {
    async recall(): Promise<void> {
      known ??= await ports.offers.recall(connectionId);
    },
    get: (key: string) => known?.get(key),
    isFresh(key: string): boolean {
      const offer = known?.get(key);
      if (!offer) return false;
      const trustedMs = offer.offerId === null ? MISSED_FOR_MS : FOUND_FOR_MS;
      return ports.clock.nowMs() - offer.lookedUpAtMs < trustedMs;
    },
    learn(key: string, match: OfferMatch): void {
      const offerId = match.kind === 'linked' ? match.offerId : null;
      const several = match.kind === 'several';
      known?.set(key, { key, offerId, several, lookedUpAtMs: ports.clock.nowMs() });
      learned = true;
    },
    forget(key: string): void {
      if (known?.delete(key)) learned = true;
    },
    async remember(): Promise<void> {
      if (learned && known) await ports.offers.remember(connectionId, known);
      learned = false;
    },
  };
}

export function createItemLinker(
  ports: ItemLinkerPorts,
  catalogue: CrmCatalogue,
  connection: Pick<Connection, 'connectionId' | 'itemLink'> & { readonly site: string },
): ItemLinker {
  const { itemLink, connectionId, site } = connection;
  const byArticle = itemLink === 'article';
  const finds = createFinds(ports, connectionId);
  const unasked = new Set<string>();

  /** Names the store too: a connection may move to another one, which may not sell the part. */
  const keyOf = (part: Part) =>
    byArticle
      ? `a|${site}|${normalizeArticle(part.brand)}|${normalizeArticle(part.number)}`
      : `x|${site}|${offerExternalIdOf(part)}`;

  async function ask(keys: readonly string[], look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      const remote = asRemoteError(error);
      if (!remote || remote.facts.credential === 'apiKey') throw error;
      for (const key of keys) unasked.add(key);
      ports.log.warn('items.look-up-failed', { connectionId, kind: remote.facts.kind });
    }
  }

  async function lookUpArticles(wanted: readonly (readonly [string, Part])[]): Promise<void> {
    await inParallel(LOOK_UPS_AT_ONCE, wanted, async ([key, part]) => {
      await ask([key], async () => {
        finds.learn(key, matchByArticle(part, await catalogue.searchOffers(site, part.number)));
      });
    });
  }

  async function lookUpExternalIds(wanted: readonly (readonly [string, Part])[]): Promise<void> {
    for (const chunk of chunksOf(EXTERNAL_IDS_PER_CALL, wanted)) {
      const keys = chunk.map(([key]) => key);
      await ask(keys, async () => {
        const ids = chunk.map(([, part]) => offerExternalIdOf(part));
        const offers = await catalogue.findOffersByExternalIds(site, ids);
        for (const [key, part] of chunk) finds.learn(key, matchByExternalId(offerExternalIdOf(part), offers));
      });
    }
  }

  async function findMissing(orders: readonly MarketplaceOrder[]): Promise<void> {
    await finds.recall();
    const parts = new Map(orders.map(({ part }) => [keyOf(part), part] as const));
    const wanted = [...parts].filter(
      ([key, part]) => part.number !== '' && !finds.isFresh(key) && !unasked.has(key),
    );
    await (byArticle ? lookUpArticles(wanted) : lookUpExternalIds(wanted));
  }

  /** Batches are settled side by side; one after another they never look the same part up twice. */
  let turn: Promise<void> = Promise.resolve();
  return {
    find(orders) {
      if (itemLink === 'none') return Promise.resolve();
      const mine = turn.then(() => findMissing(orders));
      turn = mine.catch(() => undefined);
      return mine;
    },
    linkOf(part) {
      const key = keyOf(part);
      if (unasked.has(key)) return { kind: 'unasked' };
      const offer = finds.get(key);
      if (typeof offer?.offerId === 'number') return { kind: 'linked', offerId: offer.offerId };
      return offer?.several === true ? { kind: 'several' } : { kind: 'none' };
    },
    keyOf,
    forget: (part) => finds.forget(keyOf(part)),
    remember: () => finds.remember(),
  };
}

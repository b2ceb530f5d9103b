import type { OfferMemory, RememberedOffer } from '../../../functions/ports/offer-memory';
import { frozenCopy } from './frozen-copy';

/** What was remembered last is all there is. Unlike the database it keeps any number of finds. */
export function createMemoryOfferMemory(): OfferMemory {
  const connections = new Map<string, readonly RememberedOffer[]>();

  return {
    recall: (connectionId) =>
      Promise.resolve(new Map(connections.get(connectionId)?.map((offer) => [offer.key, offer]))),
    remember: (connectionId, offers) => {
      connections.set(
        connectionId,
        [...offers.values()].map((offer) => frozenCopy(offer)),
      );
      return Promise.resolve();
    },
  };
}

import type { Connection } from '../../../functions/domain/connection';
import type { Part } from '../../../functions/domain/marketplace-order';
import type { OfferCandidate } from '../../../functions/domain/offer-match';
import type { RemoteError } from '../../../functions/domain/remote-error';
import type { CrmCatalogue } from '../../../functions/ports/crm-system';
import type { OfferMemory } from '../../../functions/ports/offer-memory';
import { createItemLinker } from '../../../functions/sync/link-items';
import type { SyncPorts } from '../../../functions/sync/sync-ports';
import { createMemoryLog } from '../../support/memory/log';
import { createMemoryOfferMemory } from '../../support/memory/offer-memory';
import { anOrder } from '../domain/builders';
import { failure } from './scripted-crm-orders';

const HOUR = 3_600_000;
const FILTER: Part = { brand: 'MANN-FILTER', number: 'W 712/95', name: 'Фильтр масляный' };
const PADS: Part = { brand: 'TRW', number: 'GDB1330', name: 'Колодки' };

function anOffer(changes: Partial<OfferCandidate> = {}): OfferCandidate {
  return {
    offerId: 901,
    articles: ['W 712/95'],
    externalId: 'W 712/95',
    manufacturer: 'MANN-FILTER',
    active: true,
    ...changes,
  };
}

const ordersOf = (...parts: Part[]) => parts.map((part, index) => anOrder({ code: String(index), part }));

/** One shop: its catalogue, its clock, and what is remembered between runs. */
function aShop(offers: readonly OfferCandidate[] | RemoteError = [anOffer()]) {
  const asked: string[] = [];
  const log = createMemoryLog();
  const shop = { offers, nowMs: 1_000_000 * HOUR, underWay: 0, mostUnderWay: 0 };
  const memory = createMemoryOfferMemory();
  let remembered = 0;
  const memories: OfferMemory = {
    recall: (connectionId) => memory.recall(connectionId),
    remember: (connectionId, learned) => {
      remembered += 1;
      return memory.remember(connectionId, learned);
    },
  };

  const look = async (question: string): Promise<OfferCandidate[]> => {
    asked.push(question);
    shop.underWay += 1;
    shop.mostUnderWay = Math.max(shop.mostUnderWay, shop.underWay);
    await new Promise(setImmediate);
    shop.underWay -= 1;
    if (shop.offers instanceof Error) throw shop.offers;
    return [...shop.offers];
  };
  const catalogue: CrmCatalogue = {
    searchOffers: (site, article) => look(`${site} ${article}`),
    findOffersByExternalIds: (site, externalIds) => look(`${site} ${externalIds.join(',')}`),
  };
  // Of the ports of a run, the linker uses these three.
  const ports = {
    offers: memories,
    log,
    clock: { nowMs: () => shop.nowMs, sleep: () => Promise.resolve(), random: () => 0.5 },
  } as unknown as SyncPorts;

  const run = (itemLink: Connection['itemLink'] = 'article', site = 'auto') =>
    createItemLinker(ports, catalogue, { connectionId: 'connection', itemLink, site });
  return Object.assign(shop, { asked, log, run, timesRemembered: () => remembered });
}

describe('an article', () => {
  it('is linked to the offer that has it', async () => {
    const shop = aShop();
    const linker = shop.run();

    await linker.find(ordersOf(FILTER));

    expect(linker.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
    expect(shop.asked).toEqual(['auto W 712/95']);
  });

  it.each([
    ['none has it', [anOffer({ articles: ['W 712/950'] })], 'none'],
    ['none of its brand has it', [anOffer({ manufacturer: 'FEBEST' })], 'none'],
    ['the catalogue is empty', [], 'none'],
    ['two have it', [anOffer(), anOffer({ offerId: 902 })], 'several'],
  ])('is left without a link when %s', async (_, offers, kind) => {
    const linker = aShop(offers).run();

    await linker.find(ordersOf(FILTER));

    expect(linker.linkOf(FILTER)).toEqual({ kind });
  });

  it('is looked up once, however often and however it is written', async () => {
    const shop = aShop();
    const linker = shop.run();
    const spelt: Part = { brand: 'Mann-Filter', number: 'w712.95', name: 'Другое имя' };

    await linker.find(ordersOf(FILTER, FILTER, spelt));
    await linker.find(ordersOf(spelt));

    expect(shop.asked).toHaveLength(1);
    expect(linker.linkOf(spelt)).toEqual({ kind: 'linked', offerId: 901 });
  });

  it('is looked up once also by batches that are settled side by side', async () => {
    const shop = aShop();
    const linker = shop.run();

    await Promise.all([1, 2, 3].map(() => linker.find(ordersOf(FILTER, PADS))));

    expect(shop.asked.sort()).toEqual(['auto GDB1330', 'auto W 712/95']);
  });

  it('of another brand is another part', async () => {
    const shop = aShop([anOffer(), anOffer({ offerId: 902, manufacturer: 'FEBEST' })]);
    const linker = shop.run();
    const other = { ...FILTER, brand: 'FEBEST' };

    await linker.find(ordersOf(FILTER, other));

    expect(shop.asked).toHaveLength(2);
    expect(linker.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
    expect(linker.linkOf(other)).toEqual({ kind: 'linked', offerId: 902 });
  });

  it('is one of a few that are looked up at once', async () => {
    const shop = aShop([]);
    const parts = Array.from({ length: 20 }, (_, index) => ({ ...FILTER, number: `W ${index}` }));

    await shop.run().find(ordersOf(...parts));

    expect(shop.asked).toHaveLength(20);
    expect(shop.mostUnderWay).toBe(3);
  });

  it('that is missing is not asked for', async () => {
    const shop = aShop();
    const linker = shop.run();
    const nameless = { ...FILTER, number: '' };

    await linker.find(ordersOf(nameless));

    expect(shop.asked).toEqual([]);
    expect(linker.linkOf(nameless)).toEqual({ kind: 'none' });
  });
});

describe('what was found', () => {
  it.each([
    ['a find', [anOffer()], 23, 25],
    ['a miss', [], 0.9, 1.1],
    ['an ambiguity', [anOffer(), anOffer({ offerId: 902 })], 0.9, 1.1],
  ])('is remembered by later runs for a time: %s', async (_, offers, fresh, stale) => {
    const shop = aShop(offers);
    const first = shop.run();
    await first.find(ordersOf(FILTER));
    const link = first.linkOf(FILTER);
    await first.remember();
    const startMs = shop.nowMs;

    shop.nowMs = startMs + fresh * HOUR;
    const second = shop.run();
    await second.find(ordersOf(FILTER));
    const askedSoon = shop.asked.length;
    shop.nowMs = startMs + stale * HOUR;
    await shop.run().find(ordersOf(FILTER));

    expect(second.linkOf(FILTER)).toEqual(link);
    expect([askedSoon, shop.asked.length]).toEqual([1, 2]);
  });

  it('is seen when the part has meanwhile been added', async () => {
    const shop = aShop([]);
    const first = shop.run();
    await first.find(ordersOf(FILTER));
    await first.remember();

    Object.assign(shop, { offers: [anOffer()], nowMs: shop.nowMs + 2 * HOUR });
    const second = shop.run();
    await second.find(ordersOf(FILTER));

    expect(second.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
  });

  it('is written once, and not at all when nothing was learned', async () => {
    const shop = aShop();
    const first = shop.run();
    await first.find(ordersOf(FILTER));
    await first.remember();
    await first.remember();
    const second = shop.run();
    await second.find(ordersOf(FILTER));
    await second.remember();
    await shop.run().remember();

    expect(shop.timesRemembered()).toBe(1);
  });

  it('is forgotten when RetailCRM no longer knows the offer, by later runs too', async () => {
    const shop = aShop();
    const first = shop.run();
    await first.find(ordersOf(FILTER, PADS));
    await first.remember();
    const second = shop.run();
    await second.find(ordersOf(FILTER));
    second.forget(FILTER);
    await second.remember();
    const third = shop.run();
    await third.find(ordersOf(FILTER, PADS));

    expect(second.linkOf(FILTER)).toEqual({ kind: 'none' });
    expect(shop.asked.filter((question) => question === 'auto W 712/95')).toHaveLength(2);
    expect(shop.asked.filter((question) => question === 'auto GDB1330')).toHaveLength(1);
  });
});

describe('a catalogue that cannot be asked', () => {
  it.each([
    ['without the scope', failure({ kind: 'auth', credential: 'scope', effectUnknown: false })],
    ['for reasons of its own', failure({ kind: 'invalid', effectUnknown: false })],
    ['since it does not answer', failure()],
    ['since it is asked too often', failure({ kind: 'rate-limited', effectUnknown: false })],
  ])('%s, leaves the order without a link and says so', async (_, error) => {
    const shop = aShop(error);
    const linker = shop.run();

    await linker.find(ordersOf(FILTER));

    expect(linker.linkOf(FILTER)).toEqual({ kind: 'unasked' });
    expect(linker.linkOf(PADS)).toEqual({ kind: 'none' });
    expect(shop.log.lines()).toMatchObject([{ level: 'warn', event: 'items.look-up-failed' }]);
  });

  it('is not asked for the same part again in this run, and is in the next one', async () => {
    const shop = aShop(failure());
    const first = shop.run();
    await first.find(ordersOf(FILTER));
    await first.find(ordersOf(FILTER));
    await first.remember();
    const askedInFirst = shop.asked.length;

    shop.offers = [anOffer()];
    const second = shop.run();
    await second.find(ordersOf(FILTER));

    expect(askedInFirst).toBe(1);
    expect(shop.timesRemembered()).toBe(0);
    expect(second.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
  });

  it('ends the run when the key itself is refused, or when the bug is ours', async () => {
    const dead = failure({ kind: 'auth', credential: 'apiKey', effectUnknown: false });
    const bug = new TypeError('a bug') as unknown as RemoteError;

    await expect(aShop(dead).run().find(ordersOf(FILTER))).rejects.toBe(dead);
    await expect(aShop(bug).run().find(ordersOf(FILTER))).rejects.toBe(bug);
    await expect(aShop(dead).run('externalId').find(ordersOf(FILTER))).rejects.toBe(dead);
  });

  it('that refused the key once is asked again by the next batch, not waited for', async () => {
    const shop = aShop(failure({ kind: 'auth', credential: 'apiKey', effectUnknown: false }));
    const linker = shop.run();
    await linker.find(ordersOf(FILTER)).catch(() => undefined);

    shop.offers = [anOffer()];
    await linker.find(ordersOf(FILTER));

    expect(linker.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
  });
});

describe('an external id', () => {
  it('is compared as it is, and asked for with up to 49 others', async () => {
    const parts = Array.from({ length: 60 }, (_, index) => ({ ...FILTER, number: `x-${index}` }));
    const shop = aShop([
      anOffer({ externalId: 'x-0' }),
      anOffer({ offerId: 902, externalId: 'X-1' }),
      anOffer({ offerId: 903, externalId: 'x-55' }),
      anOffer({ offerId: 904, externalId: 'x-2' }),
      anOffer({ offerId: 905, externalId: 'x-2' }),
    ]);
    const linker = shop.run('externalId');

    await linker.find(ordersOf(...parts));

    expect(shop.asked.map((question) => question.split(',').length)).toEqual([50, 10]);
    expect([0, 1, 2, 55].map((index) => linker.linkOf(parts[index]!))).toEqual([
      { kind: 'linked', offerId: 901 },
      { kind: 'none' },
      { kind: 'several' },
      { kind: 'linked', offerId: 903 },
    ]);
  });

  it('that cannot be asked for leaves all of its request without a link', async () => {
    const linker = aShop(failure()).run('externalId');

    await linker.find(ordersOf(FILTER, PADS));

    expect([linker.linkOf(FILTER), linker.linkOf(PADS)]).toEqual([{ kind: 'unasked' }, { kind: 'unasked' }]);
  });

  it('is not mistaken for an article that an earlier setting looked up', async () => {
    const shop = aShop([anOffer({ externalId: 'something else' })]);
    const before = shop.run('article');
    await before.find(ordersOf(FILTER));
    await before.remember();

    const after = shop.run('externalId');
    await after.find(ordersOf(FILTER));

    expect(before.linkOf(FILTER)).toEqual({ kind: 'linked', offerId: 901 });
    expect(after.linkOf(FILTER)).toEqual({ kind: 'none' });
  });
});

it('links are not looked for when the connection wants none', async () => {
  const shop = aShop();
  const linker = shop.run('none');

  await linker.find(ordersOf(FILTER));

  expect(shop.asked).toEqual([]);
  expect(linker.linkOf(FILTER)).toEqual({ kind: 'none' });
});

it('a connection that moved to another store looks its parts up there', async () => {
  const shop = aShop();
  const before = shop.run();
  await before.find(ordersOf(FILTER));
  await before.remember();

  const after = shop.run('article', 'moto');
  await after.find(ordersOf(FILTER));

  expect(shop.asked).toEqual(['auto W 712/95', 'moto W 712/95']);
});

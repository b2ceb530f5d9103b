import { TRACE_LENGTH_MAX } from '../../../functions/domain/trace';
import type { OrderLink } from '../../../functions/domain/order-link';
import type { OrderLinkStore } from '../../../functions/ports/order-link-store';
import { aLink, allPages, aSetAsideLink, NOON_MS, numbered } from './builders';

export function describeOrderLinkStore(name: string, makeStore: () => Promise<OrderLinkStore>): void {
  describe(`order link store: ${name}`, () => {
    let store: OrderLinkStore;
    beforeEach(async () => (store = await makeStore()));

    const find = async (code: string) => (await store.findMany('c-1', [code])).get(code) ?? null;
    const codesOf = (pages: readonly (readonly OrderLink[])[]) =>
      pages.flat().map((link) => link.zzapOrderCode);

    async function saveAll(links: readonly OrderLink[]): Promise<void> {
      for (let at = 0; at < links.length; at += 25) {
        await Promise.all(links.slice(at, at + 25).map((link) => store.save(link)));
      }
    }

    describe('saving', () => {
      it.each([
        ['a linked order', aLink()],
        ['a claimed order', aLink({ state: 'claimed', crmOrderId: null, crmNumber: null, crmStatus: null })],
        ['an order set aside with its sealed row', aSetAsideLink()],
        [
          'one that only a person tries again',
          aSetAsideLink({}, { retryAtMs: null, reason: 'unreadable-row' }),
        ],
        [
          'an order of which nothing is known',
          aLink({ zzapStatus: null, crmOrderId: null, crmNumber: null, trace: [] }),
        ],
        [
          'texts in any script',
          aSetAsideLink(
            {
              fingerprint: 'отпечаток 🧾',
              crmNumber: '№ 77-Ц/🚗',
              trace: [{ atMs: NOON_MS, event: 'refused', details: { поле: 'тел. "📵"\n\\ ', пусто: '' } }],
            },
            { detail: 'Ё'.repeat(2_000) },
          ),
        ],
      ])('gives back %s as the next version', async (_, link) => {
        const saved = await store.save(link);

        expect(saved).toEqual({ ...link, version: 1 });
        expect(await find(link.zzapOrderCode)).toEqual({ ...link, version: 1 });
      });

      it('keeps a long story and a large sealed row', async () => {
        const trace = numbered(TRACE_LENGTH_MAX).map((number) => ({
          atMs: NOON_MS + Number(number),
          event: 'refused' as const,
          details: { reason: 'ю'.repeat(255) },
        }));
        const link = aSetAsideLink({ trace, sealedRow: 'x'.repeat(100_000) });

        await store.save(link);

        expect(await find('100500')).toEqual({ ...link, version: 1 });
      });

      it('writes over the version it is given', async () => {
        const first = await store.save(aSetAsideLink());

        const second = await store.save({ ...aLink(), version: first!.version });

        expect(second).toEqual(aLink({ version: 2 }));
        expect(await find('100500')).toEqual(aLink({ version: 2 }));
      });

      it.each([0, 1, 3])('turns away version %d when 2 is stored, and changes nothing', async (version) => {
        await store.save(aLink());
        await store.save(aLink({ version: 1 }));

        expect(await store.save(aLink({ version, crmStatus: 'late' }))).toBeNull();

        expect(await find('100500')).toEqual(aLink({ version: 2 }));
      });

      it('turns away a version that was never stored', async () => {
        expect(await store.save(aLink({ version: 1 }))).toBeNull();

        expect(await find('100500')).toBeNull();
      });

      it('saves many at once, each over its own version', async () => {
        const links = Array.from({ length: 120 }, (_, index) =>
          aLink({ zzapOrderCode: String(1000 + index) }),
        );
        await store.save(links[7]!);

        const saved = await store.saveMany(links);

        expect(saved.map((link) => link?.version ?? null)).toEqual(
          links.map((_, index) => (index === 7 ? null : 1)),
        );
        const codes = links.map(({ zzapOrderCode }) => zzapOrderCode);
        expect((await store.findMany(links[0]!.connectionId, codes)).size).toBe(120);
        expect(await store.saveMany([])).toEqual([]);
      });

      it.each([0, 1])('lets exactly one of 20 racing saves over version %d win', async (version) => {
        if (version > 0) await store.save(aLink());
        const attempts = numbered(20).map((number) => aLink({ version, crmStatus: number }));

        const answers = await Promise.all(attempts.map((link) => store.save(link)));

        const winners = answers.filter((answer) => answer !== null);
        expect(winners).toHaveLength(1);
        expect(await find('100500')).toEqual(winners[0]);
      });

      it('keeps connections apart that have the same order code', async () => {
        await store.save(aLink());
        await store.save(aLink({ connectionId: 'c-2', crmStatus: 'other' }));

        expect(await find('100500')).toEqual(aLink({ version: 1 }));
        expect((await store.findMany('c-2', ['100500'])).get('100500')?.crmStatus).toBe('other');
      });
    });

    describe('finding by code', () => {
      it('finds nothing for no codes', async () => {
        await store.save(aLink());

        expect(await store.findMany('c-1', [])).toEqual(new Map());
      });

      it('finds the one that exists among those that do not', async () => {
        await store.save(aLink());

        const found = await store.findMany('c-1', ['1', '100500', '1005', '1005000']);

        expect(found).toEqual(new Map([['100500', aLink({ version: 1 })]]));
      });

      it('takes a code that is named twice', async () => {
        await store.save(aLink());

        const found = await store.findMany('c-1', ['100500', '7', '100500', '7']);

        expect([...found.keys()]).toEqual(['100500']);
      });

      it('finds 250 orders at once', async () => {
        const codes = numbered(250);
        await saveAll(codes.map((code) => aLink({ zzapOrderCode: code, crmStatus: `status-${code}` })));

        const found = await store.findMany('c-1', [...codes, ...codes.map((code) => `9${code}`)]);

        expect([...found.keys()].sort()).toEqual(codes);
        expect(codes.every((code) => found.get(code)?.crmStatus === `status-${code}`)).toBe(true);
      });
    });

    describe('finding by the number in RetailCRM', () => {
      it('finds the order that carries it, in its connection only', async () => {
        await store.save(aLink());
        await store.save(aLink({ zzapOrderCode: '100501', crmNumber: '77' }));
        await store.save(aLink({ connectionId: 'c-2' }));

        expect(await store.findByCrmNumber('c-1', '77C')).toEqual([aLink({ version: 1 })]);
        expect(await store.findByCrmNumber('c-1', '78C')).toEqual([]);
        expect(await store.findByCrmNumber('c-3', '77C')).toEqual([]);
      });

      it('finds every order that carries it', async () => {
        await store.save(aLink());
        await store.save(aLink({ zzapOrderCode: '100501' }));

        const found = await store.findByCrmNumber('c-1', '77C');

        expect(found.map((link) => link.zzapOrderCode).sort()).toEqual(['100500', '100501']);
      });

      it('finds nothing among orders without a number', async () => {
        await store.save(aSetAsideLink());

        expect(await store.findByCrmNumber('c-1', 'null')).toEqual([]);
      });

      it('follows a number that changes', async () => {
        const saved = await store.save(aLink());
        await store.save({ ...saved!, crmNumber: '78C' });

        expect(await store.findByCrmNumber('c-1', '77C')).toEqual([]);
        expect((await store.findByCrmNumber('c-1', '78C')).map((link) => link.version)).toEqual([2]);
      });
    });

    describe('orders that need attention', () => {
      it('come longest waiting first, whatever their codes and whenever they were saved', async () => {
        const waits = [
          ['300', 3_000],
          ['100', 20_000],
          ['400', 1_000],
          ['200', 4_000],
          ['20', 100],
        ] as const;
        for (const [zzapOrderCode, afterMs] of waits) {
          await store.save(aSetAsideLink({ zzapOrderCode }, { sinceMs: NOON_MS + afterMs }));
        }

        const { links } = await store.listAttention('c-1', { limit: 10 });

        expect(links.map((link) => link.zzapOrderCode)).toEqual(['20', '400', '300', '200', '100']);
        expect(links[0]).toEqual(
          aSetAsideLink({ zzapOrderCode: '20', version: 1 }, { sinceMs: NOON_MS + 100 }),
        );
      });

      it('come page by page, none twice and none left out, although many were set aside at one moment', async () => {
        const codes = numbered(23);
        await saveAll(
          codes.map((code) =>
            aSetAsideLink({ zzapOrderCode: code }, { sinceMs: NOON_MS + Math.floor(Number(code) / 10) }),
          ),
        );

        const pages = await allPages((after) =>
          store.listAttention('c-1', { limit: 5, ...(after !== undefined && { after }) }),
        );

        expect(codesOf(pages).sort()).toEqual(codes);
        const moments = pages.flat().map((link) => link.quarantine!.sinceMs);
        expect(moments).toEqual(moments.toSorted((a, b) => a - b));
        expect(Math.max(...pages.map((page) => page.length))).toBe(5);
      });

      it('leave out linked and claimed orders and those of other connections', async () => {
        await store.save(aLink({ zzapOrderCode: '1' }));
        await store.save(aLink({ zzapOrderCode: '2', state: 'claimed' }));
        await store.save(aSetAsideLink({ connectionId: 'c-2', zzapOrderCode: '3' }));

        expect(await store.listAttention('c-1', { limit: 10 })).toEqual({ links: [], next: null });
      });

      it('leave the list when they are linked', async () => {
        const setAside = await store.save(aSetAsideLink());
        await store.save(aLink({ version: setAside!.version }));

        expect((await store.listAttention('c-1', { limit: 10 })).links).toEqual([]);
      });

      it('stay on the list while they are tried again', async () => {
        const setAside = await store.save(aSetAsideLink());
        await store.save({ ...setAside!, state: 'claimed' });

        const { links } = await store.listAttention('c-1', { limit: 10 });

        expect(links.map((link) => [link.zzapOrderCode, link.version])).toEqual([['100500', 2]]);
      });

      it('keep their place when another try failed', async () => {
        const first = await store.save(aSetAsideLink({ zzapOrderCode: '1' }, { sinceMs: NOON_MS }));
        await store.save(aSetAsideLink({ zzapOrderCode: '2' }, { sinceMs: NOON_MS + 1 }));
        await store.save({ ...first!, quarantine: { ...first!.quarantine!, attempts: 2, retryAtMs: null } });

        const { links } = await store.listAttention('c-1', { limit: 10 });

        expect(links.map((link) => [link.zzapOrderCode, link.quarantine?.attempts])).toEqual([
          ['1', 2],
          ['2', 1],
        ]);
      });
    });

    describe('all orders', () => {
      it('come by code, page by page, whatever their state', async () => {
        const codes = numbered(12);
        await saveAll(
          codes
            .toReversed()
            .map((code) =>
              Number(code) % 2 === 0
                ? aLink({ zzapOrderCode: code })
                : aSetAsideLink({ zzapOrderCode: code }),
            ),
        );
        await store.save(aLink({ connectionId: 'c-2', zzapOrderCode: '00003x' }));

        const pages = await allPages((after) =>
          store.list('c-1', { limit: 5, ...(after !== undefined && { after }) }),
        );

        expect(codesOf(pages)).toEqual(codes);
        expect(Math.max(...pages.map((page) => page.length))).toBe(5);
      });

      it('are none in a connection without orders', async () => {
        expect(await store.list('c-1', { limit: 10 })).toEqual({ links: [], next: null });
      });

      it('come without a gap although the rows are large', async () => {
        const codes = numbered(30);
        await saveAll(
          codes.map((code) => aSetAsideLink({ zzapOrderCode: code, sealedRow: 'x'.repeat(60_000) })),
        );

        const pages = await allPages((after) =>
          store.list('c-1', { limit: 100, ...(after !== undefined && { after }) }),
        );

        expect(codesOf(pages)).toEqual(codes);
      });
    });
  });
}

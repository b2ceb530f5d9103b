import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createAccountStore } from '../../../functions/storage/account-store';
import { createConnectionStore } from '../../../functions/storage/connection-store';
import { createCursorStore } from '../../../functions/storage/cursor-store';
import type { Database } from '../../../functions/storage/database';
import { createOfferMemory } from '../../../functions/storage/offer-memory';
import { createOrderLinkStore } from '../../../functions/storage/order-link-store';
import { createRunStore } from '../../../functions/storage/run-store';
import { createSnapshotReader } from '../../../functions/storage/snapshot-reader';
import { createMissingTables } from '../../../functions/storage/tables';
import { createZzapGate } from '../../../functions/storage/zzap-gate';
import { aConnection, aCursor, aLink, anAccount, aRun, NOON_MS, numbered } from './builders';
import type { TestDatabases } from './database';

const ITEM_BYTES_MAX = 400 * 1024;
const MINUTE_MS = 60_000;

/** What the ports do not promise and the tables still need: few requests, small items, no trace of a death half-way. */
export function describeDatabaseUse(databases: () => TestDatabases): void {
  describe('use of the database', () => {
    let db: Database;
    beforeEach(async () => (db = await databases().empty()));

    async function requestsOf(work: (watched: Database) => Promise<unknown>): Promise<number> {
      let requests = 0;
      await work(databases().watched(db, () => (requests += 1)));
      return requests;
    }

    /** Runs the work in a process that dies instead of sending its next request after `requests`. */
    async function dyingAfter(requests: number, work: (dying: Database) => Promise<unknown>): Promise<void> {
      let left = requests;
      const dying = databases().watched(db, () => {
        left -= 1;
        if (left < 0) throw new Error('the process died');
      });
      await work(dying).catch(() => undefined);
    }

    it('spends three requests on an idle tick', async () => {
      await createAccountStore(db).create(anAccount());
      await createConnectionStore(db).create(aConnection());
      const slot = { keyTag: 'key-1', holder: 'run-1', nextFreeAtMs: NOON_MS + 3_000 };

      const requests = await requestsOf(async (watched) => {
        await createSnapshotReader(watched)('a-1', 'c-1');
        await createZzapGate(watched).acquire({ ...slot, nowMs: NOON_MS, leaseUntilMs: NOON_MS + MINUTE_MS });
        await createCursorStore(watched).advance(aCursor(), slot);
      });

      expect(requests).toBe(3);
    });

    it.each([
      [0, 0],
      [1, 1],
      [100, 1],
      [250, 3],
    ])('reads %d order links in %d requests', async (codes, requests) => {
      expect(
        await requestsOf((watched) => createOrderLinkStore(watched).findMany('c-1', numbered(codes))),
      ).toBe(requests);
    });

    it.each([0, 1, 2])(
      'frees an address whose account died after %d requests of its creation',
      async (requests) => {
        await dyingAfter(requests, (dying) => createAccountStore(dying).create(anAccount()));
        const accounts = createAccountStore(db);
        const another = anAccount({ accountId: 'a-2', createdAtMs: NOON_MS + 6 * MINUTE_MS });

        const created = await accounts.create(another);

        expect(created).toBe((await accounts.find('a-1')) === null);
        expect(await accounts.list({ limit: 10 })).toHaveLength(1);
      },
    );

    it('does not take an address from a creation that may still be under way', async () => {
      await dyingAfter(1, (dying) => createAccountStore(dying).create(anAccount()));
      const another = anAccount({ accountId: 'a-2', createdAtMs: NOON_MS + 4 * MINUTE_MS });

      expect(await createAccountStore(db).create(another)).toBe(false);
    });

    it.each([0, 1, 2])(
      'frees an address whose account died after %d requests of its removal',
      async (requests) => {
        const accounts = createAccountStore(db);
        await accounts.create(anAccount());
        await dyingAfter(requests, (dying) => createAccountStore(dying).remove(anAccount()));
        const another = anAccount({ accountId: 'a-2', createdAtMs: NOON_MS + 6 * MINUTE_MS });

        const created = await accounts.create(another);

        expect(created).toBe((await accounts.find('a-1')) === null);
        expect(await accounts.list({ limit: 10 })).toHaveLength(1);
      },
    );

    it('keeps remembered offers within one item, counted in bytes', async () => {
      const offers = numbered(1_000).map((number) => {
        const key = `${number}${'Щ'.repeat(300)}`;
        return [key, { key, offerId: 1, several: false, lookedUpAtMs: NOON_MS }] as const;
      });

      await createOfferMemory(db).remember('c-1', new Map(offers));

      const { Item } = await db.client.send(
        new GetCommand({ TableName: db.tables.cursors, Key: { connectionId: 'offers#c-1' } }),
      );
      expect(Buffer.byteLength(JSON.stringify(Item))).toBeLessThan(ITEM_BYTES_MAX);
    });

    it('lets a run record expire 90 days after it was asked for', async () => {
      await createRunStore(db).put(aRun({ requestedAtMs: Date.parse('2024-09-23T15:00:00.999Z') }));

      const { Items = [] } = await db.client.send(new ScanCommand({ TableName: db.tables.runs }));
      expect(Items.map((item) => item['expiresAt'] as unknown)).toEqual([
        Date.parse('2024-12-22T15:00:00Z') / 1000,
      ]);
    });

    it('creates missing tables again without touching the others', async () => {
      await createOrderLinkStore(db).save(aLink());

      await createMissingTables(db);

      expect(await createOrderLinkStore(db).findMany('c-1', ['100500'])).toHaveProperty('size', 1);
    });
  });
}

import { createAccountStore } from '../../../functions/storage/account-store';
import { createClaimStore } from '../../../functions/storage/claim-store';
import { createConnectionStore } from '../../../functions/storage/connection-store';
import { createCursorStore } from '../../../functions/storage/cursor-store';
import { createDictionaryMemory } from '../../../functions/storage/dictionary-memory';
import { createHookedConnections } from '../../../functions/storage/hooked-connections';
import { createMappingStore } from '../../../functions/storage/mapping-store';
import { createModuleStore } from '../../../functions/storage/module-store';
import { createOfferMemory } from '../../../functions/storage/offer-memory';
import { createOrderLinkStore } from '../../../functions/storage/order-link-store';
import { createRequestBudget } from '../../../functions/storage/request-budget';
import { createRunStore } from '../../../functions/storage/run-store';
import { createSnapshotReader } from '../../../functions/storage/snapshot-reader';
import { createZzapGate } from '../../../functions/storage/zzap-gate';
import { describeAccountStore } from './account-store.suite';
import { describeClaimStore } from './claim-store.suite';
import { describeConnectionStore } from './connection-store.suite';
import { describeCursorStore } from './cursor-store.suite';
import type { TestDatabases } from './database';
import { describeDatabaseUse } from './database-use.suite';
import { describeDictionaryMemory } from './dictionary-memory.suite';
import { describeHookedConnections } from './hooked-connections.suite';
import { describeMappingStore } from './mapping-store.suite';
import { describeModuleStore } from './module-store.suite';
import { describeOfferMemory } from './offer-memory.suite';
import { describeOrderLinkStore } from './order-link-store.suite';
import { describeRequestBudget } from './request-budget.suite';
import { describeRunStore } from './run-store.suite';
import { describeSnapshot } from './snapshot.suite';
import { describeZzapGate } from './zzap-gate.suite';

/**
 * Every store over DynamoDB, whichever engine plays it. Stored documents of another shape are not among them: not every
 * engine can compare a number with a text.
 */
export function describeDynamoDbStores(name: string, start: () => Promise<TestDatabases>): void {
  describe(`in ${name}`, () => {
    let databases: TestDatabases;
    beforeAll(async () => (databases = await start()));
    afterAll(() => databases.close());

    describeAccountStore(name, async () => createAccountStore(await databases.empty()));
    describeClaimStore(name, async () => createClaimStore(await databases.empty()));
    describeConnectionStore(name, async () => createConnectionStore(await databases.empty()));
    describeModuleStore(name, async () => createModuleStore(await databases.empty()));
    describeMappingStore(name, async () => createMappingStore(await databases.empty()));
    describeOrderLinkStore(name, async () => createOrderLinkStore(await databases.empty()));
    describeRunStore(name, async () => createRunStore(await databases.empty()));
    describeOfferMemory(name, async () => createOfferMemory(await databases.empty()));
    describeDictionaryMemory(name, async () => createDictionaryMemory(await databases.empty()));
    describeRequestBudget(name, async () => createRequestBudget(await databases.empty()));
    describeZzapGate(name, async () => createZzapGate(await databases.empty()));
    describeCursorStore(name, async () => {
      const db = await databases.empty();
      return { gate: createZzapGate(db), store: createCursorStore(db) };
    });
    describeSnapshot(name, async () => {
      const db = await databases.empty();
      return {
        accounts: createAccountStore(db),
        connections: createConnectionStore(db),
        mappings: createMappingStore(db),
        cursors: createCursorStore(db),
        readSnapshot: createSnapshotReader(db),
      };
    });

    describeHookedConnections(name, async () => {
      const db = await databases.empty();
      const hooked = createHookedConnections({ client: db.client, table: db.tables.connections });
      return { connections: createConnectionStore(db), hooked };
    });

    describeDatabaseUse(() => databases);
  });
}

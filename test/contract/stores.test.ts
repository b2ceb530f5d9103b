import { createMemoryAccountStore } from '../support/memory/account-store';
import { createMemoryClaimStore } from '../support/memory/claim-store';
import { createMemoryConnectionStore } from '../support/memory/connection-store';
import { createMemoryCursorStore } from '../support/memory/cursor-store';
import { createMemoryDictionaryMemory } from '../support/memory/dictionary-memory';
import { createMemoryHookedConnections } from '../support/memory/hooked-connections';
import { createMemoryMappingStore } from '../support/memory/mapping-store';
import { createMemoryModuleStore } from '../support/memory/module-store';
import { createMemoryOfferMemory } from '../support/memory/offer-memory';
import { createMemoryOrderLinkStore } from '../support/memory/order-link-store';
import { createMemorySnapshotReader } from '../support/memory/read-snapshot';
import { createMemoryRequestBudget } from '../support/memory/request-budget';
import { createMemoryRunStore } from '../support/memory/run-store';
import { createMemoryZzapGate } from '../support/memory/zzap-gate';
import { describeAccountStore } from './stores/account-store.suite';
import { describeClaimStore } from './stores/claim-store.suite';
import { describeConnectionStore } from './stores/connection-store.suite';
import { describeCursorStore } from './stores/cursor-store.suite';
import { startTestDatabases, type TestDatabases } from './stores/database';
import { describeDynamoDbStores } from './stores/dynamodb.suite';
import { describeDictionaryMemory } from './stores/dictionary-memory.suite';
import { describeHookedConnections } from './stores/hooked-connections.suite';
import { describeMappingStore } from './stores/mapping-store.suite';
import { describeModuleStore } from './stores/module-store.suite';
import { describeOfferMemory } from './stores/offer-memory.suite';
import { describeOrderLinkStore } from './stores/order-link-store.suite';
import { describeRequestBudget } from './stores/request-budget.suite';
import { describeRunStore } from './stores/run-store.suite';
import { describeSnapshot } from './stores/snapshot.suite';
import { describeStoredDocuments } from './stores/stored-documents.suite';
import { describeTwins } from './stores/twins.suite';
import { describeZzapGate } from './stores/zzap-gate.suite';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

describe('in memory', () => {
  const made =
    <Store>(make: () => Store) =>
    () =>
      Promise.resolve(make());

  describeAccountStore('memory', made(createMemoryAccountStore));
  describeClaimStore('memory', made(createMemoryClaimStore));
  describeConnectionStore('memory', made(createMemoryConnectionStore));
  describeModuleStore('memory', made(createMemoryModuleStore));
  describeMappingStore('memory', made(createMemoryMappingStore));
  describeOrderLinkStore('memory', made(createMemoryOrderLinkStore));
  describeRunStore('memory', made(createMemoryRunStore));
  describeOfferMemory('memory', made(createMemoryOfferMemory));
  describeDictionaryMemory('memory', made(createMemoryDictionaryMemory));
  describeRequestBudget('memory', made(createMemoryRequestBudget));
  describeZzapGate('memory', made(createMemoryZzapGate));
  describeCursorStore(
    'memory',
    made(() => {
      const gate = createMemoryZzapGate();
      return { gate, store: createMemoryCursorStore(gate) };
    }),
  );
  describeSnapshot(
    'memory',
    made(() => {
      const stores = {
        accounts: createMemoryAccountStore(),
        connections: createMemoryConnectionStore(),
        mappings: createMemoryMappingStore(),
        cursors: createMemoryCursorStore(createMemoryZzapGate()),
      };
      return { ...stores, readSnapshot: createMemorySnapshotReader(stores) };
    }),
  );
  describeHookedConnections(
    'memory',
    made(() => {
      const connections = createMemoryConnectionStore();
      return { connections, hooked: createMemoryHookedConnections(connections) };
    }),
  );
  describeTwins();
});

describeDynamoDbStores('DynamoDB', startTestDatabases);

describe('in DynamoDB', () => {
  let databases: TestDatabases;
  beforeAll(async () => (databases = await startTestDatabases()));
  afterAll(() => databases.close());

  describeStoredDocuments(() => databases.empty());
});

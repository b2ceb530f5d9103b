import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../../../functions/storage/table-definitions';
import type { Database } from '../../../functions/storage/database';
import { createAccountStore } from '../../../functions/storage/account-store';
import { createClaimStore } from '../../../functions/storage/claim-store';
import { createConnectionStore } from '../../../functions/storage/connection-store';
import { createCursorStore } from '../../../functions/storage/cursor-store';
import { createDictionaryMemory } from '../../../functions/storage/dictionary-memory';
import { createHookedConnections } from '../../../functions/storage/hooked-connections';
import { createMappingStore } from '../../../functions/storage/mapping-store';
import { createOfferMemory } from '../../../functions/storage/offer-memory';
import { createOrderLinkStore } from '../../../functions/storage/order-link-store';
import { createRequestBudget } from '../../../functions/storage/request-budget';
import { createRunStore } from '../../../functions/storage/run-store';
import { createSnapshotReader } from '../../../functions/storage/snapshot-reader';
import { createZzapGate } from '../../../functions/storage/zzap-gate';
import { aConnection, aCursor, anAccount, aRun, aSetAsideLink, NOON_MS } from './builders';

/** Stands where something else belongs and must not turn up in an error. */
const HOSTILE = 'HOSTILE-VALUE';

interface Document {
  readonly name: string;
  readonly table: TableName;
  readonly key: Readonly<Record<string, string>>;
  /** How an error names it. */
  readonly namedBy: string;
  /** Attributes that are broken one at a time, and what stands in their place. */
  readonly broken: readonly (readonly [field: string, value: unknown])[];
  write(db: Database): Promise<unknown>;
  readonly reads: Readonly<Record<string, (db: Database) => Promise<unknown>>>;
}

const login = { kind: 'login', value: 'seller@example.com' } as const;
const gateRequest = { keyTag: 'key-1', nowMs: NOON_MS, leaseUntilMs: NOON_MS + 60_000 };
const reservation = { budgetKey: 'crm-1', nowMs: NOON_MS, spacingMs: 100 };

async function writeAll(db: Database): Promise<void> {
  await createAccountStore(db).create(anAccount());
  await createConnectionStore(db).create(aConnection());
  await createMappingStore(db).save(
    { connectionId: 'c-1', version: 1, pairs: [{ crmStatus: 'new', zzapStatus: 10 }] },
    0,
  );
  await createCursorStore(db).advance(aCursor());
}

const readSnapshot = (db: Database) => createSnapshotReader(db)('a-1', 'c-1');

const DOCUMENTS: readonly Document[] = [
  {
    name: 'account',
    table: 'connections',
    key: { accountId: 'a-1', connectionId: '#account' },
    namedBy: 'a-1',
    broken: [
      ['version', HOSTILE],
      ['crmUrl', { [HOSTILE]: 1 }],
      ['sealedApiKey', [HOSTILE]],
      ['scopes', HOSTILE],
      ['createdAtMs', HOSTILE],
    ],
    write: writeAll,
    reads: {
      find: (db) => createAccountStore(db).find('a-1'),
      list: (db) => createAccountStore(db).list({ limit: 10 }),
      snapshot: readSnapshot,
    },
  },
  {
    name: 'claim',
    table: 'connections',
    key: { accountId: 'a-1', connectionId: 'claim#login#seller@example.com' },
    namedBy: 'claim',
    broken: [['claimedAtMs', HOSTILE]],
    write: (db) => createClaimStore(db).claim('a-1', login, { connectionId: 'c-1', claimedAtMs: NOON_MS }),
    reads: {
      claim: (db) => createClaimStore(db).claim('a-1', login, { connectionId: 'c-2', claimedAtMs: NOON_MS }),
    },
  },
  {
    name: 'connection',
    table: 'connections',
    key: { accountId: 'a-1', connectionId: 'c-1' },
    namedBy: 'c-1',
    broken: [
      ['version', 1.5],
      ['login', [HOSTILE]],
      ['sealedCredentials', { [HOSTILE]: HOSTILE }],
      ['intervalMinutes', 7],
      ['state', HOSTILE],
      ['orderMethod', { code: [HOSTILE], source: 'created' }],
      ['importFromMs', null],
    ],
    write: writeAll,
    reads: {
      find: (db) => createConnectionStore(db).find('c-1'),
      list: (db) => createConnectionStore(db).list('a-1', { limit: 10 }),
      snapshot: readSnapshot,
    },
  },
  {
    name: 'hooked connection',
    table: 'connections',
    key: { accountId: 'a-1', connectionId: 'c-1' },
    namedBy: 'c-1',
    broken: [
      ['state', HOSTILE],
      ['state', { [HOSTILE]: 1 }],
      ['hookSecret', { digest: '', sealed: HOSTILE }],
      ['hookSecret', HOSTILE],
    ],
    write: writeAll,
    reads: {
      find: (db) => createHookedConnections({ client: db.client, table: db.tables.connections }).find('c-1'),
    },
  },
  {
    name: 'mapping',
    table: 'mappings',
    key: { connectionId: 'c-1' },
    namedBy: 'c-1',
    broken: [
      ['version', HOSTILE],
      ['pairs', [{ crmStatus: 'new', zzapStatus: HOSTILE }]],
    ],
    write: writeAll,
    reads: { read: (db) => createMappingStore(db).read('c-1'), snapshot: readSnapshot },
  },
  {
    name: 'cursor',
    table: 'cursors',
    key: { connectionId: 'c-1' },
    namedBy: 'c-1',
    broken: [
      ['version', HOSTILE],
      ['pulledToMs', HOSTILE],
      ['digest', HOSTILE],
      ['digest', `{"${HOSTILE}":1}`],
      ['idle', { runId: HOSTILE }],
    ],
    write: writeAll,
    reads: { read: (db) => createCursorStore(db).read('c-1'), snapshot: readSnapshot },
  },
  {
    name: 'order link',
    table: 'orders',
    key: { connectionId: 'c-1', zzapOrderCode: '100500' },
    namedBy: '100500',
    broken: [
      ['version', HOSTILE],
      ['state', HOSTILE],
      ['crmOrderId', HOSTILE],
      ['quarantine', { reason: HOSTILE }],
      ['trace', [{ atMs: NOON_MS, event: HOSTILE }]],
    ],
    write: (db) => createOrderLinkStore(db).save(aSetAsideLink({ crmNumber: '77C' })),
    reads: {
      findMany: (db) => createOrderLinkStore(db).findMany('c-1', ['100500']),
      findByCrmNumber: (db) => createOrderLinkStore(db).findByCrmNumber('c-1', '77C'),
      listAttention: (db) => createOrderLinkStore(db).listAttention('c-1', { limit: 10 }),
      list: (db) => createOrderLinkStore(db).list('c-1', { limit: 10 }),
    },
  },
  {
    name: 'run record',
    table: 'runs',
    key: { connectionId: 'c-1', runId: 'r-1' },
    namedBy: 'r-1',
    broken: [
      ['trigger', HOSTILE],
      ['state', HOSTILE],
      ['counts', { found: HOSTILE }],
      ['problems', [{ zzapOrderCode: [HOSTILE] }]],
      ['failure', { kind: HOSTILE }],
      ['startedAtMs', HOSTILE],
    ],
    write: (db) => createRunStore(db).put(aRun()),
    reads: {
      find: (db) => createRunStore(db).find('c-1', 'r-1'),
      list: (db) => createRunStore(db).list('c-1', { limit: 10 }),
    },
  },
  {
    name: 'offers',
    table: 'cursors',
    key: { connectionId: 'offers#c-1' },
    namedBy: 'offers#c-1',
    broken: [
      ['offers', HOSTILE],
      ['offers', `[{"key":["${HOSTILE}"]}]`],
      ['offers', [HOSTILE]],
    ],
    write: (db) =>
      createOfferMemory(db).remember(
        'c-1',
        new Map([['a', { key: 'a', offerId: 1, several: false, lookedUpAtMs: NOON_MS }]]),
      ),
    reads: { recall: (db) => createOfferMemory(db).recall('c-1') },
  },
  {
    name: 'dictionaries',
    table: 'mappings',
    key: { connectionId: 'dictionaries#c-1' },
    namedBy: 'dictionaries#c-1',
    broken: [
      ['crm', HOSTILE],
      ['crm', `{"readAtMs":1,"statuses":[{"code":["${HOSTILE}"]}]}`],
      ['zzap', [HOSTILE]],
    ],
    write: (db) =>
      createDictionaryMemory(db).remember('c-1', {
        zzap: { statuses: [{ code: 10, name: 'Новый' }], readAtMs: NOON_MS },
      }),
    reads: { recall: (db) => createDictionaryMemory(db).recall('c-1') },
  },
  {
    name: 'gate',
    table: 'cursors',
    key: { connectionId: 'gate#key-1' },
    namedBy: 'gate#key-1',
    broken: [
      ['leaseUntilMs', HOSTILE],
      ['nextFreeAtMs', HOSTILE],
    ],
    write: (db) => createZzapGate(db).acquire({ ...gateRequest, holder: 'run-1' }),
    reads: { acquire: (db) => createZzapGate(db).acquire({ ...gateRequest, holder: 'run-2' }) },
  },
  {
    name: 'request budget',
    table: 'cursors',
    key: { connectionId: 'budget#crm-1' },
    namedBy: 'budget#crm-1',
    broken: [
      ['nextAtMs', HOSTILE],
      ['nextAtMs', { [HOSTILE]: 1 }],
    ],
    write: (db) => createRequestBudget(db).reserve(reservation),
    reads: { reserve: (db) => createRequestBudget(db).reserve(reservation) },
  },
];

/** Whole documents that are read before they are written, so that another module version's are noticed. */
const VERSIONED = DOCUMENTS.filter(({ name }) => !['request budget', 'hooked connection'].includes(name));

const readings = (documents: readonly Document[]) =>
  documents.flatMap((document) => Object.keys(document.reads).map((read) => [document.name, read] as const));

function documentOf(name: string): Document {
  return DOCUMENTS.find((document) => document.name === name)!;
}

export function describeStoredDocuments(emptyDatabase: () => Promise<Database>): void {
  describe('a stored item that the module did not write like this', () => {
    let db: Database;
    beforeEach(async () => (db = await emptyDatabase()));

    async function set(document: Document, attribute: string, value: unknown): Promise<void> {
      await db.client.send(
        new UpdateCommand({
          TableName: db.tables[document.table],
          Key: document.key,
          UpdateExpression: value === undefined ? 'REMOVE #attribute' : 'SET #attribute = :value',
          ExpressionAttributeNames: { '#attribute': attribute },
          ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
        }),
      );
    }

    async function refusalOf(reading: Promise<unknown>): Promise<Error> {
      const error: unknown = await reading.then(
        () => new Error('nothing was refused'),
        (thrown: unknown) => thrown,
      );
      return error as Error;
    }

    describe.each(readings(VERSIONED))('%s, read by %s', (name, read) => {
      const document = documentOf(name);

      it.each([2, 0, '1', undefined])('is refused under schema version %j', async (schemaVersion) => {
        await document.write(db);
        await set(document, 'schemaVersion', schemaVersion);

        const error = await refusalOf(document.reads[read]!(db));

        expect(error.name).toBe('StoredDocumentError');
        expect(error.message).toContain(document.table);
        expect(error.message).toContain(document.namedBy);
      });

      it('is read in spite of attributes that a later version added', async () => {
        await document.write(db);
        const before = await document.reads[read]!(db);

        await set(document, 'addedLater', { anything: [HOSTILE] });

        expect(await document.reads[read]!(db)).toEqual(before);
      });
    });

    describe.each(readings(DOCUMENTS))('%s, read by %s', (name, read) => {
      const document = documentOf(name);

      it.each(document.broken)(
        'is refused with %s = %j, by name and without the value',
        async (field, value) => {
          await document.write(db);
          await set(document, field, value);

          const error = await refusalOf(document.reads[read]!(db));

          expect(error.name).toBe('StoredDocumentError');
          expect(error.message).toContain(document.table);
          expect(error.message).toContain(document.namedBy);
          expect(error.message).toContain(field);
          expect(`${error.message} ${String(error.cause)}`).not.toContain(HOSTILE);
          expect(error.message).not.toContain('@');
        },
      );
    });
  });
}

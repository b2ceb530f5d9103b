import { actions, check, type CheckedOperation } from './dynalite';
import type { ItemStores } from './dynalite';
import { deleteExpired, describeTimeToLive, updateTimeToLive } from './expiry';
import { parseItemWrite, runLater, runNow, tableOf, writeItem, type WriteOperation } from './item-operations';
import { itemStoresOver } from './item-stores';
import type { LevelStore } from './level-store';
import { createTable, listTables } from './tables';
import {
  parseTransaction,
  parseTransactionGet,
  readTransaction,
  TransactionTokens,
  writeTransaction,
} from './transactions';
import { WriteQueue } from './write-queue';

/** Answers one operation of the protocol; throws a refusal the client is to see. */
export type Operation = (request: unknown) => unknown;

export interface Engine {
  readonly operations: ReadonlyMap<string, Operation>;
  /** Deletes the items whose time to live is over, unless stopped on the way. */
  readonly sweep: (stop: AbortSignal) => Promise<void>;
  /** Resolves when every write that was begun is stored. */
  idle(): Promise<void>;
}

/** DynamoDB's operations over a store. Every request is checked at once; what writes then waits for its turn. */
export function createEngine(store: LevelStore, nowMs: () => number): Engine {
  const queue = new WriteQueue(store);
  const committed = committedItems(store);
  const operations = new Map<string, Operation>([
    ...Object.entries(itemReads(committed)),
    ...Object.entries(itemWrites(queue)),
    ...Object.entries(transactions(queue, nowMs)),
    ...Object.entries(tableOperations(store, queue, nowMs)),
  ]);
  return {
    operations,
    sweep: (stop) => deleteExpired(store, queue, nowMs(), stop),
    idle: () => queue.idle(),
  };
}

/** Reads see what is stored, never what is still waiting to be. */
function committedItems(store: LevelStore): ItemStores {
  return itemStoresOver({
    get: (key) => store.get(key),
    set: () => {
      throw new Error('Writes go through the write queue.');
    },
    table: (name) => store.catalogue.table(name),
    values: (range) => store.values(range),
  });
}

function itemReads(stores: ItemStores): Record<string, Operation> {
  return {
    GetItem: (raw) => runNow(actions.GetItem, stores, check('GetItem', raw)),
    BatchGetItem: (raw) => runNow(actions.BatchGetItem, stores, check('BatchGetItem', raw)),
    Query: (raw) => runLater(actions.Query, stores, check('Query', raw)),
    Scan: (raw) => runLater(actions.Scan, stores, check('Scan', raw)),
  };
}

function itemWrites(queue: WriteQueue): Record<string, Operation> {
  const write =
    (operation: WriteOperation): Operation =>
    (raw) => {
      const parsed = parseItemWrite(operation, raw);
      return queue.run((staged) => writeItem(staged, parsed));
    };
  return {
    PutItem: write('PutItem'),
    UpdateItem: write('UpdateItem'),
    DeleteItem: write('DeleteItem'),
    BatchWriteItem: (raw) => {
      const request = check('BatchWriteItem', raw);
      return queue.run((staged) => runNow(actions.BatchWriteItem, staged.itemStores, request));
    },
  };
}

function transactions(queue: WriteQueue, nowMs: () => number): Record<string, Operation> {
  const tokens = new TransactionTokens();
  return {
    TransactWriteItems: (raw) => {
      const request = parseTransaction(raw);
      return queue.run((staged) => {
        if (tokens.isDone(request, nowMs())) return {};
        writeTransaction(staged, request);
        tokens.remember(request, nowMs());
        return {};
      });
    },
    // In the writers' queue, so that it never sees one half of a transaction.
    TransactGetItems: (raw) => {
      const gets = parseTransactionGet(raw);
      return queue.run((staged) => ({ Responses: readTransaction(staged, gets) }));
    },
  };
}

function tableOperations(
  store: LevelStore,
  queue: WriteQueue,
  nowMs: () => number,
): Record<string, Operation> {
  const named = (operation: CheckedOperation, raw: unknown) =>
    tableOf(store.catalogue, check(operation, raw).TableName);
  return {
    CreateTable: (raw) => {
      const request = check('CreateTable', raw);
      return queue.run((staged) => createTable(staged, request, nowMs()));
    },
    DescribeTable: (raw) => ({ Table: named('DescribeTable', raw) }),
    ListTables: (raw) => listTables(store.catalogue, check('ListTables', raw)),
    UpdateTimeToLive: (raw) => queue.run((staged) => updateTimeToLive(staged, raw)),
    DescribeTimeToLive: (raw) =>
      describeTimeToLive(store.catalogue.timeToLive(named('DescribeTimeToLive', raw).TableName)),
  };
}

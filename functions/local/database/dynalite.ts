import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { isRecord, serializationError } from './service-error';

/** One value in the protocol's form, e.g. `{ S: 'text' }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

export interface Table {
  readonly TableName: string;
  readonly TableStatus: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly [property: string]: unknown;
}

/** A request whose types and limits dynalite has checked, with its expressions parsed into hidden fields. */
export interface CheckedRequest {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ReturnValues?: string;
  readonly ExclusiveStartTableName?: string;
  readonly Limit?: number;
  readonly [property: string]: unknown;
}

export interface Response {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Attributes?: Item;
  readonly LastEvaluatedKey?: Item;
  readonly [property: string]: unknown;
}

export type Callback<T> = (error: unknown, value?: T) => void;

export interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  /** -1 means all. */
  readonly limit?: number;
}

/** The part of dynalite's storage contract that the actions used here call. */
export interface ItemStore {
  lock(key: string, run: (release: <F>(callback: F) => F) => void): void;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, item: Item, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  createValueStream(range: KeyRange): Readable;
}

export interface ItemStores {
  readonly options: { readonly maxItemSize: number };
  getTable(name: string, checkStatus: boolean | Callback<Table>, callback?: Callback<Table>): void;
  getItemDb(tableName: string): ItemStore;
  getIndexDb(kind: string, tableName: string, indexName: string): ItemStore;
}

export type Action = (stores: ItemStores, request: CheckedRequest, callback: Callback<Response>) => void;

interface RequestRules {
  readonly types: unknown;
  readonly custom?: unknown;
}

interface Validations {
  checkTypes(request: unknown, types: unknown): CheckedRequest;
  checkValidations(
    request: CheckedRequest,
    types: unknown,
    custom: unknown,
    stores: ItemStores | LimitsOnly,
  ): void;
}

type LimitsOnly = Pick<ItemStores, 'options'>;

/** The promise-style methods of abstract-level, which dynalite brings along. */
export interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  getSync(key: string, options: { valueEncoding: 'utf8' }): string | undefined;
  batch(operations: readonly LevelWrite[]): Promise<void>;
  values(range: KeyRange): LevelCursor<unknown>;
  iterator(range: KeyRange): LevelCursor<readonly [key: string, value: unknown]>;
}

export type LevelWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: string; readonly valueEncoding: 'utf8' }
  | { readonly type: 'del'; readonly key: string };

export interface LevelCursor<T> {
  nextv(size: number): Promise<readonly T[]>;
  close(): Promise<void>;
}

interface DatabaseRules {
  create(options: { path?: string }): { readonly db: Level };
  createKey(item: Item, table: Table): string;
  /** Each of these answers with the refusal, or with nothing when all is well. */
  validateKey(key: Item, table: Table): Error | null | undefined;
  validateItem(item: Item, table: Table): Error | null | undefined;
  checkConditional(request: CheckedRequest, item: Item | undefined): Error | null | undefined;
}

// Only the deep files are loaded: dynalite's own HTTP server dies when a client disconnects in mid-request.
// They carry no types and no promise of stability, hence the exact version in package.json and this one door.
const load = createRequire(__filename);

function internal(path: string): unknown {
  return load(`dynalite/${path}`);
}

export const rules = internal('db') as DatabaseRules;

const validations = internal('validations') as Validations;

export const actions = {
  BatchGetItem: internal('actions/batchGetItem') as Action,
  BatchWriteItem: internal('actions/batchWriteItem') as Action,
  DeleteItem: internal('actions/deleteItem') as Action,
  GetItem: internal('actions/getItem') as Action,
  PutItem: internal('actions/putItem') as Action,
  Query: internal('actions/query') as Action,
  Scan: internal('actions/scan') as Action,
  UpdateItem: internal('actions/updateItem') as Action,
} as const;

const requestRules = {
  BatchGetItem: internal('validations/batchGetItem') as RequestRules,
  BatchWriteItem: internal('validations/batchWriteItem') as RequestRules,
  CreateTable: internal('validations/createTable') as RequestRules,
  DeleteItem: internal('validations/deleteItem') as RequestRules,
  DescribeTable: internal('validations/describeTable') as RequestRules,
  DescribeTimeToLive: internal('validations/describeTimeToLive') as RequestRules,
  GetItem: internal('validations/getItem') as RequestRules,
  ListTables: internal('validations/listTables') as RequestRules,
  PutItem: internal('validations/putItem') as RequestRules,
  Query: internal('validations/query') as RequestRules,
  Scan: internal('validations/scan') as RequestRules,
  UpdateItem: internal('validations/updateItem') as RequestRules,
} as const;

export type CheckedOperation = keyof typeof requestRules;

/** DynamoDB's own limit on an item. */
const itemBytesMax = 400 * 1024;

export const limits: LimitsOnly = { options: { maxItemSize: itemBytesMax } };

/**
 * Checks a request the way DynamoDB does and parses its expressions; throws the refusal.
 * The request is taken over: unknown fields are removed from it in place, so read what you need before.
 */
export function check(operation: CheckedOperation, request: unknown): CheckedRequest {
  if (!isRecord(request)) throw serializationError('Start of structure or map found where not expected');
  const { types, custom } = requestRules[operation];
  const checked = validations.checkTypes(request, types);
  validations.checkValidations(checked, types, custom, limits);
  return checked;
}

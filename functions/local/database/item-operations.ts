import { actions, check, rules } from './dynalite';
import type { Action, CheckedRequest, Item, ItemStores, Response, Table } from './dynalite';
import { itemPrefix, parseItem } from './item-stores';
import { isConditionFailure, isRecord, refusalOf, resourceError } from './service-error';
import type { StagedWrites } from './staged-writes';
import { asError } from './thrown';

export type WriteOperation = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** One checked write of one item, ready to run. */
export interface ItemWrite {
  readonly operation: WriteOperation;
  readonly request: CheckedRequest;
  /** The protocol's `ReturnValuesOnConditionCheckFailure: ALL_OLD`, which dynalite does not know. */
  readonly showsItemOnRefusal: boolean;
}

export function parseItemWrite(operation: WriteOperation, raw: unknown): ItemWrite {
  // Read first: the check removes what dynalite does not know.
  const showsItemOnRefusal = isRecord(raw) && raw['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
  return { operation, request: check(operation, raw), showsItemOnRefusal };
}

/** Runs one write; a failed condition carries the item that failed it when the client asked for it. */
export function writeItem(staged: StagedWrites, write: ItemWrite): Response {
  try {
    return withoutEmptyAttributes(
      write.request,
      runNow(actions[write.operation], staged.itemStores, write.request),
    );
  } catch (error) {
    if (write.showsItemOnRefusal && isConditionFailure(error)) {
      const item = storedItem(staged, write.request);
      const body = refusalOf(error)?.body;
      if (item !== undefined && body !== undefined) Object.assign(body, { Item: item });
    }
    throw error;
  }
}

export function storedItem(staged: StagedWrites, request: CheckedRequest): Item | undefined {
  const text = staged.get(itemPrefix(request.TableName) + storageKeyOf(staged, request));
  return text === undefined ? undefined : parseItem(text);
}

/** Where the item of a write is stored within its table; throws the refusal when its key is not valid. */
export function storageKeyOf(staged: StagedWrites, request: CheckedRequest): string {
  const table = tableOf(staged, request.TableName);
  const { Item: item, Key: key = {} } = request;
  const refusal = item === undefined ? rules.validateKey(key, table) : rules.validateItem(item, table);
  if (refusal) throw refusal;
  return rules.createKey(item ?? key, table);
}

export function tableOf(source: { table(name: string): Table | undefined }, name: string): Table {
  const table = source.table(name);
  if (table === undefined)
    throw resourceError('NotFound', `Requested resource not found: Table: ${name} not found`);
  return table;
}

/** Runs an action over synchronous stores, where it answers before it returns. */
export function runNow(action: Action, stores: ItemStores, request: CheckedRequest): Response {
  let answer: { readonly error: unknown; readonly response: Response | undefined } | undefined;
  action(stores, request, (error, response) => (answer = { error, response }));
  if (answer === undefined) throw new Error('The action did not answer within the call.');
  if (answer.error !== null && answer.error !== undefined) throw asError(answer.error);
  return answer.response ?? {};
}

/** Runs an action that reads a range and so answers later. */
export function runLater(action: Action, stores: ItemStores, request: CheckedRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    action(stores, request, (error, response) => {
      if (error !== null && error !== undefined) reject(asError(error));
      else resolve(response ?? {});
    });
  });
}

/** DynamoDB leaves `Attributes` out when an update touched nothing that it could return. */
function withoutEmptyAttributes(request: CheckedRequest, response: Response): Response {
  const { Attributes: attributes, ...rest } = response;
  const isEmpty = attributes !== undefined && Object.keys(attributes).length === 0;
  return isEmpty && request.ReturnValues?.startsWith('UPDATED_') ? rest : response;
}

import { createHash } from 'node:crypto';
import { actions, check, rules } from './dynalite';
import type { CheckedRequest, Item } from './dynalite';
import {
  parseItemWrite,
  runNow,
  storageKeyOf,
  storedItem,
  writeItem,
  type ItemWrite,
} from './item-operations';
import {
  isConditionFailure,
  isRecord,
  isValidationFailure,
  refusalOf,
  serializationError,
  ServiceError,
  validationError,
} from './service-error';
import type { StagedWrites } from './staged-writes';

const itemsMax = 100;
const bytesMax = 4 * 1024 * 1024;
/** How long the same ClientRequestToken stands for the same transaction, as DynamoDB has it. */
const tokenLifeMs = 10 * 60 * 1000;

const operationOf = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // A check is validated like a delete, which has the same fields; it is never run as one.
  ConditionCheck: 'DeleteItem',
} as const;

type Kind = keyof typeof operationOf;

interface Member {
  readonly kind: Kind;
  readonly write: ItemWrite;
}

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

export interface TransactionRequest {
  readonly members: readonly Member[];
  readonly token: string | undefined;
  readonly digest: string;
}

/** Remembers finished transactions by token. In memory only: a repeat after a restart runs again. */
export class TransactionTokens {
  readonly #digests = new Map<string, { readonly digest: string; readonly expiresAtMs: number }>();

  /** True when this very transaction is done already; throws when the token stands for another one. */
  isDone({ token, digest }: TransactionRequest, nowMs: number): boolean {
    this.#forgetExpired(nowMs);
    const done = token === undefined ? undefined : this.#digests.get(token);
    if (done === undefined) return false;
    if (done.digest === digest) return true;
    throw new ServiceError(
      'com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException',
      'Request uses the same ClientRequestToken with different parameters',
    );
  }

  remember({ token, digest }: TransactionRequest, nowMs: number): void {
    if (token !== undefined) this.#digests.set(token, { digest, expiresAtMs: nowMs + tokenLifeMs });
  }

  #forgetExpired(nowMs: number): void {
    // A Map keeps the order of insertion, which is the order of expiry.
    for (const [token, { expiresAtMs }] of this.#digests) {
      if (expiresAtMs > nowMs) return;
      this.#digests.delete(token);
    }
  }
}

export function parseTransaction(raw: unknown): TransactionRequest {
  const items = transactItems(raw);
  const text = JSON.stringify(items);
  if (Buffer.byteLength(text) > bytesMax) throw validationError('Collection size exceeds the limit of 4 MB');
  const token = isRecord(raw) ? raw['ClientRequestToken'] : undefined;
  return {
    token: typeof token === 'string' ? token : undefined,
    digest: createHash('sha256').update(text).digest('hex'),
    members: items.map(parseMember),
  };
}

/** Runs all writes or, by throwing TransactionCanceledException with a reason per item, none. */
export function writeTransaction(staged: StagedWrites, { members }: TransactionRequest): void {
  refuseSameItemTwice(staged, members);
  const reasons = members.map((member) => runMember(staged, member));
  if (reasons.every(({ Code }) => Code === 'None')) return;
  throw new ServiceError(
    'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${reasons.map(({ Code }) => Code).join(', ')}]`,
    { CancellationReasons: reasons },
  );
}

export function parseTransactionGet(raw: unknown): readonly CheckedRequest[] {
  return transactItems(raw).map((item) => {
    if (!isRecord(item)) throw serializationError('Start of structure or map found where not expected');
    return check('GetItem', item['Get']);
  });
}

export function readTransaction(
  staged: StagedWrites,
  gets: readonly CheckedRequest[],
): { readonly Item?: Item }[] {
  return gets.map((get) => {
    const { Item: item } = runNow(actions.GetItem, staged.itemStores, get);
    return item === undefined ? {} : { Item: item };
  });
}

function transactItems(raw: unknown): readonly unknown[] {
  const items: unknown = isRecord(raw) ? raw['TransactItems'] : undefined;
  if (!Array.isArray(items) || items.length < 1 || items.length > itemsMax)
    throw validationError(`TransactItems must have length between 1 and ${itemsMax}`);
  return items;
}

function parseMember(item: unknown): Member {
  const [entry, ...others] = isRecord(item) ? Object.entries(item).filter(([, value]) => value !== null) : [];
  if (entry === undefined || others.length > 0 || !isKind(entry[0]))
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  const [kind, raw] = entry;
  return { kind, write: parseItemWrite(operationOf[kind], raw) };
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(operationOf, name);
}

function refuseSameItemTwice(staged: StagedWrites, members: readonly Member[]): void {
  const seen = new Set(
    members.map(({ write: { request } }) => `${request.TableName}|${storageKeyOf(staged, request)}`),
  );
  if (seen.size < members.length)
    throw validationError('Transaction request cannot include multiple operations on one item');
}

function runMember(staged: StagedWrites, { kind, write }: Member): Reason {
  try {
    if (kind === 'ConditionCheck') checkCondition(staged, write);
    else writeItem(staged, write);
    return { Code: 'None' };
  } catch (error) {
    return reasonOf(error);
  }
}

function checkCondition(staged: StagedWrites, { request, showsItemOnRefusal }: ItemWrite): void {
  const item = storedItem(staged, request);
  const refusal = rules.checkConditional(request, item);
  if (!refusal) return;
  const body = refusalOf(refusal)?.body;
  if (showsItemOnRefusal && item !== undefined && body !== undefined) Object.assign(body, { Item: item });
  throw refusal;
}

function reasonOf(error: unknown): Reason {
  const body = refusalOf(error)?.body;
  const message = body?.message ?? '';
  const item = body?.['Item'];
  if (isConditionFailure(error))
    return {
      Code: 'ConditionalCheckFailed',
      Message: message,
      ...(isRecord(item) && { Item: item as Item }),
    };
  if (isValidationFailure(error)) return { Code: 'ValidationError', Message: message };
  throw error;
}

import { randomUUID } from 'node:crypto';
import { tableKey, type Catalogue } from './catalogue';
import type { CheckedRequest } from './dynalite';
import { isRecord, resourceError } from './service-error';
import type { StagedWrites } from './staged-writes';

const arnPrefix = 'arn:aws:dynamodb:local:000000000000:table/';
const tableNamesPerPage = 100;

/** Creates a table, active at once: a status that changes later could be stopped half-way by a crash. */
export function createTable(staged: StagedWrites, request: CheckedRequest, nowMs: number): unknown {
  const { TableName: name } = request;
  if (staged.table(name) !== undefined) throw resourceError('InUse', `Table already exists: ${name}`);
  const arn = arnPrefix + name;
  const { BillingMode: billingMode, ...schema } = request;
  const description = {
    ...schema,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: nowMs / 1000,
    ItemCount: 0,
    TableSizeBytes: 0,
    ProvisionedThroughput: throughputOf(request),
    ...(billingMode === 'PAY_PER_REQUEST' && { BillingModeSummary: { BillingMode: billingMode } }),
    ...indexesOf(request, 'GlobalSecondaryIndexes', arn),
    ...indexesOf(request, 'LocalSecondaryIndexes', arn),
  };
  staged.set(tableKey(name), JSON.stringify(description));
  return { TableDescription: description };
}

export function listTables(catalogue: Catalogue, request: CheckedRequest): unknown {
  const { ExclusiveStartTableName: after = '', Limit: limit = tableNamesPerPage } = request;
  const names = catalogue.tableNames().filter((name) => name > after);
  const page = names.slice(0, limit);
  return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
}

function throughputOf({ ProvisionedThroughput: asked }: Readonly<Record<string, unknown>>): unknown {
  const units = isRecord(asked) ? asked : { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  return { ...units, NumberOfDecreasesToday: 0 };
}

function indexesOf(
  request: CheckedRequest,
  kind: 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes',
  tableArn: string,
): Record<string, unknown> {
  const indexes: unknown = request[kind];
  if (!Array.isArray(indexes)) return {};
  const isGlobal = kind === 'GlobalSecondaryIndexes';
  return {
    [kind]: indexes.filter(isRecord).map((index) => ({
      ...index,
      IndexArn: `${tableArn}/index/${String(index['IndexName'])}`,
      IndexSizeBytes: 0,
      ItemCount: 0,
      ...(isGlobal && { IndexStatus: 'ACTIVE', ProvisionedThroughput: throughputOf(index) }),
    })),
  };
}

import { RemovalPolicy } from 'aws-cdk-lib';
import { type Attribute, AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import {
  TABLE_NAMES,
  TABLES,
  type TableKey,
  type TableName,
} from '../../functions/storage/table-definitions';

export interface TablesProps {
  readonly key: IKey;
  /** RETAIN also protects the tables from deletion by hand. */
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The five tables, made from the same description as the embedded ones. Paid per request: an idle shop costs
 * almost nothing. Every table can be restored to any second of the last 35 days.
 */
export class Tables extends Construct {
  readonly byName: Readonly<Record<TableName, Table>>;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    const entries = TABLE_NAMES.map((name) => [name, this.add(name, props)]);
    this.byName = Object.fromEntries(entries) as Record<TableName, Table>;
  }

  private add(name: TableName, { key, removalPolicy }: TablesProps): Table {
    const { key: tableKey, indexes, expiry } = TABLES[name];
    const table = new Table(this, name, {
      ...keyAttributes(tableKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy,
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      ...(expiry !== undefined && { timeToLiveAttribute: expiry }),
    });
    for (const [indexName, indexKey] of Object.entries(indexes)) {
      table.addGlobalSecondaryIndex({ indexName, ...keyAttributes(indexKey) });
    }
    return table;
  }
}

function keyAttributes({ hash, range }: TableKey): { partitionKey: Attribute; sortKey?: Attribute } {
  const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
  return { partitionKey: text(hash), ...(range !== undefined && { sortKey: text(range) }) };
}

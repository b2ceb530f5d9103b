import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EncryptionKey } from './constructs/encryption-key';
import { Tables } from './constructs/tables';
import type { Stage } from './stage';

/** What must survive every redeployment of the service: the tables and the two keys. */
export class DataStack extends Stack {
  readonly tables: Tables;
  readonly vaultKey: EncryptionKey;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { readonly stage: Stage }) {
    const isKept = stage.removal === 'retain';
    super(scope, id, {
      description: `ZZap ↔ RetailCRM (${stage.name}): tables and keys`,
      terminationProtection: isKept,
      ...props,
    });
    const removalPolicy = isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    // Two keys, because who may read a table must not thereby be able to open what is sealed in it.
    const tableKey = new EncryptionKey(this, 'TableKey', {
      alias: `${stage.prefix}-tables`,
      description: 'Tables at rest; usable through DynamoDB only',
      removalPolicy,
    });
    tableKey.serveDynamoDb();
    this.vaultKey = new EncryptionKey(this, 'VaultKey', {
      alias: `${stage.prefix}-vault`,
      description: 'Seals credentials, hook secrets and rows that wait',
      removalPolicy,
    });
    this.tables = new Tables(this, 'Tables', { key: tableKey.key, removalPolicy });
  }
}

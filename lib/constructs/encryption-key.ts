import { Duration, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface EncryptionKeyProps {
  readonly alias: string;
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
}

/** A customer key that turns every year. What older material sealed stays readable. */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      ...props,
      enableKeyRotation: true,
      // The longest there is: a key that is gone takes everything it sealed with it.
      pendingWindow: Duration.days(30),
    });
  }

  /**
   * Lets DynamoDB use the key for whoever of this account may use the table, as AWS's own key for DynamoDB does. So
   * the right to a table is all a function needs, and no role holds a right to this key that works outside DynamoDB.
   */
  serveDynamoDb(): void {
    const { account, region, urlSuffix } = Stack.of(this);
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ThroughDynamoDbOnly',
        principals: [new AnyPrincipal()],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `dynamodb.${region}.${urlSuffix}`,
          },
        },
      }),
    );
  }
}

import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { Database } from '../storage/database';

/** What the cloud has services for and the local run keeps in its own database. */
export const LANE_TABLE = 'local-lane';
export const SCHEDULES_TABLE = 'local-schedules';

export async function createLocalTables(db: Database): Promise<void> {
  const { TableNames: present = [] } = await db.client.send(new ListTablesCommand({}));
  const keys = { [LANE_TABLE]: ['connectionId', 'sequence'], [SCHEDULES_TABLE]: ['connectionId'] };
  for (const [TableName, names] of Object.entries(keys)) {
    if (present.includes(TableName)) continue;
    await db.client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: names.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
  }
}

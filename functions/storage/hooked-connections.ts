import {
  QueryCommand,
  type AttributeValue,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { CONNECTION_STATES } from '../domain/connection';
import type { HookedConnection, HookedConnections } from '../ports/hooked-connections';
import { BY_CONNECTION, CONNECTION_ID_PREFIX } from './connection-items';
import { StoredDocumentError } from './stored-document';

/** The table of connections, through any client of the SDK. */
export interface HookedTable {
  readonly client: { send(command: QueryCommand): Promise<QueryCommandOutput> };
  readonly table: string;
}

type Item = Readonly<Record<string, AttributeValue>>;

/**
 * One request per hint, for the four attributes a hook needs: no sealed text reaches the function whose addresses
 * are open to everybody. Reads items by hand, because a schema library is as large as the rest of that function.
 */
export function createHookedConnections({ client, table }: HookedTable): HookedConnections {
  return {
    async find(connectionId) {
      if (!connectionId.startsWith(CONNECTION_ID_PREFIX)) return null;
      const { Items = [] } = await client.send(new QueryCommand(queryOf(table, connectionId)));
      return Items[0] === undefined ? null : readItem(Items[0]);
    },
  };
}

function queryOf(table: string, connectionId: string): QueryCommandInput {
  return {
    TableName: table,
    IndexName: BY_CONNECTION,
    KeyConditionExpression: 'connectionId = :id',
    ExpressionAttributeValues: { ':id': { S: connectionId } },
    Select: 'SPECIFIC_ATTRIBUTES',
    ProjectionExpression: 'accountId, connectionId, #state, hookSecret.digest',
    ExpressionAttributeNames: { '#state': 'state' },
    Limit: 1,
  };
}

function readItem(item: Item): HookedConnection {
  const connectionId = textOf(item['connectionId'], 'connectionId');
  const where = `connections ${connectionId}`;
  const state = CONNECTION_STATES.find((known) => known === item['state']?.S);
  if (state === undefined) throw new StoredDocumentError(`${where}: field state is unreadable`);
  return {
    accountId: textOf(item['accountId'], 'accountId', where),
    connectionId,
    state,
    digest: textOf(item['hookSecret']?.M?.['digest'], 'hookSecret.digest', where),
  };
}

function textOf(value: AttributeValue | undefined, field: string, where = 'connections'): string {
  // An empty digest would be that of no secret at all.
  if (value?.S) return value.S;
  throw new StoredDocumentError(`${where}: field ${field} is unreadable`);
}

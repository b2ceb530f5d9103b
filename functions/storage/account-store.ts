import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CLAIM_SETTLES_AFTER_MS, type Account, type Claim } from '../domain/account';
import type { AccountStore } from '../ports/account-store';
import { createClaimStore } from './claim-store';
import type { Database } from './database';
import { parseStored, SCHEMA_VERSION, succeeds } from './stored-document';

/** Range key under which an account lies beside its connections. */
export const ACCOUNT_ITEM = '#account';

const schema = z.object({
  accountId: z.string(),
  version: z.int(),
  name: z.string(),
  crmUrl: z.string(),
  sealedApiKey: z.string(),
  scopes: z.array(z.string()),
  timeZone: z.string(),
  createdAtMs: z.number(),
});

export function readAccountItem(item: Readonly<Record<string, unknown>>): Account {
  return parseStored(schema, item, { table: 'connections', key: String(item['accountId']) });
}

export function createAccountStore(db: Database): AccountStore {
  const TableName = db.tables.connections;
  const urls = createClaimStore(db);

  async function find(accountId: string): Promise<Account | null> {
    const { Item } = await db.client.send(
      new GetCommand({ TableName, Key: { accountId, connectionId: ACCOUNT_ITEM }, ConsistentRead: true }),
    );
    return Item === undefined ? null : readAccountItem(Item);
  }

  /** The claim of a creation or a removal that died half-way. */
  async function isAbandoned(claim: Claim, nowMs: number): Promise<boolean> {
    if (nowMs - claim.claimedAtMs <= CLAIM_SETTLES_AFTER_MS) return false;
    return (await find(claim.connectionId)) === null;
  }

  const toItem = (account: Account) => ({
    ...account,
    connectionId: ACCOUNT_ITEM,
    schemaVersion: SCHEMA_VERSION,
  });

  return {
    find,
    async create(account) {
      const url = { kind: 'url', value: account.crmUrl } as const;
      const by = { connectionId: account.accountId, claimedAtMs: account.createdAtMs };
      const answer = await urls.claim(URLS, url, by);
      const abandoned = answer.holder && (await isAbandoned(answer.holder, account.createdAtMs));
      const { granted } = abandoned ? await urls.claim(URLS, url, by, answer.holder) : answer;
      if (!granted) return false;
      await db.client.send(new PutCommand({ TableName, Item: toItem(account) }));
      return true;
    },
    async list({ limit, after }) {
      const { Items = [] } = await db.client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byConnection',
          KeyConditionExpression: 'connectionId = :item AND accountId > :after',
          ExpressionAttributeValues: { ':item': ACCOUNT_ITEM, ':after': after ?? ' ' },
          Limit: limit,
        }),
      );
      return Items.map(readAccountItem);
    },
    save: (account, expectedVersion) =>
      succeeds(
        db.client.send(
          new PutCommand({
            TableName,
            Item: toItem(account),
            ConditionExpression: '#version = :expected',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':expected': expectedVersion },
          }),
        ),
      ),
    async remove(account) {
      await db.client.send(
        new DeleteCommand({ TableName, Key: { accountId: account.accountId, connectionId: ACCOUNT_ITEM } }),
      );
      const by = { connectionId: account.accountId, claimedAtMs: account.createdAtMs };
      await urls.release(URLS, { kind: 'url', value: account.crmUrl }, by);
    },
  };
}

/** Partition of the claims on RetailCRM addresses, which no account owns. */
const URLS = '#urls';

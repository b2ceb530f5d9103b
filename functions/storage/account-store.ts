import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CLAIM_SETTLES_AFTER_MS, type Account, type Claim } from '../domain/account';
import type { AccountStore } from '../ports/account-store';
import { createClaimStore, findHolder } from './claim-store';
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

/** Partition of the claims on RetailCRM addresses, which no account owns. */
const URLS = '#urls';

type FindAccount = (accountId: string) => Promise<Account | null>;

/** Which account has an address of RetailCRM: at most one. */
function createUrlHolders(db: Database, find: FindAccount) {
  const urls = createClaimStore(db);

  /** The claim of a creation or a removal that died half-way. */
  async function isAbandoned(claim: Claim, nowMs: number): Promise<boolean> {
    if (nowMs - claim.claimedAtMs <= CLAIM_SETTLES_AFTER_MS) return false;
    return (await find(claim.connectionId)) === null;
  }

  const claimBy = ({ accountId, createdAtMs }: Account): Claim => ({
    connectionId: accountId,
    claimedAtMs: createdAtMs,
  });

  async function take(account: Account, value: string): Promise<boolean> {
    const url = { kind: 'url', value } as const;
    const by = claimBy(account);
    const answer = await urls.claim(URLS, url, by);
    const abandoned = answer.holder && (await isAbandoned(answer.holder, account.createdAtMs));
    const { granted } = abandoned ? await urls.claim(URLS, url, by, answer.holder) : answer;
    return granted;
  }

  const giveBack = (account: Account, value: string) =>
    urls.release(URLS, { kind: 'url', value }, claimBy(account));

  return {
    take,
    giveBack,
    of: (value: string) => findHolder(db, URLS, { kind: 'url', value }),
  };
}

export function createAccountStore(db: Database): AccountStore {
  const TableName = db.tables.connections;

  async function find(accountId: string): Promise<Account | null> {
    const { Item } = await db.client.send(
      new GetCommand({ TableName, Key: { accountId, connectionId: ACCOUNT_ITEM }, ConsistentRead: true }),
    );
    return Item === undefined ? null : readAccountItem(Item);
  }
  const urls = createUrlHolders(db, find);

  const toItem = (account: Account) => ({
    ...account,
    connectionId: ACCOUNT_ITEM,
    schemaVersion: SCHEMA_VERSION,
  });

  const save = (account: Account, expectedVersion: number) =>
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
    );

  return {
    find,
    async findByUrl(crmUrl) {
      const holder = await urls.of(crmUrl);
      const account = holder && (await find(holder.connectionId));
      // A creation that is under way or died has the address, but no account.
      return account?.crmUrl === crmUrl ? account : null;
    },
    async create(account) {
      if (!(await urls.take(account, account.crmUrl))) return false;
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
    save,
    async move(account, formerUrl, expectedVersion) {
      if (!(await urls.take(account, account.crmUrl))) return false;
      const saved = await save(account, expectedVersion);
      // A save that lost may have lost to one that moved the account to the same place.
      const current = saved ? account : await find(account.accountId);
      const left = saved ? formerUrl : account.crmUrl;
      if (current?.crmUrl !== left) await urls.giveBack(account, left);
      return saved;
    },
    async remove(account) {
      await db.client.send(
        new DeleteCommand({ TableName, Key: { accountId: account.accountId, connectionId: ACCOUNT_ITEM } }),
      );
      await urls.giveBack(account, account.crmUrl);
    },
  };
}

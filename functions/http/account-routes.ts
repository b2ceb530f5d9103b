import { getAccount } from '../settings/account-access';
import { listDirectories } from '../settings/list-directories';
import { createAccount, removeAccount, updateAccount } from '../settings/save-account';
import type { SettingsPorts } from '../settings/settings-ports';
import { presentAccount, presentPage } from './presenters';
import { route, type Route } from './route';
import * as schemas from './schemas';

export function accountRoutes(ports: SettingsPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/accounts',
      summary: 'RetailCRM accounts',
      query: schemas.pageQuery,
      status: 200,
      answer: schemas.listOf(schemas.accountOut),
      handle: async ({ query: { limit, cursor } }) => {
        const found = await ports.accounts.list({
          limit: limit + 1,
          ...(cursor !== undefined && { after: cursor }),
        });
        const items = found.slice(0, limit);
        const nextCursor = found.length > limit ? (items.at(-1)?.accountId ?? null) : null;
        return presentPage({ items, nextCursor }, presentAccount);
      },
    }),
    route({
      method: 'post',
      path: '/api/accounts',
      summary: 'Add a RetailCRM account; its key is tried',
      body: schemas.accountIn,
      status: 201,
      answer: schemas.accountOut,
      handle: async ({ body }) => presentAccount(await createAccount(ports, body)),
    }),
    route({
      method: 'get',
      path: '/api/accounts/{accountId}',
      summary: 'One account',
      params: schemas.accountParams,
      status: 200,
      answer: schemas.accountOut,
      handle: async ({ params }) => presentAccount(await getAccount(ports, params.accountId)),
    }),
    route({
      method: 'patch',
      path: '/api/accounts/{accountId}',
      summary: 'Change name or key; a new key is tried',
      params: schemas.accountParams,
      body: schemas.accountPatch,
      status: 200,
      answer: schemas.accountOut,
      handle: async ({ params, body }) => presentAccount(await updateAccount(ports, params.accountId, body)),
    }),
    route({
      method: 'delete',
      path: '/api/accounts/{accountId}',
      summary: 'Remove an account without connections',
      params: schemas.accountParams,
      status: 204,
      handle: async ({ params }) => removeAccount(ports, params.accountId),
    }),
    route({
      method: 'get',
      path: '/api/accounts/{accountId}/directories',
      summary: 'Stores, statuses and order methods as RetailCRM has them now',
      params: schemas.accountParams,
      status: 200,
      answer: schemas.directoriesOut,
      handle: async ({ params }) => listDirectories(ports, params.accountId),
    }),
  ];
}

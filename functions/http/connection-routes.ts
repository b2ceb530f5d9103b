import type { Connection } from '../domain/connection';
import { getAccount } from '../settings/account-access';
import { checkZzap } from '../settings/check-credentials';
import { createConnection } from '../settings/create-connection';
import { getConnection } from '../settings/get-connection';
import { removeConnection } from '../settings/remove-connection';
import type { SettingsPorts } from '../settings/settings-ports';
import { updateConnection } from '../settings/update-connection';
import { HttpProblem } from './problem';
import { presentConnection, presentPage } from './presenters';
import { route, type Route } from './route';
import * as schemas from './schemas';
import { fromDay } from './times';

export function connectionRoutes(ports: SettingsPorts): Route[] {
  const present = async (connection: Connection) => {
    const [account, cursor] = await Promise.all([
      getAccount(ports, connection.accountId),
      ports.cursors.read(connection.connectionId),
    ]);
    return presentConnection(connection, account, cursor.lastSyncAtMs);
  };
  return [listRoute(ports, present), ...savingRoutes(ports, present)];
}

type Present = (connection: Connection) => Promise<ReturnType<typeof presentConnection>>;

function listRoute(ports: SettingsPorts, present: Present): Route {
  return route({
    method: 'get',
    path: '/api/accounts/{accountId}/connections',
    summary: 'Connections of an account',
    params: schemas.accountParams,
    query: schemas.pageQuery,
    status: 200,
    answer: schemas.listOf(schemas.connectionOut),
    handle: async ({ params: { accountId }, query: { limit, cursor } }) => {
      await getAccount(ports, accountId);
      const found = await ports.connections.list(accountId, {
        limit: limit + 1,
        ...(cursor !== undefined && { after: cursor }),
      });
      const items = await Promise.all(found.slice(0, limit).map(present));
      const nextCursor = found.length > limit ? (items.at(-1)?.connectionId ?? null) : null;
      return presentPage({ items, nextCursor }, (item) => item);
    },
  });
}

function savingRoutes(ports: SettingsPorts, present: Present): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/accounts/{accountId}/connections',
      summary: 'Add a connection («Добавить веб-хук»); its credentials are tried at ZZap',
      params: schemas.accountParams,
      body: schemas.connectionIn,
      status: 201,
      answer: schemas.connectionOut,
      handle: async ({ params: { accountId }, body: { importFrom, ...body } }) => {
        const account = await getAccount(ports, accountId);
        const importFromMs = instantOf(importFrom, account.timeZone);
        return present(await createConnection(ports, accountId, { ...body, importFromMs }));
      },
    }),
    route({
      method: 'get',
      path: '/api/connections/{connectionId}',
      summary: 'One connection',
      params: schemas.connectionParams,
      status: 200,
      answer: schemas.connectionOut,
      handle: async ({ params }) => present(await getConnection(ports, params.connectionId)),
    }),
    route({
      method: 'patch',
      path: '/api/connections/{connectionId}',
      summary: 'Change a connection; new credentials are tried before they are kept',
      params: schemas.connectionParams,
      body: schemas.connectionPatch,
      status: 200,
      answer: schemas.connectionOut,
      handle: async ({ params: { connectionId }, body: { importFrom, ...body } }) => {
        const { accountId } = await getConnection(ports, connectionId);
        const account = await getAccount(ports, accountId);
        const importFromMs = instantOf(importFrom, account.timeZone);
        return present(await updateConnection(ports, connectionId, { ...body, importFromMs }));
      },
    }),
    route({
      method: 'delete',
      path: '/api/connections/{connectionId}',
      summary: 'Remove a connection and its credentials',
      params: schemas.connectionParams,
      status: 204,
      handle: async ({ params }) => removeConnection(ports, params.connectionId),
    }),
    route({
      method: 'post',
      path: '/api/connections/check',
      summary: 'Try ZZap credentials that are not saved',
      body: schemas.credentialsCheckIn,
      status: 200,
      answer: schemas.credentialsCheckOut,
      handle: async ({ body: { login, password, zzapApiKey } }) => {
        const statuses = await checkZzap(ports, { login, password, apiKey: zzapApiKey });
        return { ok: true, statuses: statuses.length };
      },
    }),
  ];
}

function instantOf(importFrom: string | undefined, timeZone: string): number | undefined {
  if (importFrom === undefined) return undefined;
  const ms = fromDay(importFrom, timeZone);
  if (ms !== null) return ms;
  throw new HttpProblem({
    status: 422,
    title: 'request-refused',
    code: 'body-invalid',
    fields: [{ path: 'importFrom', code: 'date-malformed' }],
  });
}

import type { Connection } from '../domain/connection';
import { getAccount } from '../settings/account-access';
import { checkZzap } from '../settings/check-credentials';
import { createConnection } from '../settings/create-connection';
import { getConnection } from '../settings/get-connection';
import { removeConnection } from '../settings/remove-connection';
import { readHookSecret, rotateHookSecret } from '../settings/hook-secret';
import { previewOrders } from '../settings/preview-orders';
import type { SettingsPorts } from '../settings/settings-ports';
import { updateConnection } from '../settings/update-connection';
import { presentHooks } from './hook-texts';
import type { Language } from './language';
import { HttpProblem } from './problem';
import { presentPreview } from './preview-answer';
import { previewOut } from './preview-schema';
import { presentConnection, presentPage } from './presenters';
import { route, type Route } from './route';
import * as schemas from './schemas';
import { fromDay } from './times';

export function connectionRoutes(ports: SettingsPorts): Route[] {
  const present = async (connection: Connection, language: Language) => {
    const [account, cursor, secret] = await Promise.all([
      getAccount(ports, connection.accountId),
      ports.cursors.read(connection.connectionId),
      readHookSecret(ports, connection),
    ]);
    return {
      ...presentConnection(connection, account, cursor, language),
      ...presentHooks(connection, secret, ports.publicUrl(), language),
    };
  };
  return [listRoute(ports, present), ...savingRoutes(ports, present), ...otherRoutes(ports, present)];
}

type Present = (
  connection: Connection,
  language: Language,
) => Promise<ReturnType<typeof presentConnection> & ReturnType<typeof presentHooks>>;

function listRoute(ports: SettingsPorts, present: Present): Route {
  return route({
    method: 'get',
    path: '/api/accounts/{accountId}/connections',
    summary: 'Connections of an account',
    params: schemas.accountParams,
    query: schemas.pageQuery,
    status: 200,
    answer: schemas.listOf(schemas.connectionOut),
    handle: async ({ params: { accountId }, query: { limit, cursor } }, language) => {
      await getAccount(ports, accountId);
      const found = await ports.connections.list(accountId, {
        limit: limit + 1,
        ...(cursor !== undefined && { after: cursor }),
      });
      const shown = found.slice(0, limit).map((connection) => present(connection, language));
      const items = await Promise.all(shown);
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
      handle: async ({ params: { accountId }, body: { importFrom, ...body } }, language) => {
        const account = await getAccount(ports, accountId);
        const importFromMs = instantOf(importFrom, account.timeZone);
        return present(await createConnection(ports, accountId, { ...body, importFromMs }), language);
      },
    }),
    route({
      method: 'get',
      path: '/api/connections/{connectionId}',
      summary: 'One connection',
      params: schemas.connectionParams,
      status: 200,
      answer: schemas.connectionOut,
      handle: async ({ params }, language) =>
        present(await getConnection(ports, params.connectionId), language),
    }),
    route({
      method: 'patch',
      path: '/api/connections/{connectionId}',
      summary: 'Change a connection; new credentials are tried before they are kept',
      params: schemas.connectionParams,
      body: schemas.connectionPatch,
      status: 200,
      answer: schemas.connectionOut,
      handle: async ({ params: { connectionId }, body: { importFrom, ...body } }, language) => {
        const { accountId } = await getConnection(ports, connectionId);
        const account = await getAccount(ports, accountId);
        const importFromMs = instantOf(importFrom, account.timeZone);
        return present(await updateConnection(ports, connectionId, { ...body, importFromMs }), language);
      },
    }),
  ];
}

function otherRoutes(ports: SettingsPorts, present: Present): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/connections/{connectionId}/preview',
      summary: 'What the first run would do. Asks ZZap once and writes nothing',
      params: schemas.connectionParams,
      status: 200,
      answer: previewOut,
      handle: async ({ params }, language) =>
        presentPreview(await previewOrders(ports, params.connectionId), language),
    }),
    route({
      method: 'post',
      path: '/api/connections/{connectionId}/hooks/rotate',
      summary: 'New hook URLs; the old ones stop working at once',
      params: schemas.connectionParams,
      status: 200,
      answer: schemas.connectionOut,
      handle: async ({ params }, language) =>
        present(await rotateHookSecret(ports, params.connectionId), language),
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

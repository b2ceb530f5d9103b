import { getRun, listOrders, listRuns } from '../settings/read-journal';
import { replayOrder, requestSync } from '../settings/request-run';
import type { SettingsPorts } from '../settings/settings-ports';
import { readMapping, saveMapping } from '../settings/status-mapping';
import { presentMapping } from './mapping-answer';
import { presentOrder, presentPage, presentRun } from './presenters';
import { route, type Route } from './route';
import * as schemas from './schemas';

export function syncRoutes(ports: SettingsPorts): Route[] {
  return [...mappingRoutes(ports), ...runRoutes(ports), ...orderRoutes(ports)];
}

function mappingRoutes(ports: SettingsPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/connections/{connectionId}/mapping',
      summary: 'The status mapping with both dictionaries and what the doctor finds',
      params: schemas.connectionParams,
      query: schemas.mappingQuery,
      status: 200,
      answer: schemas.mappingOut,
      handle: async ({ params, query }, language) =>
        presentMapping(await readMapping(ports, params.connectionId, query), language),
    }),
    route({
      method: 'put',
      path: '/api/connections/{connectionId}/mapping',
      summary: 'Replace the mapping; each status may be used once on each side',
      params: schemas.connectionParams,
      body: schemas.mappingIn,
      status: 200,
      answer: schemas.mappingOut,
      handle: async ({ params, body }, language) =>
        presentMapping(await saveMapping(ports, params.connectionId, body), language),
    }),
  ];
}

function runRoutes(ports: SettingsPorts): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/connections/{connectionId}/sync',
      summary: '«Синхронизировать сейчас»',
      params: schemas.connectionParams,
      status: 202,
      answer: schemas.runAccepted,
      handle: async ({ params }) => {
        const { runId } = await requestSync(ports, params.connectionId);
        return { runId };
      },
    }),
    route({
      method: 'get',
      path: '/api/connections/{connectionId}/runs',
      summary: 'The journal, newest first',
      params: schemas.connectionParams,
      query: schemas.pageQuery,
      status: 200,
      answer: schemas.listOf(schemas.runOut),
      handle: async ({ params, query }, language) =>
        presentPage(await listRuns(ports, params.connectionId, query), (run) => presentRun(run, language)),
    }),
    route({
      method: 'get',
      path: '/api/connections/{connectionId}/runs/{runId}',
      summary: 'One run; a running one shows how far it is',
      params: schemas.runParams,
      status: 200,
      answer: schemas.runOut,
      handle: async ({ params }, language) =>
        presentRun(await getRun(ports, params.connectionId, params.runId), language),
    }),
  ];
}

function orderRoutes(ports: SettingsPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/connections/{connectionId}/orders',
      summary: '«Где мой заказ?»: by number, those that need attention, the status queue, or all',
      params: schemas.connectionParams,
      query: schemas.ordersQuery,
      status: 200,
      answer: schemas.listOf(schemas.orderOut),
      handle: async ({ params, query }, language) =>
        presentPage(await listOrders(ports, params.connectionId, query, query), (listed) =>
          presentOrder(listed, language, {
            nowMs: ports.clock.nowMs(),
            zzapMinIntervalMs: ports.zzapMinIntervalMs,
          }),
        ),
    }),
    route({
      method: 'post',
      path: '/api/connections/{connectionId}/orders/{zzapOrderCode}/replay',
      summary: 'Try an order that needs attention once more',
      params: schemas.orderParams,
      status: 202,
      answer: schemas.runAccepted,
      handle: async ({ params }) => {
        const { runId } = await replayOrder(ports, params.connectionId, params.zzapOrderCode);
        return { runId };
      },
    }),
  ];
}

import { TrieRouter } from 'hono/router/trie-router';
import { Hono } from 'hono/tiny';
import type { SettingsPorts } from '../settings/settings-ports';
import { VERSION } from '../version';
import { accountRoutes } from './account-routes';
import type { ServeForm } from './assets';
import { connectionRoutes } from './connection-routes';
import { languageOf } from './language';
import { describeApi } from './openapi';
import { INTERNAL_PROBLEM, problemOf, problemResponse } from './problem';
import { route } from './route';
import * as schemas from './schemas';
import { syncRoutes } from './sync-routes';

export type HandleRequest = (request: Request) => Promise<Response>;

const noForm: ServeForm = () => null;

/** The settings API and the form as one web-standard handler: the same in the cloud and in the local run. */
export function createSettingsApp(ports: SettingsPorts, serveForm: ServeForm = noForm): HandleRequest {
  const health = route({
    method: 'get',
    path: '/healthz',
    summary: 'Whether the service is up',
    status: 200,
    answer: schemas.healthOut,
    handle: () => Promise.resolve({ status: 'ok', version: VERSION }),
  });
  const routes = [health, ...accountRoutes(ports), ...connectionRoutes(ports), ...syncRoutes(ports)];
  const description = JSON.stringify(describeApi(routes));

  const app = new Hono();
  // The smallest Hono, but for its router: that one takes a slash at the end for nothing.
  app.router = new TrieRouter();
  for (const each of routes) each.mount(app);
  app.get('/openapi.json', () => {
    return new Response(description, { headers: { 'content-type': 'application/json; charset=utf-8' } });
  });
  app.notFound((context) => {
    const file = serveForm(context.req.raw);
    if (file) return file;
    const language = languageOf(context.req.header('accept-language') ?? null);
    return problemResponse({ status: 404, title: 'not-found', code: 'route-not-found' }, language);
  });
  app.onError((error, context) => {
    const language = languageOf(context.req.header('accept-language') ?? null);
    const problem = problemOf(error);
    if (!problem) ports.log.error('http.broken', { method: context.req.method }, error);
    return problemResponse(problem ?? INTERNAL_PROBLEM, language);
  });
  return async (request) => app.fetch(request);
}

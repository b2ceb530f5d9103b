import { TrieRouter } from 'hono/router/trie-router';
import { Hono } from 'hono/tiny';
import type { SettingsPorts } from '../settings/settings-ports';
import { VERSION } from '../version';
import { accountRoutes } from './account-routes';
import type { ServeForm } from './assets';
import type { AppEnvironment, Caller } from './caller';
import { connectionRoutes } from './connection-routes';
import { languageOf } from './language';
import { describeApi } from './openapi';
import { answerCrm, MODULE_PREFIX } from './module-routes';
import { HttpProblem, INTERNAL_PROBLEM, problemOf, problemResponse } from './problem';
import { route } from './route';
import * as schemas from './schemas';
import { syncRoutes } from './sync-routes';

/** Without a caller nobody but an operator can reach the app: so it is in the local run. */
export type HandleRequest = (request: Request, caller?: Caller) => Promise<Response>;

const noForm: ServeForm = () => null;

const SIGN_IN_FIRST = new HttpProblem({ status: 401, title: 'not-signed-in', code: 'sign-in-first' });

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

  const app = new Hono<AppEnvironment>();
  // The smallest Hono, but for its router: that one takes a slash at the end for nothing.
  app.router = new TrieRouter();
  // Here, where the path is what routes are found by: a gateway before us may read it otherwise.
  app.use('/api/*', async ({ env }, next) => {
    if (env.caller?.isOperator === false) throw SIGN_IN_FIRST;
    await next();
  });
  for (const each of routes) each.mount(app);
  const answerRetailCrm = answerCrm(ports);
  app.all(`${MODULE_PREFIX}*`, ({ req }) => answerRetailCrm(req.raw));
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
  return async (request, caller) => app.fetch(request, { ...(caller && { caller }) });
}

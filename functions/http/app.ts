import { TrieRouter } from 'hono/router/trie-router';
import { Hono } from 'hono/tiny';
import type { SettingsPorts } from '../settings/settings-ports';
import { VERSION } from '../version';
import { accountRoutes } from './account-routes';
import type { ServeForm } from './assets';
import type { AppEnvironment, Caller } from './caller';
import { connectionRoutes } from './connection-routes';
import { languageOf } from './language';
import { answerCrm, MODULE_PREFIX } from './module-routes';
import { HttpProblem, INTERNAL_PROBLEM, problemOf, problemResponse } from './problem';
import { route, type Route } from './route';
import * as schemas from './schemas';
import { syncRoutes } from './sync-routes';

/** Without a caller nobody but an operator can reach the app: so it is in the local run. */
export type HandleRequest = (request: Request, caller?: Caller) => Promise<Response>;

/** What the app shows besides its API. */
export interface Shown {
  readonly serveForm?: ServeForm;
  /** The description of the API as JSON. Made when the cloud's package is built, so that it need not be in there. */
  readonly describe?: (routes: readonly Route[]) => string;
}

const NOTHING: ServeForm = () => null;

const SIGN_IN_FIRST = new HttpProblem({ status: 401, title: 'not-signed-in', code: 'sign-in-first' });

/** Every route of the contract. */
export function settingsRoutes(ports: SettingsPorts): readonly Route[] {
  const health = route({
    method: 'get',
    path: '/healthz',
    summary: 'Whether the service is up',
    status: 200,
    answer: schemas.healthOut,
    handle: () => Promise.resolve({ status: 'ok', version: VERSION }),
  });
  return [health, ...accountRoutes(ports), ...connectionRoutes(ports), ...syncRoutes(ports)];
}

/** The settings API and the form as one web-standard handler: the same in the cloud and in the local run. */
export function createSettingsApp(ports: SettingsPorts, shown: Shown = {}): HandleRequest {
  const { serveForm = NOTHING, describe } = shown;
  const routes = settingsRoutes(ports);
  const description = describe?.(routes);
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
  if (description !== undefined) {
    app.get('/openapi.json', () => {
      return new Response(description, { headers: { 'content-type': 'application/json; charset=utf-8' } });
    });
  }
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

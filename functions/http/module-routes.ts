import { FEATURE_SCOPES, REQUIRED_SCOPES } from '../domain/account';
import { accountOfClientId, type CrmModule } from '../domain/crm-module';
import { accountUrlOf, MODULE_PATHS } from '../settings/installed-module';
import { acceptActivity } from '../settings/module-activity';
import { registerModule } from '../settings/register-module';
import type { SettingsPorts } from '../settings/settings-ports';
import { languageOf, type Language } from './language';
import { isTokenOf, readActivity, readForm, readRegistration } from './module-requests';
import { HttpProblem, INTERNAL_PROBLEM, problemOf, type ProblemFacts } from './problem';
import { sameDigest } from './same-digest';
import { textOf } from './texts';

/** Every path that RetailCRM calls about the module begins with this. */
export const MODULE_PREFIX = '/retailcrm/';

/** RetailCRM's own patience is not known; whatever takes longer is finished without it. */
const ANSWER_MS_MAX = 4_500;

type Answer = Readonly<Record<string, unknown>> | Response;
type Handle = (ports: SettingsPorts, request: Request) => Promise<Answer>;

const HANDLERS: Readonly<Record<string, Handle>> = {
  'GET /retailcrm/config': config,
  [`POST ${MODULE_PATHS.register}`]: register,
  [`POST ${MODULE_PATHS.activity}`]: activity,
  [`POST ${MODULE_PATHS.account}`]: openAccount,
};

/** What RetailCRM asks of a module: connecting in one click, on and off, the way to its settings. */
export function answerCrm(ports: SettingsPorts): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const handle = HANDLERS[`${request.method} ${new URL(request.url).pathname}`];
      if (!handle) throw new HttpProblem({ status: 404, title: 'request-refused', code: 'route-not-found' });
      const answer = await handle(ports, request);
      return answer instanceof Response ? answer : json(200, { success: true, ...answer });
    } catch (error) {
      const facts = problemOf(error);
      if (!facts) ports.log.error('module.broken', {}, error);
      const language = languageOf(request.headers.get('accept-language'));
      return refused(facts ?? INTERNAL_PROBLEM, language);
    }
  };
}

function config(ports: SettingsPorts): Promise<Answer> {
  requireSecret(ports);
  return Promise.resolve({
    scopes: [...REQUIRED_SCOPES, ...Object.keys(FEATURE_SCOPES)],
    registerUrl: `${ports.publicUrl()}${MODULE_PATHS.register}`,
  });
}

async function register(ports: SettingsPorts, request: Request): Promise<Answer> {
  const secret = requireSecret(ports);
  const { token, apiKey, systemUrl } = readRegistration(await readForm(request));
  if (!isTokenOf(secret, apiKey, token))
    throw new HttpProblem({ status: 401, title: 'request-refused', code: 'module-token-refused' });
  await inTime(ports, `register ${ports.secrets.digest(apiKey)}`, () =>
    registerModule(ports, { apiKey, systemUrl }),
  );
  return { accountUrl: accountUrlOf(ports) };
}

async function activity(ports: SettingsPorts, request: Request): Promise<Answer> {
  const form = await readForm(request);
  const module = await identify(ports, form);
  const told = { ...readActivity(form), systemUrl: form.get('systemUrl') };
  const key = `activity ${module.accountId} ${JSON.stringify(told)}`;
  await inTime(ports, key, async () => {
    await acceptActivity(ports, module, told);
    return true;
  });
  return {};
}

/** Leads to the form. The identifier opens nothing yet: the form asks who is there. */
async function openAccount(ports: SettingsPorts, request: Request): Promise<Answer> {
  await identify(ports, await readForm(request));
  return new Response(null, { status: 303, headers: { location: '/', 'cache-control': 'no-store' } });
}

/** The installation that calls. An unknown account is compared as well: with a digest that no identifier has. */
async function identify(ports: SettingsPorts, form: URLSearchParams): Promise<CrmModule> {
  const clientId = form.get('clientId') ?? '';
  const accountId = accountOfClientId(clientId);
  const module = accountId === null ? null : await ports.modules.find(accountId);
  const known = sameDigest(module?.clientId.digest ?? '', ports.secrets.digest(clientId));
  if (!module || !known)
    throw new HttpProblem({ status: 404, title: 'request-refused', code: 'module-client-unknown' });
  return module;
}

async function inTime<Result>(
  ports: SettingsPorts,
  key: string,
  begin: () => Promise<Result>,
): Promise<Result> {
  const failedLate = (error: unknown) => ports.log.error('module.broken', {}, error);
  const done = await ports.patience({ key, begin, maxMs: ANSWER_MS_MAX, failedLate });
  if (done === null) throw new HttpProblem({ status: 503, title: 'request-refused', code: 'module-late' });
  return done;
}

function requireSecret({ moduleSecret }: SettingsPorts): string {
  if (moduleSecret === null)
    throw new HttpProblem({ status: 404, title: 'request-refused', code: 'module-not-offered' });
  return moduleSecret;
}

/** A refusal as RetailCRM reads it and shows it to whoever clicked. */
function refused({ status, code, params, fields = [] }: ProblemFacts, language: Language): Response {
  const texts = fields.map((field) => textOf(field.code, language, field.params));
  const errorMsg = texts.length > 0 ? texts.join(' ') : textOf(code, language, params);
  return json(status === 422 ? 400 : status, { success: false, errorMsg });
}

function json(status: number, body: unknown): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(JSON.stringify(body), { status, headers });
}

import { jsonField, ok, type ApiCall, type ApiMethod } from './api-call';
import { phpMap } from './php-shape';
import { badEntity, notFound, Refusal } from './refusal';

function credentials({ key }: ApiCall) {
  return ok({
    credentials: ['/api/credentials', '/api/api-versions', '/api/system-info'],
    scopes: key.scopes,
    ...(key.sites
      ? { siteAccess: 'access_selective', sitesAvailable: key.sites }
      : { siteAccess: 'access_full' }),
  });
}

function settings({ account }: ApiCall) {
  const updatedAt = account.now();
  const value = <T>(of: T) => ({ value: of, updated_at: updatedAt });
  return ok({
    settings: {
      default_currency: value('RUB'),
      system_language: value('RU'),
      timezone: value(account.settings().timeZone),
      mg: { order_creation_enabled: false },
      work_times: [{ day_type: 'Monday', start_time: '09:00', end_time: '18:00' }],
      non_working_days: [],
    },
  });
}

function systemInfo({ host }: ApiCall) {
  return ok({ systemVersion: '8.200.1', publicUrl: host, technicalUrl: host });
}

/** The prefix rule is what the CRM enforces; everything else is stored as sent. */
function editModule(call: ApiCall) {
  const { account, path } = call;
  const code = path[0] ?? '';
  const given = jsonField(call, 'integrationModule');
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badEntity({ integrationModule: 'This value is not valid.' });
  }
  const stored = account.modules()[code] ?? { code, active: false, freeze: false, native: false };
  const next: Record<string, unknown> = { ...stored, ...given, freeze: stored['freeze'] ?? false };
  const prefix = next['integrationCode'];
  if (next['code'] !== code) throw badEntity({ code: 'Code in the path and in the body must match' });
  if (typeof prefix !== 'string' || !code.startsWith(prefix)) {
    throw badEntity({ code: 'Code prefix must match integrationCode' });
  }
  account.record({ modules: { ...account.modules(), [code]: next } });
  return { status: 201, body: { success: true, info: [] } };
}

function readModule({ account, path }: ApiCall) {
  const found = account.modules()[path[0] ?? ''];
  if (!found) throw notFound();
  return ok({ integrationModule: { ...found, actions: phpMap(asMap(found['actions'])) } });
}

const asMap = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Works with a simple connection only, which this account has not made. */
function updateScopes(): never {
  throw new Refusal(400, 'Not enabled simple connection');
}

export const ACCOUNT_METHODS: readonly ApiMethod[] = [
  { verb: 'GET', path: '/api/credentials', scope: null, handle: credentials },
  {
    verb: 'GET',
    path: '/api/api-versions',
    scope: null,
    handle: () => ok({ versions: ['3.0', '4.0', '5.0'] }),
  },
  { verb: 'GET', path: '/api/system-info', scope: 'open', handle: systemInfo },
  { verb: 'GET', path: '/api/v5/settings', scope: null, handle: settings },
  { verb: 'GET', path: '/api/v5/integration-modules/{}', scope: 'integration_read', handle: readModule },
  {
    verb: 'POST',
    path: '/api/v5/integration-modules/{}/edit',
    scope: 'integration_write',
    handle: editModule,
  },
  {
    verb: 'POST',
    path: '/api/v5/integration-modules/{}/update-scopes',
    scope: 'integration_write',
    handle: updateScopes,
  },
];

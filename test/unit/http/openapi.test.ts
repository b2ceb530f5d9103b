import { VERSION } from '../../../functions/version';
import { CRM_KEY, PASSWORD, ZZAP_KEY } from '../../support/settings-world';
import { apiRoutes, openApi, type Json } from './api';

/** Section 6 of the design, the part that this stage of the product promises. */
const PROMISED = [
  'GET /healthz',
  'GET /api/accounts',
  'POST /api/accounts',
  'GET /api/accounts/{accountId}',
  'PATCH /api/accounts/{accountId}',
  'DELETE /api/accounts/{accountId}',
  'GET /api/accounts/{accountId}/directories',
  'GET /api/accounts/{accountId}/connections',
  'POST /api/accounts/{accountId}/connections',
  'GET /api/connections/{connectionId}',
  'PATCH /api/connections/{connectionId}',
  'DELETE /api/connections/{connectionId}',
  'POST /api/connections/check',
  'POST /api/connections/{connectionId}/hooks/rotate',
  'GET /api/connections/{connectionId}/preview',
  'GET /api/connections/{connectionId}/mapping',
  'PUT /api/connections/{connectionId}/mapping',
  'POST /api/connections/{connectionId}/sync',
  'GET /api/connections/{connectionId}/runs',
  'GET /api/connections/{connectionId}/runs/{runId}',
  'GET /api/connections/{connectionId}/orders',
  'POST /api/connections/{connectionId}/orders/{zzapOrderCode}/replay',
];

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Json;
}
interface Operation {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { schema: Json }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>;
}
interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

let description: Description;
let text: string;
let operations: readonly (readonly [string, string, Operation])[];

beforeAll(async () => {
  const answer = await openApi().call('GET', '/openapi.json');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  text = answer.text;
  description = JSON.parse(text) as Description;
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );
});

/** Every schema of a document, the ones inside schemas too. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1 of this version', () => {
    expect(description.openapi).toMatch(/^3\.1\.\d+$/);
    expect(description.info).toEqual({ title: 'ZZap ↔ RetailCRM', version: VERSION });
    expect(Object.keys(description).sort()).toEqual(['components', 'info', 'openapi', 'paths']);
  });

  it('holds every promised route, and no other', () => {
    const described = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`);

    expect(described.sort()).toEqual([...PROMISED].sort());
  });

  it('holds every route that is mounted', () => {
    const mounted = apiRoutes(openApi().world).map(({ method, path }) => `${method} ${path}`);

    expect(operations.map(([method, path]) => `${method} ${path}`).sort()).toEqual(
      [...mounted, 'get /healthz'].sort(),
    );
  });

  it('names each parameter of a path, and no other', () => {
    for (const [method, path, operation] of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = operation.parameters.filter((parameter) => parameter.in === 'path');

      expect([method, path, named.map(({ name }) => name)]).toEqual([method, path, inPath]);
      expect(named.every(({ required, schema }) => required && schema['type'] === 'string')).toBe(true);
    }
  });

  it('never demands what the address carries behind the question mark', () => {
    const inQuery = operations.flatMap(([, , { parameters }]) =>
      parameters.filter((one) => one.in === 'query'),
    );

    expect(new Set(inQuery.map(({ name }) => name))).toEqual(
      new Set(['cursor', 'limit', 'state', 'number', 'refresh']),
    );
    expect(inQuery.filter(({ required }) => required)).toEqual([]);
  });

  it('says of every operation what it does, takes and answers', () => {
    for (const [method, path, { summary, requestBody, responses }] of operations) {
      const name = `${method} ${path}`;
      const { default: problem, ...others } = responses;
      const [[status, good] = ['', undefined], ...more] = Object.entries(others);

      expect([name, summary]).toEqual([name, expect.stringMatching(/\S{2,}/)]);
      expect([name, more]).toEqual([name, []]);
      expect([name, status]).toEqual([name, expect.stringMatching(/^20[0124]$/)]);
      expect([name, Object.keys(good?.content ?? {})]).toEqual([
        name,
        status === '204' ? [] : ['application/json'],
      ]);
      expect([name, problem?.content]).toEqual([
        name,
        { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      ]);
      expect([name, requestBody?.required]).toEqual([name, requestBody === undefined ? undefined : true]);
    }
  });

  it('takes a body exactly where something is saved or tried', () => {
    const taking = operations
      .filter(([, , { requestBody }]) => requestBody)
      .map(([method, path]) => `${method} ${path}`);

    expect(taking.sort()).toEqual([
      'patch /api/accounts/{accountId}',
      'patch /api/connections/{connectionId}',
      'post /api/accounts',
      'post /api/accounts/{accountId}/connections',
      'post /api/connections/check',
      'put /api/connections/{connectionId}/mapping',
    ]);
  });

  it('says that unknown fields are refused', () => {
    for (const [method, path, { requestBody }] of operations) {
      if (!requestBody) continue;
      const schema = requestBody.content['application/json']?.schema;
      expect([method, path, schema?.['additionalProperties']]).toEqual([method, path, false]);
    }
  });

  it('is a document that refers to nothing outside and means something everywhere', () => {
    for (const object of objectsIn(description)) {
      if ('$ref' in object) expect(object['$ref']).toBe('#/components/schemas/Problem');
      expect(object).not.toHaveProperty('$schema');
      expect(object).not.toHaveProperty('nullable');
      if ('required' in object && Array.isArray(object['required'])) {
        const properties = Object.keys(object['properties'] ?? {});
        expect(properties).toEqual(expect.arrayContaining(object['required']));
      }
    }
    expect(text).not.toContain('undefined');
  });

  it('describes the fields of a connection, each with a kind', () => {
    const route = description.paths['/api/accounts/{accountId}/connections']!;
    const schema = route['post']!.requestBody!.content['application/json']!.schema;
    const properties = schema['properties'] as Record<string, Json>;

    expect(schema['required']).toEqual(['name', 'login', 'password', 'zzapApiKey']);
    expect(Object.keys(properties).join(' ')).toBe(
      'name login password zzapApiKey site intervalMinutes itemLink statusDirection includeApiChanges importFrom active',
    );
    for (const property of Object.values(properties)) {
      expect(Object.keys(property).join(' ')).toMatch(/\b(type|anyOf|enum|const)\b/);
    }
  });

  it('answers no field that could hold a secret, and holds none itself', () => {
    for (const [method, path, { responses }] of operations) {
      const answered = JSON.stringify(responses);
      expect([method, path, /password|apiKey|sealed|secret/i.exec(answered)]).toEqual([method, path, null]);
    }
    for (const secret of [CRM_KEY, PASSWORD, ZZAP_KEY]) expect(text).not.toContain(secret);
    for (const object of objectsIn(description)) {
      expect(object).not.toHaveProperty('example');
      expect(object).not.toHaveProperty('examples');
    }
  });
});

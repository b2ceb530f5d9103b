import * as z from 'zod';
import { VERSION } from '../version';
import type { Route } from './route';
import { problemOut } from './schemas';

type Json = Record<string, unknown>;

/** The description as it is answered. */
export function describeAsJson(routes: readonly Route[]): string {
  return JSON.stringify(describeApi(routes));
}

/** OpenAPI 3.1 from the schemas that validate. */
export function describeApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ZZap ↔ RetailCRM', version: VERSION },
    paths,
    components: { schemas: { Problem: jsonSchema(problemOut, 'output') } },
  };
}

function operationOf(route: Route): Json {
  const answered = route.answer && content('application/json', jsonSchema(route.answer, 'output'));
  return {
    summary: route.summary,
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body && {
      requestBody: { required: true, ...content('application/json', jsonSchema(route.body, 'input')) },
    }),
    responses: {
      [route.status]: { description: 'OK', ...answered },
      default: {
        description: 'RFC 9457',
        ...content('application/problem+json', { $ref: '#/components/schemas/Problem' }),
      },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const described = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(described.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (described.required ?? []).includes(name),
    schema: property,
  }));
}

function content(mediaType: string, schema: Json): Json {
  return { content: { [mediaType]: { schema } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const described = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(described).filter(([key]) => key !== '$schema'));
}

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import recorded from '../../fixtures/aws/http-api.json';

export interface EventParts {
  readonly method?: string;
  readonly path?: string;
  /** Without the question mark. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly stage?: string;
  /** True: the gateway took the path for an open one. */
  readonly unsigned?: boolean;
}

const DEFAULTS = {
  method: 'GET',
  path: '/',
  query: '',
  headers: {},
  isBase64Encoded: false,
  unsigned: false,
};

/** An event as the HTTP API sends it: the recorded one with what a test says in its place. */
export function httpEvent(parts: EventParts = {}): APIGatewayProxyEventV2 {
  const { method, path, query, headers, isBase64Encoded, unsigned } = { ...DEFAULTS, ...parts };
  const { body, cookies, stage } = parts;
  const { authorizer, ...requestContext } = recorded.requestContext;
  return {
    version: recorded.version,
    routeKey: recorded.routeKey,
    rawPath: path,
    rawQueryString: query,
    headers: { ...recorded.headers, ...headers },
    ...(cookies && { cookies: [...cookies] }),
    requestContext: {
      ...requestContext,
      ...(!unsigned && { authorizer }),
      http: { ...recorded.requestContext.http, method, path },
      ...(stage !== undefined && { stage }),
    },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}

import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

type HandleRequest = (request: Request, caller: { readonly isOperator: boolean }) => Promise<Response>;
export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * A web-standard handler as a function behind an HTTP API (payload version 2.0). Written here because hono's own
 * adapter is deprecated, refuses a GET with a body, and prints errors with the addresses they came from: ours carry
 * secrets.
 */
export function answerHttpEvents(handle: HandleRequest): HttpHandler {
  return async (event) => {
    const request = readRequest(event);
    const caller = { isOperator: isSigned(event) };
    return request ? toResult(await handle(request, caller)) : { statusCode: 400, body: '' };
  };
}

/** The gateway has checked a signature of this AWS account. It asks for one on `/api` as it understands the path. */
function isSigned({ requestContext }: APIGatewayProxyEventV2): boolean {
  const { authorizer } = requestContext as { readonly authorizer?: { readonly iam?: object | null } };
  return typeof authorizer?.iam === 'object' && authorizer.iam !== null;
}

/** Null for what is no request at all, such as the method TRACE; the gateway passes no such thing on. */
function readRequest(event: APIGatewayProxyEventV2): Request | null {
  try {
    return toRequest(event);
  } catch {
    return null;
  }
}

function toRequest(event: APIGatewayProxyEventV2): Request {
  const { requestContext, rawQueryString } = event;
  const { method } = requestContext.http;
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  const body = bodyOf(event);
  return new Request(`https://${requestContext.domainName}${pathOf(event)}${query}`, {
    method,
    headers: headersOf(event),
    // Any method may come with a body; a web-standard request of these two has none.
    ...(body && method !== 'GET' && method !== 'HEAD' && { body }),
  });
}

/** The gateway decodes the path: marks that would end it are encoded again. A stage with a name stands before it. */
function pathOf({ rawPath, requestContext: { stage } }: APIGatewayProxyEventV2): string {
  const prefix = `/${stage}`;
  const path =
    rawPath === prefix || rawPath.startsWith(`${prefix}/`) ? rawPath.slice(prefix.length) : rawPath;
  return `/${path.replace(/^\//, '').replace(/[?#]/g, encodeURIComponent)}`;
}

function headersOf({ headers, cookies = [] }: APIGatewayProxyEventV2): Headers {
  const read = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) read.set(name, toBytes(value));
  if (cookies.length > 0) read.set('cookie', toBytes(cookies.join('; ')));
  return read;
}

/** A header is bytes, one in each character. */
function toBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEventV2): Uint8Array<ArrayBuffer> | null {
  if (body === undefined || body === '') return null;
  return Uint8Array.from(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}

const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?json|image\/svg)/i;

async function toResult(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const { headers, status } = response;
  const cookies = headers.getSetCookie();
  const isText = TEXT.test(headers.get('content-type') ?? '') && !headers.has('content-encoding');
  const body = Buffer.from(await response.arrayBuffer());
  return {
    statusCode: status,
    headers: Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie')),
    ...(cookies.length > 0 && { cookies }),
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText && body.length > 0,
  };
}

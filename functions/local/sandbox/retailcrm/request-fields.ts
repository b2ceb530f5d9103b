import { multipartFields } from './multipart-form';
import { parseBrackets, type Parameters } from './bracket-parameters';

/** A request as the API sees it: PHP merges nothing else than the query and the form. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export function headerOf(request: ReceivedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function formPairs(request: ReceivedRequest): [string, string][] {
  const type = headerOf(request, 'content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return [...new URLSearchParams(request.body.toString('utf8'))];
  }
  return type.startsWith('multipart/form-data') ? multipartFields(request.body, type) : [];
}

/**
 * Query and form fields. A JSON body has no form fields, so a method that wants one answers that its parameter is
 * missing, as PHP does.
 */
export function requestFields(request: ReceivedRequest): Parameters {
  const form = request.method === 'POST' ? formPairs(request) : [];
  return parseBrackets([...request.query, ...form]);
}

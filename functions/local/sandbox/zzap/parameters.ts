import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { RequestForm } from './wrappers';

export type Parameters = Record<string, string>;

export interface DeclaredParameter {
  name: string;
  type: 'string' | 'int';
  /** The wiki calls it optional; ASMX would not. See Settings.optionalMayBeAbsent. */
  optional?: boolean;
}

const BODY_LIMIT_BYTES = 1_048_576;

/** undefined: ASMX does not recognize the request format. */
export async function readParameters(
  request: IncomingMessage,
  query: URLSearchParams,
): Promise<{ form: RequestForm; params: Parameters } | undefined> {
  if (request.method === 'GET') return { form: 'get', params: Object.fromEntries(query) };
  if (request.method !== 'POST') return undefined;
  const body = await readBody(request);
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/x-www-form-urlencoded')
    return { form: 'form', params: Object.fromEntries(new URLSearchParams(body)) };
  if (contentType !== 'application/json') return undefined;
  const params = parseJsonParameters(body);
  return params === undefined ? undefined : { form: 'json', params };
}

const jsonParameters = z.record(z.string(), z.unknown()).transform((values) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      return [name, value === null ? '' : JSON.stringify(value)];
    }),
  ),
);

function parseJsonParameters(body: string): Parameters | undefined {
  try {
    return jsonParameters.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) throw new Error('Request body is too large.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const isInt32 = (text: string): boolean =>
  /^\s*[+-]?\d{1,10}\s*$/.test(text) && Number(text) === (Number(text) | 0);

export type Refusal = { missing: string } | { text: string };

/** The sentence of the dispatcher that refuses the call, undefined when all is there. Inferred from plain ASMX. */
export function refusalOf(
  declared: readonly DeclaredParameter[],
  params: Parameters,
  optionalMayBeAbsent: boolean,
): Refusal | undefined {
  for (const { name, type, optional = false } of declared) {
    const value = params[name];
    if (value === undefined) {
      if (optional && optionalMayBeAbsent) continue;
      return { missing: name };
    }
    if (type === 'int' && !isInt32(value))
      return {
        text: `Cannot convert ${value} to System.Int32.\r\nParameter name: type ---> System.FormatException: Input string was not in a correct format.`,
      };
  }
  return undefined;
}

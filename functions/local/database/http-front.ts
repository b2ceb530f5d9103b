import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { Operation } from './engine';
import { refusalOf, serializationError } from './service-error';
import { asError } from './thrown';

/** DynamoDB's own limit on a request. */
const requestBytesMax = 16 * 1024 * 1024;
/** Longer than any pause of a client that keeps its connection, so that the client is the one who closes it. */
const keepAliveMs = 65_000;
const protocol = 'DynamoDB_20120810';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** An HTTP server that speaks the DynamoDB JSON protocol. A client that vanishes in mid-request is forgotten. */
export function createFront(operations: ReadonlyMap<string, Operation>): Server {
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy());
    receive(request, (body) => {
      void answer(operations, request, body).then((answered) => send(response, answered));
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;
}

const unknownOperation = { __type: 'com.amazon.coral.service#UnknownOperationException' };
const tooLarge = {
  __type: 'com.amazon.coral.service#RequestEntityTooLargeException',
  message: `A request has at most ${requestBytesMax} bytes`,
};
const missingToken = {
  __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
  message: 'Request is missing Authentication Token',
};

/**
 * Calls back with the whole body, or with nothing when it was too large; never, when the client goes away before.
 * What is too large is read to its end all the same, and thrown away: a client still sending would miss the answer.
 */
function receive(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= requestBytesMax) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on('end', () => done(bytes <= requestBytesMax ? Buffer.concat(chunks, bytes) : undefined));
}

async function answer(
  operations: ReadonlyMap<string, Operation>,
  request: IncomingMessage,
  body: Buffer | undefined,
): Promise<Answer> {
  if (body === undefined) return { status: 413, body: tooLarge };
  if (request.method === 'GET') return { status: 200, body: { status: 'ok' } };
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(`${protocol}.`) && operations.get(target.slice(protocol.length + 1));
  if (!operation) return { status: 400, body: unknownOperation };
  // The signature is not verified. Asking for the header keeps web pages out, which cannot send it unasked.
  if (!request.headers.authorization?.startsWith('AWS4-')) return { status: 400, body: missingToken };
  try {
    return { status: 200, body: await operation(parse(body)) };
  } catch (error) {
    return answerToError(error);
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw serializationError('The body is not JSON');
  }
}

function answerToError(error: unknown): Answer {
  const refusal = refusalOf(error);
  if (refusal !== undefined) return { status: refusal.statusCode, body: refusal.body };
  const { message } = asError(error);
  return { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': bytes.length,
    'x-amz-crc32': crc32(bytes),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(bytes);
}

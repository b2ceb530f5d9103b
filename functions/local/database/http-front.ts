import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import type { Operation } from './engine';
import { refusalOf, serializationError } from './service-error';

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
    receive(request, (received) => {
      if (received === 'too large') {
        send(response, { status: 413, body: unknownOperation });
        // The rest of the body is not wanted: leave the connection instead of reading it.
        response.on('finish', () => request.destroy());
        return;
      }
      void answer(operations, request, received).then((answered) => send(response, answered));
    });
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;
}

const unknownOperation = { __type: 'com.amazon.coral.service#UnknownOperationException' };
const missingToken = {
  __type: 'com.amazon.coral.service#MissingAuthenticationTokenException',
  message: 'Request is missing Authentication Token',
};

/** Calls back once: with the whole body, or as soon as it is too large. Never, when the client goes away before. */
function receive(request: IncomingMessage, done: (received: Buffer | 'too large') => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= requestBytesMax) {
      chunks.push(chunk);
      return;
    }
    request.removeAllListeners('data').removeAllListeners('end').pause();
    done('too large');
  });
  request.on('end', () => done(Buffer.concat(chunks, bytes)));
}

async function answer(
  operations: ReadonlyMap<string, Operation>,
  request: IncomingMessage,
  body: Buffer,
): Promise<Answer> {
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
  const message = error instanceof Error ? error.message : String(error);
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

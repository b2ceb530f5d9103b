import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { httpEvent } from './http-event';

export type AnswerEvent = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Gateway {
  readonly url: string;
  /** Which function answers: hooks have one of their own. */
  connect(answers: { readonly settings: AnswerEvent; readonly webhook: AnswerEvent }): void;
  close(): Promise<void>;
}

/** Plays the HTTP API: real requests become events, results become real answers. Bodies travel as base64. */
export async function startGateway(): Promise<Gateway> {
  let answers: { readonly settings: AnswerEvent; readonly webhook: AnswerEvent } | null = null;

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const event = await toEvent(message);
    const answer = event.rawPath.startsWith('/hooks/') ? answers?.webhook : answers?.settings;
    if (!answer) throw new Error('no function is connected');
    const { statusCode = 500, headers = {}, body = '', isBase64Encoded } = await answer(event);
    response.writeHead(statusCode, headers as Record<string, string>);
    response.end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
  }

  const server = createServer((message, response) => {
    handle(message, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connect: (functions) => void (answers = functions),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function toEvent(message: IncomingMessage): Promise<APIGatewayProxyEventV2> {
  const { pathname, search } = new URL(message.url ?? '', 'http://gateway.test');
  const body = await buffer(message);
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
  return httpEvent({
    method: message.method ?? '',
    path: decodeURI(pathname),
    query: search.slice(1),
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(body.length > 0 && { body: body.toString('base64'), isBase64Encoded: true }),
  });
}

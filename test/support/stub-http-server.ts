import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface StubRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers by value, or by hand on the response itself. */
export type StubHandler = (request: StubRequest, response: ServerResponse) => StubAnswer | undefined;

export interface StubHttpServer {
  readonly url: string;
  /** Every request, oldest first. */
  readonly requests: readonly StubRequest[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that says whatever the test wants. */
export async function startStubHttpServer(handler: StubHandler): Promise<StubHttpServer> {
  const requests: StubRequest[] = [];
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = message;
    const request = { method, url, headers, body: await text(message) };
    requests.push(request);
    const answer = handler(request, response);
    if (answer === undefined) return;
    const { status = 200, body = '' } = answer;
    response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8', ...answer.headers }).end(body);
  };
  const server = createServer(
    (message, response) => void handle(message, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

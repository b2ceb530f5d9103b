import { unwrap } from '../../functions/zzap/unwrap';
import {
  startStubHttpServer,
  type StubAnswer,
  type StubHttpServer,
  type StubRequest,
} from './stub-http-server';

export interface BentAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

export interface Bends {
  /** Changes the fields of a request, of its query or its form, before it is passed on. */
  readonly request?: (path: string, fields: URLSearchParams) => void;
  /** What is answered instead. */
  readonly answer?: (path: string, answer: BentAnswer, request: StubRequest) => BentAnswer;
}

/** Stands between a client and a sandbox and bends what one says to the other. */
export function startBendingProxy(target: string, bends: Bends): Promise<StubHttpServer> {
  return startStubHttpServer((request, response) => {
    void passOn(target, bends, request).then(
      ({ status = 200, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    );
    return undefined;
  });
}

async function passOn(target: string, bends: Bends, request: StubRequest): Promise<StubAnswer> {
  const url = new URL(request.url, target);
  const fields = request.method === 'GET' ? url.searchParams : new URLSearchParams(request.body);
  bends.request?.(url.pathname, fields);
  const key = request.headers['x-api-key'];
  const response = await fetch(url, {
    method: request.method,
    headers: { ...(typeof key === 'string' && { 'x-api-key': key }) },
    ...(request.method === 'POST' && { body: fields }),
  });
  const came = {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
  const { status, contentType, text } = bends.answer?.(url.pathname, came, request) ?? came;
  return { status, headers: { 'content-type': contentType }, body: text };
}

/** Bends the data of good answers whose path has this end; they travel as bare JSON then. */
export function bendJson(path: string, bend: (json: Record<string, unknown>) => unknown): Bends {
  return {
    answer: (asked, answer) =>
      asked.endsWith(path) && answer.status < 300
        ? {
            status: answer.status,
            contentType: 'application/json; charset=utf-8',
            text: JSON.stringify(bend(unwrap(answer.text) as Record<string, unknown>)),
          }
        : answer,
  };
}

/** Bends each row of ZZap's lists of orders. */
export function bendRows(bend: (row: Record<string, unknown>, index: number) => unknown): Bends {
  return bendJson('/GetSellerOrdersV3', (json) => ({
    ...json,
    table: (json['table'] as Record<string, unknown>[]).map(bend),
  }));
}

/** The same value under another name. */
export function renamed(row: Record<string, unknown>, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name === from ? to : name, value]));
}

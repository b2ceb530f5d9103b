import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HANG_MS_MAX } from './assumptions';

/** What goes back on the wire, or does not. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The headers promise the whole body, half of it comes, the socket closes. */
  | { readonly kind: 'truncated'; readonly status: number; readonly body: string }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'never' };

export function jsonReply(status: number, body: unknown): Reply {
  return { kind: 'answer', status, contentType: 'application/json', body: JSON.stringify(body) };
}

export function statusOf(reply: Reply): number | null {
  return reply.kind === 'answer' || reply.kind === 'truncated' ? reply.status : null;
}

export async function sendReply(response: ServerResponse, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case 'answer':
      response.writeHead(reply.status, {
        'content-type': `${reply.contentType}; charset=utf-8`,
        ...reply.headers,
      });
      response.end(reply.body);
      return;
    case 'truncated': {
      const body = Buffer.from(reply.body);
      response.writeHead(reply.status, { 'content-type': 'application/json', 'content-length': body.length });
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
      return;
    }
    case 'dropped':
      response.destroy();
      return;
    case 'never': {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      await sleep(HANG_MS_MAX, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
      response.destroy();
    }
  }
}

import type { ServerResponse } from 'node:http';

export interface HttpAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** How an answer travels. `never`: the caller waits until it gives up. */
export type Delivery =
  | { way: 'whole' | 'cut'; answer: HttpAnswer }
  | { way: 'late' | 'drip'; answer: HttpAnswer; delayMs: number }
  | { way: 'never' | 'reset' };

const DRIP_PIECES = 20;

export function deliver(response: ServerResponse, delivery: Delivery): void {
  switch (delivery.way) {
    case 'never':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'whole':
      start(response, delivery.answer).end(delivery.answer.text);
      return;
    case 'late':
      setTimeout(() => start(response, delivery.answer).end(delivery.answer.text), delivery.delayMs).unref();
      return;
    case 'cut':
      sendHalf(response, delivery.answer);
      return;
    case 'drip':
      sendInPieces(response, delivery.answer, delivery.delayMs);
  }
}

const start = (response: ServerResponse, { status, contentType, text }: HttpAnswer): ServerResponse =>
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'private, max-age=0',
  });

/** The promised length never arrives: the connection is closed after half of the body. */
function sendHalf(response: ServerResponse, answer: HttpAnswer): void {
  const bytes = Buffer.from(answer.text);
  start(response, answer).write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

function sendInPieces(response: ServerResponse, answer: HttpAnswer, delayMs: number): void {
  const bytes = Buffer.from(answer.text);
  const pieceLength = Math.max(1, Math.ceil(bytes.length / DRIP_PIECES));
  start(response, answer);
  let sent = 0;
  const timer = setInterval(() => {
    if (response.destroyed) {
      clearInterval(timer);
      return;
    }
    response.write(bytes.subarray(sent, sent + pieceLength));
    sent += pieceLength;
    if (sent < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, delayMs / DRIP_PIECES);
  timer.unref();
}

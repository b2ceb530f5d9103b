import { createHash } from 'node:crypto';
import { latestVersion, type SandboxOrder } from './orders';

/** Tells a seller's site about its new orders, one form POST each. Nobody waits for it and nothing is repeated. */
export interface OrderPush {
  announce(orders: readonly SandboxOrder[], url: string): void;
  close(): void;
}

const TIMEOUT_MS = 5_000;
/** What more waits than this is forgotten, as a busy service might. */
const WAITING_LIMIT = 20_000;

export function createOrderPush(): OrderPush {
  const closing = new AbortController();
  const waiting: { order: SandboxOrder; url: string }[] = [];
  let sending = false;

  const sendAll = async (): Promise<void> => {
    sending = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await send(next.order, next.url, closing.signal);
    sending = false;
  };

  return {
    announce(orders, url) {
      for (const order of orders) if (waiting.length < WAITING_LIMIT) waiting.push({ order, url });
      if (!sending) void sendAll();
    },
    close() {
      waiting.length = 0;
      closing.abort();
    },
  };
}

async function send(order: SandboxOrder, url: string, closing: AbortSignal): Promise<void> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(pushedFields(order)),
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
  } catch {
    // Fire and forget: the module's next poll finds the order anyway.
  }
}

/** The fields a public module receives from ZZap. Encoding, method and the hash are assumed. */
function pushedFields(order: SandboxOrder): Record<string, string> {
  const { row } = latestVersion(order);
  const text = (field: string): string => {
    const value = row[field];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const buyer = text('client_email') || text('client_phone') || text('client_name');
  return {
    client_name: text('client_name'),
    client_email: text('client_email'),
    client_phone: text('client_phone'),
    client_id_hash: createHash('md5').update(buyer.toLowerCase()).digest('hex'),
    comment: text('comment'),
    code_order: String(order.code),
    class_man: text('class_man'),
    partnumber: text('partnumber'),
    class_cat: text('class_cat'),
    qty_order: text('qty_order'),
    price: text('priceV2'),
    file_name: text('class_template'),
  };
}

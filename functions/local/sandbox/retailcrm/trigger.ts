import type { Account } from './account';
import { TRIGGER_TIMEOUT_MS } from './assumptions';
import type { StatusChange } from './order-saves';
import type { Order } from './order';
import type { Trigger } from './settings';

export interface TriggerResult {
  readonly atMs: number;
  readonly orderId: number;
  readonly method: string;
  readonly url: string;
  /** What was sent, after the templates were filled in. */
  readonly parameters: Readonly<Record<string, string>>;
  /** null = no answer. */
  readonly status: number | null;
  readonly error?: string;
  readonly durationMs: number;
}

const RESULTS_MAX = 50;

/** The automation trigger "order changed → HTTP request". Fire and forget: no retry, no signature, no delivery id. */
export interface TriggerSender {
  onStatusChange(change: StatusChange): void;
  results(): readonly TriggerResult[];
  close(): void;
}

/** What a template can reach. `{{ order|json_encode }}` gives `{}` in the real product, so it does here. */
function valueOf(account: Account, order: Order, expression: string): string {
  const values: Readonly<Record<string, string | undefined>> = {
    'order.id': String(order.id),
    'order.externalId': order.externalId,
    'order.getExternalId()': order.externalId,
    'order.number': order.number,
    'order.status.code': order.status,
    'order.getStatus().getCode()': order.status,
    'order.status.name': account.dictionary('statuses')[order.status]?.name,
    'order.site.code': order.site,
    'order|json_encode': '{}',
  };
  return values[expression.replaceAll(' ', '')] ?? '';
}

function filledIn(account: Account, order: Order, trigger: Trigger): Record<string, string> {
  const fill = (template: string): string =>
    template.replaceAll(/\{\{(.*?)\}\}/g, (_, expression: string) => valueOf(account, order, expression));
  return Object.fromEntries(
    Object.entries(trigger.parameters).map(([name, template]) => [name, fill(template)]),
  );
}

interface Outgoing {
  readonly url: string;
  readonly init: RequestInit;
}

/** A GET has no body, so its parameters always travel in the query. */
function outgoing(trigger: Trigger, parameters: Readonly<Record<string, string>>): Outgoing {
  const { method, headers } = trigger;
  const encoded = new URLSearchParams(parameters).toString();
  if (trigger.format === 'query' || method === 'GET') {
    const url = new URL(trigger.url);
    url.search = [url.search.slice(1), encoded].filter((part) => part !== '').join('&');
    return { url: url.href, init: { method, headers } };
  }
  const json = trigger.format === 'json';
  const contentType = json ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    url: trigger.url,
    init: {
      method,
      headers: { 'content-type': contentType, ...headers },
      body: json ? JSON.stringify(parameters) : encoded,
    },
  };
}

export function createTriggerSender(account: Account): TriggerSender {
  const results: TriggerResult[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const closed = new AbortController();

  const send = async (trigger: Trigger, order: Order, parameters: Record<string, string>): Promise<void> => {
    const { url, init } = outgoing(trigger, parameters);
    const atMs = account.nowMs();
    const signal = AbortSignal.any([AbortSignal.timeout(TRIGGER_TIMEOUT_MS), closed.signal]);
    const outcome = await fetch(url, { ...init, redirect: 'manual', signal }).then(
      (response) => ({ status: response.status }),
      (error: unknown) => ({ status: null, error: error instanceof Error ? error.message : String(error) }),
    );
    const durationMs = account.nowMs() - atMs;
    results.unshift({
      atMs,
      orderId: order.id,
      method: trigger.method,
      url,
      parameters,
      ...outcome,
      durationMs,
    });
    results.splice(RESULTS_MAX);
  };

  const later = (trigger: Trigger, order: Order, parameters: Record<string, string>): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void send(trigger, order, parameters);
    }, trigger.delayMs);
    timers.add(timer);
  };

  return {
    onStatusChange({ order, actor }) {
      const { trigger } = account.settings();
      if (!trigger || (trigger.excludeApi && actor.source === 'api')) return;
      const parameters = filledIn(account, order, trigger);
      for (let copy = 0; copy < trigger.copies; copy += 1) later(trigger, order, parameters);
    },
    results: () => results,
    close() {
      closed.abort();
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}

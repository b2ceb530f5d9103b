import type { Clock } from '../ports/clock';
import type { HookedConnection, HookedConnections } from '../ports/hooked-connections';
import type { Lane } from '../ports/lane';
import type { Log } from '../ports/log';
import type { Secrets } from '../ports/secrets';
import type { HandleRequest } from './app';
import { readHintedOrder } from './hinted-orders';
import { readHookPath, type HookSystem } from './hook-paths';
import { languageOf } from './language';
import { HttpProblem, INTERNAL_PROBLEM, problemResponse } from './problem';
import { readText } from './read-json';
import { sameDigest } from './same-digest';

export interface HooksPorts {
  readonly hooked: HookedConnections;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly log: Log;
}

/** Longest body a hook takes. The longest real one, an order of ZZap as a form, has a few kilobytes. */
export const HOOK_BODY_BYTES_MAX = 64 * 1024;

const TRIGGERS = { retailcrm: 'crm-hint', zzap: 'zzap-hint' } as const;
const SECOND_MS = 1_000;

/**
 * Takes hints that something changed, of any method and content, and wakes the connection's lane; what changed is
 * read from the APIs. Whatever is wrong with an address is answered in the same way.
 */
export function createHooksApp(ports: HooksPorts): HandleRequest {
  return async (request) => {
    try {
      return await accept(ports, request);
    } catch (error) {
      const language = languageOf(request.headers.get('accept-language'));
      if (error instanceof HttpProblem) return problemResponse(error.facts, language);
      ports.log.error('hook.broken', {}, error);
      return problemResponse(INTERNAL_PROBLEM, language);
    }
  };
}

async function accept(ports: HooksPorts, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const hook = readHookPath(pathname);
  const connection = hook && (await findByHook(ports, hook));
  if (!connection) throw new HttpProblem({ status: 404, title: 'not-found', code: 'route-not-found' });
  const order = readHintedOrder(searchParams, await readBody(request));
  const woken = connection.state === 'active';
  if (woken) await wake(ports, connection, hook.system);
  const { connectionId, state } = connection;
  ports.log.info('hook.accepted', { connectionId, system: hook.system, state, woken, ...order });
  return new Response(JSON.stringify({ accepted: true }), {
    status: 202,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** An unknown connection is compared as well: with a digest that no secret has. */
async function findByHook(
  ports: HooksPorts,
  { connectionId, secret }: { readonly connectionId: string; readonly secret: string },
): Promise<HookedConnection | null> {
  const connection = await ports.hooked.find(connectionId);
  const isOurs = sameDigest(connection?.digest ?? '', ports.secrets.digest(secret));
  return isOurs && connection?.state !== 'removed' ? connection : null;
}

/** The hint counts even when its body breaks off. */
async function readBody(request: Request): Promise<string> {
  try {
    return await readText(request, HOOK_BODY_BYTES_MAX);
  } catch (error) {
    if (error instanceof HttpProblem) throw error;
    return '';
  }
}

/**
 * All hints of a second are one message. It stands for the last of them, so its reason arose at the second's end:
 * a run that read earlier has not answered it.
 */
function wake(
  ports: HooksPorts,
  { accountId, connectionId }: HookedConnection,
  system: HookSystem,
): Promise<void> {
  const trigger = TRIGGERS[system];
  const second = Math.floor(ports.clock.nowMs() / SECOND_MS);
  const atMs = (second + 1) * SECOND_MS - 1;
  return ports.lane.send({ accountId, connectionId, trigger, atMs }, `${connectionId}:${trigger}:${second}`);
}

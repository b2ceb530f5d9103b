import * as z from 'zod';
import type { LaneMessage } from '../domain/lane-message';
import { TRIGGERS } from '../domain/run-record';

const id = z.string().min(1);
const reason = { accountId: id, connectionId: id, trigger: z.literal(TRIGGERS), runId: id.exactOptional() };

/** Ours say when in milliseconds; a tick says it as Scheduler writes it. */
const schema = z.union([
  z.object({ ...reason, atMs: z.int().min(0) }),
  z
    .object({ ...reason, scheduledAt: z.iso.datetime({ offset: true }) })
    .transform(({ scheduledAt, ...rest }) => ({ ...rest, atMs: Date.parse(scheduledAt) })),
]);

/**
 * What the body of a queue message says; null when that is no message of ours. What it says besides is left out, so
 * that an older version reads what a newer one has sent.
 */
export function readLaneMessage(body: string): LaneMessage | null {
  const { success, data } = schema.safeParse(parsed(body));
  return success ? data : null;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

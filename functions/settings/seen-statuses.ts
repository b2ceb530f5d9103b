import type { SettingsPorts } from './settings-ports';

/** Statuses that orders really have, with the number of orders. */
export interface SeenStatuses {
  readonly seenCrmStatuses: ReadonlyMap<string, number>;
  readonly seenZzapStatuses: ReadonlyMap<number, number>;
}

/** A sample this large shows every status in use and costs one or two reads. */
export const SAMPLE_ORDERS_MAX = 500;

export async function countSeenStatuses(ports: SettingsPorts, connectionId: string): Promise<SeenStatuses> {
  const seenCrmStatuses = new Map<string, number>();
  const seenZzapStatuses = new Map<number, number>();
  let left = SAMPLE_ORDERS_MAX;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof ports.links.list>> = await ports.links.list(connectionId, {
      limit: left,
      newestFirst: true,
      ...(after !== null && { after }),
    });
    for (const { crmStatus, zzapStatus } of page.links) {
      if (crmStatus !== null) count(seenCrmStatuses, crmStatus);
      if (zzapStatus !== null) count(seenZzapStatuses, zzapStatus);
    }
    left -= page.links.length;
    after = page.next;
  } while (after !== null && left > 0);
  return { seenCrmStatuses, seenZzapStatuses };
}

function count<Code>(seen: Map<Code, number>, code: Code): void {
  seen.set(code, (seen.get(code) ?? 0) + 1);
}

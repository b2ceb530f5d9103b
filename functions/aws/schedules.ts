import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  UpdateScheduleCommand,
  type GetScheduleOutput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Clock } from '../ports/clock';
import type { Schedules } from '../ports/schedules';
import {
  isSameSchedule,
  toSchedule,
  toWake,
  type ScheduleTarget,
  type WantedSchedule,
} from './schedule-definition';

export interface EventBridgeSchedulesOptions extends ScheduleTarget {
  readonly client: SchedulerClient;
  readonly group: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** How often one of several that change a schedule at once looks again. */
const ROUNDS = 3;
/** What one request lists at most. */
const PAGE_SIZE = 100;
/** A time that is over when Scheduler reads it would never come. */
const SOON_MS = 5_000;

/** No connection's id has a dot. */
const WAKE_ENDING = '.wake';

/**
 * Schedules as EventBridge Scheduler has them, one group for all, each named after its connection. A tick out of
 * turn is a schedule of its own that goes with its tick.
 *
 * No client token is chosen here: the SDK makes one per call and keeps it when it repeats the call, so that a
 * creation whose answer was lost is told as done. One derived from the connection would outlive a removal, and the
 * next creation could be answered from memory.
 */
export function createEventBridgeSchedules(options: EventBridgeSchedulesOptions): Schedules {
  const { client, group: GroupName, clock } = options;

  async function find(Name: string): Promise<GetScheduleOutput | null> {
    return client.send(new GetScheduleCommand({ Name, GroupName })).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    });
  }

  /** False when it is as wanted already. */
  async function look(Name: string, wanted: WantedSchedule): Promise<boolean> {
    const standing = await find(Name);
    if (standing && isSameSchedule(standing, wanted)) return false;
    const input = { ...wanted, Name, GroupName };
    await (standing
      ? client.send(new UpdateScheduleCommand(input))
      : client.send(new CreateScheduleCommand(input)));
    return true;
  }

  async function settle(name: string, wanted: WantedSchedule): Promise<boolean> {
    for (let round = 1; ; round += 1) {
      try {
        return await look(name, wanted);
      } catch (error) {
        // Somebody made, changed or removed it between the look and the step.
        if (round === ROUNDS || !isOvertaken(error)) throw error;
      }
    }
  }

  async function removeOne(Name: string): Promise<void> {
    await client.send(new DeleteScheduleCommand({ Name, GroupName })).catch((error: unknown) => {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    });
  }

  return {
    ensure: (connectionId, accountId, intervalMinutes) =>
      settle(connectionId, toSchedule(options, accountId, connectionId, intervalMinutes)),
    async wakeAt(connectionId, accountId, atMs) {
      const dueMs = Math.max(atMs, clock.nowMs() + SOON_MS);
      await settle(`${connectionId}${WAKE_ENDING}`, toWake(options, accountId, connectionId, dueMs));
    },
    async remove(connectionId) {
      await removeOne(connectionId);
      await removeOne(`${connectionId}${WAKE_ENDING}`);
    },
    async list() {
      const names: string[] = [];
      for await (const page of paginateListSchedules({ client, pageSize: PAGE_SIZE }, { GroupName })) {
        for (const { Name = '' } of page.Schedules ?? []) if (!Name.endsWith(WAKE_ENDING)) names.push(Name);
      }
      return names;
    },
  };
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ConflictException || error instanceof ResourceNotFoundException;
}

import { isDeepStrictEqual } from 'node:util';
import { ACCOUNT, REGION, type Json } from './account';
import { checkName, readScheduleInput, type ScheduleInput } from './schedule-rules';
import { ServiceError } from './service-error';

export interface EmulatedSchedule extends Omit<ScheduleInput, 'ClientToken'> {
  readonly Name: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

export interface SchedulerRequest {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Json;
}

export interface SchedulerService {
  /** The operation that a request means, such as `CreateSchedule`. */
  operationOf(request: SchedulerRequest): string;
  handle(operation: string, request: SchedulerRequest): Json;
  createGroup(name: string): void;
  /** All of a group, by name. */
  schedules(group: string): readonly EmulatedSchedule[];
  remove(group: string, name: string): void;
}

const PAGE_SIZE = 100;

/**
 * REST-JSON. A client token makes a repeat be answered as the first one was; the same token with other contents is a
 * conflict.
 */
export function createSchedulerService(nowMs: () => number): SchedulerService {
  const groups = new Map<string, Map<string, EmulatedSchedule>>([['default', new Map()]]);
  const answered = new Map<string, { readonly request: unknown; readonly answer: Json }>();

  function groupOf(name: string): Map<string, EmulatedSchedule> {
    const group = groups.get(name);
    if (!group) throw notFound(`Schedule group ${name}`);
    return group;
  }

  function found(group: string, name: string): EmulatedSchedule {
    const schedule = groupOf(group).get(name);
    if (!schedule) throw notFound(`Schedule ${name}`);
    return schedule;
  }

  function once(operation: string, token: string, request: unknown, run: () => Json): Json {
    const key = `${operation} ${token}`;
    const first = answered.get(key);
    if (first && isDeepStrictEqual(first.request, request)) return first.answer;
    if (first) throw new ServiceError('ConflictException', 'The token was used for another request.', 409);
    const answer = run();
    answered.set(key, { request, answer });
    return answer;
  }

  function put(operation: string, name: string, body: Json): Json {
    checkName(name);
    const { ClientToken, ...wanted } = readScheduleInput(body);
    const group = groupOf(wanted.GroupName);
    return once(operation, ClientToken, { name, wanted }, () => {
      const standing = group.get(name);
      if (operation === 'CreateSchedule' && standing) {
        throw new ServiceError('ConflictException', `Schedule ${name} already exists.`, 409);
      }
      if (operation === 'UpdateSchedule' && !standing) throw notFound(`Schedule ${name}`);
      const createdAtMs = standing?.createdAtMs ?? nowMs();
      group.set(name, { ...wanted, Name: name, createdAtMs, changedAtMs: nowMs() });
      return { ScheduleArn: arnOf(wanted.GroupName, name) };
    });
  }

  function list({ query }: SchedulerRequest): Json {
    const group = query.get('ScheduleGroup') ?? 'default';
    const names = [...groupOf(group).keys()].sort();
    const after = query.get('NextToken') ?? '';
    const rest = names.filter((name) => name > after);
    const page = rest.slice(0, Number(query.get('MaxResults') ?? PAGE_SIZE));
    return {
      Schedules: page.map((Name) => ({ Name, GroupName: group, Arn: arnOf(group, Name) })),
      ...(page.length < rest.length && { NextToken: page.at(-1) }),
    };
  }

  const operations: Readonly<
    Record<string, (request: SchedulerRequest, name: string, group: string) => Json>
  > = {
    CreateSchedule: ({ body }, name) => put('CreateSchedule', name, body),
    UpdateSchedule: ({ body }, name) => put('UpdateSchedule', name, body),
    GetSchedule: (_, name, group) => toWire(found(group, name)),
    DeleteSchedule: ({ query }, name, group) =>
      once('DeleteSchedule', query.get('clientToken') ?? '', { name, group }, () => {
        found(group, name);
        groupOf(group).delete(name);
        return {};
      }),
    ListSchedules: (request) => list(request),
    CreateScheduleGroup(_, name) {
      groups.set(name, new Map());
      return { ScheduleGroupArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/${name}` };
    },
    DeleteScheduleGroup(_, name) {
      groupOf(name);
      groups.delete(name);
      return {};
    },
  };

  return {
    operationOf: ({ method, path: [kind, name] }) =>
      `${name === undefined ? 'List' : (VERBS[method] ?? method)}${kind === 'schedules' ? 'Schedule' : 'ScheduleGroup'}${name === undefined ? 's' : ''}`,
    handle(operation, request) {
      const run = operations[operation];
      if (!run) throw new ServiceError('UnknownOperationException', `${operation} is not emulated.`);
      return run(request, request.path[1] ?? '', request.query.get('groupName') ?? 'default');
    },
    createGroup: (name) => void groups.set(name, new Map()),
    schedules: (group) => [...groupOf(group).values()].sort((a, b) => (a.Name < b.Name ? -1 : 1)),
    remove: (group, name) => void groupOf(group).delete(name),
  };
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'Create',
  GET: 'Get',
  PUT: 'Update',
  DELETE: 'Delete',
};

function notFound(what: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `${what} does not exist.`, 404);
}

function arnOf(group: string, name: string): string {
  return `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/${name}`;
}

function toWire({ createdAtMs, changedAtMs, ...schedule }: EmulatedSchedule): Json {
  return {
    ...schedule,
    Arn: arnOf(schedule.GroupName, schedule.Name),
    CreationDate: createdAtMs / 1_000,
    LastModificationDate: changedAtMs / 1_000,
  };
}

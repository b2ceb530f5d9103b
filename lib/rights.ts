import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TABLES, type TableName } from '../functions/storage/table-definitions';
import type { EncryptionKey } from './constructs/encryption-key';
import type { Lane } from './constructs/lane';
import type { Schedules } from './constructs/schedules';
import type { Tables } from './constructs/tables';

/** What functions may do, one statement per purpose. Written out instead of CDK's grants, which give more. */

function indexArnsOf(tables: Tables, name: TableName): string[] {
  return Object.keys(TABLES[name].indexes).map((index) => `${tables.byName[name].tableArn}/index/${index}`);
}

/** Items of every table. No scan, and nothing that changes a table. A transaction needs the rights of its parts. */
export function useTables(tables: Tables): PolicyStatement[] {
  const names = Object.keys(TABLES) as TableName[];
  return [
    new PolicyStatement({
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      resources: names.map((name) => tables.byName[name].tableArn),
    }),
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: names.flatMap((name) => indexArnsOf(tables, name)),
    }),
  ];
}

/** Which connections there are and when each synchronised last. */
export function overlookConnections(tables: Tables): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [tables.byName.connections.tableArn, ...indexArnsOf(tables, 'connections')],
    }),
    new PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: [tables.byName.cursors.tableArn],
    }),
  ];
}

/**
 * Whether a hook's secret is the right one: of a connection these attributes only. Its sealed credentials stay out
 * of reach of the function that the whole internet may call.
 */
export function recogniseHooks(tables: Tables): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: indexArnsOf(tables, 'connections'),
      conditions: {
        'ForAllValues:StringEquals': {
          'dynamodb:Attributes': ['accountId', 'connectionId', 'state', 'hookSecret', 'hookSecret.digest'],
        },
        // Without it a request that names no attribute would get them all.
        StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
      },
    }),
  ];
}

export function knockOnLane(lane: Lane): PolicyStatement[] {
  return [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [lane.queue.queueArn] })];
}

export function openVault({ key }: EncryptionKey): PolicyStatement[] {
  return [new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] })];
}

/** Makes, changes and removes the schedules of connections, and hands their role to Scheduler and nobody else. */
export function keepSchedules({ scheduleArns, role }: Schedules): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:GetSchedule',
        'scheduler:UpdateSchedule',
      ],
      resources: [scheduleArns],
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  ];
}

/** AWS allows no resource here: a list may name the schedules of the account, but open and change none. */
export function listSchedules(): PolicyStatement[] {
  return [new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] })];
}
